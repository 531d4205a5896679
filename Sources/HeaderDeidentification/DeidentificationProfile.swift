public import DICOMModel

/// The Basic Application Level Confidentiality Profile with the options that are chosen (PS3.15 E.2, E.3).
public struct DeidentificationProfile: Hashable, Sendable, Codable {
    public let options: Set<ProfileOption>
    /// How many days dates may be moved by, with Retain Longitudinal Temporal Information Modified Dates.
    public let dateShiftDays: ClosedRange<Int>

    /// A month to three years back: no date comes to lie in the future.
    public static let defaultDateShiftDays = -1095 ... -30

    /// - Throws: `HeaderDeidentificationError` `.contradictoryOptions` where full and modified dates are both to be
    ///   retained, or no day but 0 is left to move dates by.
    public init(
        options: Set<ProfileOption>, dateShiftDays: ClosedRange<Int> = DeidentificationProfile.defaultDateShiftDays
    ) throws {
        if options.isSuperset(of: [.retainLongitudinalFullDates, .retainLongitudinalModifiedDates]) {
            throw HeaderDeidentificationError(
                .contradictoryOptions, "dates can be retained in full or modified, not both",
                hint: "choose one of retain-longitudinal-full-dates and retain-longitudinal-modified-dates")
        }
        guard dateShiftDays != 0...0 else {
            throw HeaderDeidentificationError(.contradictoryOptions, "a date shift of 0 days modifies nothing")
        }
        self.options = options
        self.dateShiftDays = dateShiftDays
    }

    /// For looking at the table only: options that contradict each other are not refused.
    init(unchecked options: Set<ProfileOption>) {
        self.options = options
        dateShiftDays = Self.defaultDateShiftDays
    }

    public static let basic = DeidentificationProfile(unchecked: [])

    /// The edition of PS3.15 whose Table E.1-1 is used.
    public static var edition: String { ConfidentialityProfileRows.edition }

    /// What Table E.1-1 says about `tag`, options included, not yet resolved by Type; nil where it has no row.
    ///
    /// The rows for odd groups, (50xx,xxxx), (60xx,3000) and (60xx,4000) are included. Curves are removed with Clean
    /// Graphics as well, and Overlay Planes unless somebody has looked at what their bits draw.
    public func action(for tag: Tag) -> DeidentificationAction? {
        if tag.isPrivate { return options.contains(.retainSafePrivate) ? .clean : .remove }
        if tag.isCurve { return .remove }
        if tag.isOverlay { return tag.element == 0x3000 || tag.element == 0x4000 ? .remove : nil }
        return ConfidentialityProfileTable.row(tag).map { action($0.action, $0.options) }
    }

    /// What a row asks for: keep wins over clean, since options are chosen to retain; but a date that is to be modified
    /// is, even where another option would keep it.
    func action(
        _ basic: DeidentificationAction, _ columns: [ProfileOption: DeidentificationAction]
    ) -> DeidentificationAction {
        var action = basic
        for (option, other) in columns where options.contains(option) {
            if option == .retainLongitudinalModifiedDates { return other }
            if action != .keep { action = other }
        }
        return action
    }

    /// Whether Overlay Planes may stay that were looked at and found clear of text (PS3.15 E.3.3).
    public var keepsClearOverlays: Bool { options.contains(.cleanGraphics) }

    /// What becomes of dates and times.
    public var temporalInformation: TemporalInformation {
        if options.contains(.retainLongitudinalFullDates) { return .unmodified }
        return options.contains(.retainLongitudinalModifiedDates) ? .modified : .removed
    }

    /// Whether some option needs free text to be cleaned.
    var cleansText: Bool {
        let cleaning: [ProfileOption] = [
            .cleanDescriptors, .cleanStructuredContent, .cleanGraphics, .retainPatientCharacteristics,
            .retainSafePrivate,
        ]
        return cleaning.contains(where: options.contains)
    }

    /// Codes of (0012,0064), in the order of CID 7050.
    ///
    /// - Parameter cleanPixelData: whether the option of PS3.15 E.3.1 was carried out and checked.
    public func codes(cleanPixelData: Bool) -> [DeidentificationCode] {
        DeidentificationCode.allCases.filter { code in
            switch code {
            case .basicProfile: true
            case .cleanPixelData: cleanPixelData
            default: options.contains { $0.code == code }
            }
        }
    }
}

/// Longitudinal Temporal Information Modified (0028,0303): what was done with dates and times (PS3.3 C.12.1).
public enum TemporalInformation: String, Hashable, Sendable, CaseIterable {
    case removed = "REMOVED"
    case modified = "MODIFIED"
    case unmodified = "UNMODIFIED"
}
