import DICOMModel

/// What kinds SOP Classes stand for (PS3.4 table B.5-1).
enum SOPClassKinds {
    private static let storage = "1.2.840.10008.5.1.4.1.1."

    /// The kind that a class settles by itself; nil for pictures and for classes that are not known.
    static func kind(_ uid: UID?) -> SeriesKind? {
        guard let uid else { return nil }
        if uid.value == "1.2.840.10008.1.3.10" { return .directory }
        if uid.value.hasPrefix("1.2.840.10008.5.1.4.39.") || uid.value.hasPrefix("1.2.840.10008.5.1.4.38.")
            || uid.value.hasPrefix("1.2.840.10008.5.1.4.43.") || uid.value.hasPrefix("1.2.840.10008.5.1.4.44.")
            || uid.value.hasPrefix("1.2.840.10008.5.1.4.45.")
        {
            return .otherNonImage
        }
        guard let suffix = suffix(uid) else { return nil }
        if let kind = exact[suffix] { return kind }
        let family = suffix.prefix { $0 != "." }
        return families[String(family)]
    }

    private static func suffix(_ uid: UID) -> String? {
        uid.value.hasPrefix(storage) ? String(uid.value.dropFirst(storage.count)) : nil
    }

    private static let families: [String: SeriesKind] = [
        "88": .structuredReport, "104": .encapsulatedDocument, "11": .presentationState, "9": .waveform, "481": .rt,
        "66": .otherNonImage, "67": .otherNonImage, "68": .otherNonImage, "78": .otherNonImage, "79": .otherNonImage,
        "80": .otherNonImage, "90": .otherNonImage, "91": .otherNonImage,
        "200": .otherNonImage, "201": .otherNonImage, "10": .otherNonImage, "8": .otherNonImage,
    ]

    private static let exact: [String: SeriesKind] = [
        "66": .rawData, "66.4": .segmentation, "66.5": .segmentation, "66.7": .segmentation, "66.8": .segmentation,
    ]

    /// X-Ray, Enhanced X-Ray, radiopharmaceutical and patient dose reports.
    static func isRadiationDoseReport(_ uid: UID?) -> Bool {
        guard let uid, let suffix = suffix(uid) else { return false }
        return ["88.67", "88.68", "88.73", "88.74", "88.75", "88.76"].contains(suffix)
    }

    static func isSecondaryCapture(_ uid: UID?) -> Bool {
        guard let uid, let suffix = suffix(uid) else { return false }
        return ["7", "7.1", "7.2", "7.3", "7.4"].contains(suffix)
    }

    static func isUltrasound(_ uid: UID?) -> Bool {
        guard let uid, let suffix = suffix(uid) else { return false }
        return ["3", "3.1", "6", "6.1", "6.2", "6.3"].contains(suffix)
    }

    /// Video endoscopic, microscopic, photographic.
    static func isVideo(_ uid: UID?) -> Bool {
        guard let uid, let suffix = suffix(uid) else { return false }
        return ["77.1.1.1", "77.1.2.1", "77.1.4.1"].contains(suffix)
    }
}
