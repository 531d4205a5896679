/// What kind of instance a header says it is; the raw value is stable and stands in reports and policies.
public enum SeriesKind: String, Hashable, Sendable, Codable, CaseIterable {
    /// Of no special kind: an acquired or computed picture.
    case image
    /// A picture of dose figures, with the patient's name and ids.
    case dosePage = "dose-page"
    /// A picture of the scan protocol.
    case patientProtocol = "patient-protocol"
    case examSummary = "exam-summary"
    /// What stood on a workstation's screen.
    case screenCapture = "screen-capture"
    /// Secondary Capture of another sort.
    case secondaryCapture = "secondary-capture"
    case scannedDocument = "scanned-document"
    case ultrasound
    case structuredReport = "structured-report"
    case encapsulatedDocument = "encapsulated-document"
    case video
    case presentationState = "presentation-state"
    case waveform
    /// Radiotherapy objects.
    case rt
    case segmentation
    /// Captures of fused series, PET over CT.
    case fusion
    /// DICOMDIR.
    case directory
    case rawData = "raw-data"
    case otherNonImage = "other-non-image"
}
