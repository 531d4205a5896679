public import DICOMFile
import DICOMModel

/// What one Study was called before and after: the way back, for the trusted side alone.
///
/// It never prints itself. It is `Codable` for the way from a worker to its parent and for the sealed table; nothing else
/// may encode it.
public struct LinkRecord: Hashable, Sendable, Codable {
    public let patientID: String
    public let issuerOfPatientID: String
    public let patientName: String
    public let birthDate: String
    public let accessionNumber: String
    public let studyDate: String
    public let studyInstanceUID: String
    /// In place of Patient ID: a pseudonym, by which the released folder is called.
    public let pseudonym: String
    /// The cohort list's or the run's; empty without.
    public let project: String
    /// As they stand in the released object.
    public let newPatientID: String
    public let newPatientName: String
    public let newAccessionNumber: String
    public let newStudyInstanceUID: String

    /// The column names of the table, in the order of `values`.
    public static let columns = [
        "Patient ID", "Issuer of Patient ID", "Patient's Name", "Patient's Birth Date", "Accession Number",
        "Study Date",
        "Study Instance UID", "Pseudonym", "Project", "New Patient ID", "New Patient's Name", "New Accession Number",
        "New Study Instance UID",
    ]

    public var values: [String] {
        [
            patientID, issuerOfPatientID, patientName, birthDate, accessionNumber, studyDate, studyInstanceUID,
            pseudonym,
            project, newPatientID, newPatientName, newAccessionNumber, newStudyInstanceUID,
        ]
    }

    /// Whether it names neither a patient nor a study.
    public var saysNothing: Bool { values.prefix(7).allSatisfy(\.isEmpty) }

    /// - Parameters:
    ///   - original: the Data Set as it came in.
    ///   - result: the same after de-identification by `plan`.
    public init(original: DataSet, result: DataSet, plan: HeaderPlan) {
        func before(_ tag: Tag) -> String { original.string(tag) ?? "" }
        func after(_ tag: Tag) -> String { result.string(tag) ?? "" }
        patientID = before(.patientID)
        issuerOfPatientID = before(.issuerOfPatientID)
        patientName = before(.patientName)
        birthDate = before(.patientBirthDate)
        accessionNumber = before(.accessionNumber)
        studyDate = before(.studyDate)
        studyInstanceUID = before(.studyInstanceUID)
        pseudonym = plan.pseudonyms.patient(of: original) ?? ""
        project = plan.labels(of: original).project ?? ""
        newPatientID = after(.patientID)
        newPatientName = after(.patientName)
        newAccessionNumber = after(.accessionNumber)
        newStudyInstanceUID = after(.studyInstanceUID)
    }
}

extension LinkRecord: CustomStringConvertible, CustomReflectable {
    public var description: String { "‹redacted›" }
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
