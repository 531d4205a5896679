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
