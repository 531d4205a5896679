public import DICOMModel

/// The Basic Application Level Confidentiality Profile with the options that are chosen (PS3.15 E.2, E.3).
///
/// For now it can only be had without options.
public struct DeidentificationProfile: Hashable, Sendable {
    public let options: Set<ProfileOption>

    package init(options: Set<ProfileOption>) {
        self.options = options
    }

    public static let basic = DeidentificationProfile(options: [])

    /// The edition of PS3.15 whose Table E.1-1 is used.
    public static var edition: String { ConfidentialityProfileRows.edition }

    /// What Table E.1-1 says about `tag`, options included, not yet resolved by Type; nil where it has no row.
    ///
    /// The rows for odd groups, (50xx,xxxx), (60xx,3000) and (60xx,4000) are included.
    public func action(for tag: Tag) -> DeidentificationAction? {
        if tag.isPrivate || tag.isCurve { return .remove }
        if tag.isOverlay { return tag.element == 0x3000 || tag.element == 0x4000 ? .remove : nil }
        guard let row = ConfidentialityProfileTable.row(tag) else { return nil }
        // Keep wins over clean: the options are chosen to retain.
        var action = row.action
        for option in options {
            guard let other = row.options[option] else { continue }
            if other == .keep { return .keep }
            action = other
        }
        return action
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

/// The options of Table E.1-1 (PS3.15 E.3), those on pixels excepted.
public enum ProfileOption: Character, Hashable, Sendable, CaseIterable {
    case retainSafePrivate = "p"
    case retainUIDs = "u"
    case retainDeviceIdentity = "d"
    case retainInstitutionIdentity = "i"
    case retainPatientCharacteristics = "c"
    case retainLongitudinalFullDates = "f"
    case retainLongitudinalModifiedDates = "m"
    case cleanDescriptors = "s"
    case cleanStructuredContent = "t"
    case cleanGraphics = "g"

    public var code: DeidentificationCode {
        switch self {
        case .retainSafePrivate: .retainSafePrivate
        case .retainUIDs: .retainUIDs
        case .retainDeviceIdentity: .retainDeviceIdentity
        case .retainInstitutionIdentity: .retainInstitutionIdentity
        case .retainPatientCharacteristics: .retainPatientCharacteristics
        case .retainLongitudinalFullDates: .retainLongitudinalFullDates
        case .retainLongitudinalModifiedDates: .retainLongitudinalModifiedDates
        case .cleanDescriptors: .cleanDescriptors
        case .cleanStructuredContent: .cleanStructuredContent
        case .cleanGraphics: .cleanGraphics
        }
    }
}

/// CID 7050, De-identification Method (PS3.16), coding scheme DCM.
public enum DeidentificationCode: String, Hashable, Sendable, CaseIterable {
    case basicProfile = "113100"
    case cleanPixelData = "113101"
    case cleanRecognizableVisualFeatures = "113102"
    case cleanGraphics = "113103"
    case cleanStructuredContent = "113104"
    case cleanDescriptors = "113105"
    case retainLongitudinalFullDates = "113106"
    case retainLongitudinalModifiedDates = "113107"
    case retainPatientCharacteristics = "113108"
    case retainDeviceIdentity = "113109"
    case retainUIDs = "113110"
    case retainSafePrivate = "113111"
    case retainInstitutionIdentity = "113112"

    /// The code meaning of PS3.16, at most 64 characters.
    public var meaning: String {
        switch self {
        case .basicProfile: "Basic Application Confidentiality Profile"
        case .cleanPixelData: "Clean Pixel Data Option"
        case .cleanRecognizableVisualFeatures: "Clean Recognizable Visual Features Option"
        case .cleanGraphics: "Clean Graphics Option"
        case .cleanStructuredContent: "Clean Structured Content Option"
        case .cleanDescriptors: "Clean Descriptors Option"
        case .retainLongitudinalFullDates: "Retain Longitudinal Temporal Information Full Dates Option"
        case .retainLongitudinalModifiedDates: "Retain Longitudinal Temporal Information Modified Dates Option"
        case .retainPatientCharacteristics: "Retain Patient Characteristics Option"
        case .retainDeviceIdentity: "Retain Device Identity Option"
        case .retainUIDs: "Retain UIDs Option"
        case .retainSafePrivate: "Retain Safe Private Option"
        case .retainInstitutionIdentity: "Retain Institution Identity Option"
        }
    }

    /// Whether an earlier de-identifier's claim of it still holds after this one: what was cleaned stays cleaned, what
    /// was retained is not, and pixels are not believed to be clean.
    var survives: Bool {
        switch self {
        case .basicProfile, .cleanRecognizableVisualFeatures, .cleanGraphics, .cleanStructuredContent,
            .cleanDescriptors:
            true
        default: false
        }
    }
}
