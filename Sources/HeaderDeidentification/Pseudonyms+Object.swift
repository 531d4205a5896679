public import DICOMFile
import DICOMModel

extension Pseudonyms {
    /// What Patient ID and Patient's Name become; nil where the object is about no patient, as a colour palette.
    public func patient(of dataSet: DataSet) -> String? {
        if let id = dataSet.string(.patientID) {
            return patient(patientID: id, issuer: dataSet.string(.issuerOfPatientID))
        }
        let subjects: [Tag] = [.patientName, .patientID, .studyInstanceUID]
        guard subjects.contains(where: dataSet.contains) else { return nil }
        let study = dataSet.string(.studyInstanceUID) ?? dataSet.string(.sopInstanceUID) ?? ""
        return patient(
            name: dataSet.string(.patientName) ?? "", birthDate: dataSet.string(.patientBirthDate) ?? "",
            studyInstanceUID: UID(study))
    }
}
