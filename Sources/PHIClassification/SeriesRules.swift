public import DICOMModel

/// The kind of an instance and why.
public struct SeriesClassification: Hashable, Sendable {
    public var kind: SeriesKind
    /// The kind's own code, unless it is `image`, then the signs that led to it.
    public var reasons: [ReasonCode]

    public init(kind: SeriesKind, reasons: [ReasonCode]) {
        self.kind = kind
        self.reasons = reasons
    }
}

/// Tells dose pages, protocols, captures and objects without pictures from images, by structural signs of the header.
///
/// A header value adds suspicion and never takes it away: Burned In Annotation = NO is not looked at. Descriptions, in
/// several languages, add to the signs and are never needed.
public enum SeriesRules {
    /// - Returns: the kind; `reasons` holds only codes of `Reasons.all`.
    public static func classify(_ signs: SeriesSigns) -> SeriesClassification {
        var result = kind(signs)
        if result.kind != .image { result.reasons.insert(ReasonCode(rawValue: result.kind.rawValue), at: 0) }
        if upper(signs.burnedInAnnotation) == "YES" { result.reasons.append("burned-in-annotation-yes") }
        return result
    }

    private static func kind(_ signs: SeriesSigns) -> SeriesClassification {
        if isVideo(signs) { return SeriesClassification(kind: .video, reasons: []) }
        if let kind = SOPClassKinds.kind(signs.sopClassUID) ?? modalityKind(signs) {
            let isDoseReport = kind == .structuredReport && SOPClassKinds.isRadiationDoseReport(signs.sopClassUID)
            return SeriesClassification(kind: kind, reasons: isDoseReport ? ["radiation-dose-report"] : [])
        }
        if !signs.hasPixelData { return SeriesClassification(kind: .otherNonImage, reasons: []) }
        if let page = PageRules.classify(signs) { return page }
        if SOPClassKinds.isUltrasound(signs.sopClassUID) || ["US", "IVUS"].contains(upper(signs.modality)) {
            return SeriesClassification(kind: .ultrasound, reasons: [])
        }
        return capture(signs)
    }

    private static func capture(_ signs: SeriesSigns) -> SeriesClassification {
        var reasons: [ReasonCode] = []
        let conversion = upper(signs.conversionType)
        let isSecondaryCapture = SOPClassKinds.isSecondaryCapture(signs.sopClassUID)
        if signs.hasSecondaryCaptureAttributes { reasons.append("sign-secondary-capture-attributes") }
        if isSecondaryCapture { reasons.append("sign-sop-class") }
        if conversion == "SD" || upper(signs.modality) == "DOC" {
            return SeriesClassification(kind: .scannedDocument, reasons: reasons + ["sign-conversion-type"])
        }
        if isConverted(conversion) { reasons.append("sign-conversion-type") }
        // Some modalities write a Conversion Type into what they acquired.
        let isAcquired = signs.imageType.first.map(upper) == "ORIGINAL" && !signs.hasSecondaryCaptureAttributes
        guard isSecondaryCapture || (!reasons.isEmpty && !isAcquired) else {
            return SeriesClassification(kind: .image, reasons: reasons)
        }
        return SeriesClassification(kind: .secondaryCapture, reasons: reasons)
    }

    /// Digitised film, video and images (PS3.3 C.8.6.1); workstations (WSD) are those that make most screen captures.
    private static func isConverted(_ conversion: String) -> Bool {
        ["DV", "DI", "DF", "WSD", "SI", "DRW"].contains(conversion)
    }

    /// MPEG-2, MPEG-4 and HEVC streams, SMPTE ST 2110 (PS3.5 section 10).
    private static func isVideo(_ signs: SeriesSigns) -> Bool {
        let prefix = "1.2.840.10008.1.2.4.10"
        if let syntax = signs.transferSyntaxUID?.value, syntax.utf8.count >= prefix.utf8.count + 1,
            syntax.hasPrefix(prefix)
        {
            return true
        }
        if signs.transferSyntaxUID?.value.hasPrefix("1.2.840.10008.1.2.7.") == true { return true }
        return SOPClassKinds.isVideo(signs.sopClassUID)
    }

    /// Where the SOP Class is missing or not known.
    private static func modalityKind(_ signs: SeriesSigns) -> SeriesKind? {
        guard signs.sopClassUID?.isStandard != true || signs.sopClassUID?.value.isEmpty == true else { return nil }
        switch upper(signs.modality) {
        case "SR", "KO": return .structuredReport
        case "PR": return .presentationState
        case "SEG": return .segmentation
        case "RTSTRUCT", "RTPLAN", "RTDOSE", "RTIMAGE", "RTRECORD": return .rt
        case "ECG", "HD", "EPS": return signs.hasPixelData ? nil : .waveform
        case "DOC": return signs.hasPixelData ? nil : .encapsulatedDocument
        default: return nil
        }
    }

    static func upper(_ text: String?) -> String {
        guard let text else { return "" }
        return trimmed(text).uppercased()
    }

    static func trimmed(_ text: String) -> String {
        let isPadding: (Character) -> Bool = { $0.isWhitespace || $0 == "\0" }
        return String(text.drop(while: isPadding).reversed().drop(while: isPadding).reversed())
    }
}
