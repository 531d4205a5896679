import DICOMModel

/// Attributes that objects of at least some IOD must have at root level (PS3.3, Types 1 and 2), so that assigning one makes
/// nothing stray.
enum ExpectedAttributes {
    static func contains(_ tag: Tag) -> Bool {
        identifying.contains(tag) || common.contains(tag) || markers.contains(tag) || AttributeTypeTable.isExpected(tag)
    }

    /// Without these an object is none.
    static let identifying: Set<Tag> = [.sopClassUID, .sopInstanceUID, .studyInstanceUID, .seriesInstanceUID]

    /// Of the Patient, General Study, General Series, General Equipment, General Image and SOP Common Modules.
    private static let common: Set<Tag> = [
        .patientName, .patientID, .patientBirthDate, Tag(0x0010, 0x0040), .studyDate, .studyTime,
        .accessionNumber, Tag(0x0008, 0x0090), .studyID, .modality, .seriesNumber,
        .instanceNumber, .manufacturer, .imageType, Tag(0x0020, 0x0052), Tag(0x0020, 0x1040),
        Tag(0x0020, 0x0060), Tag(0x0018, 0x5100), Tag(0x0020, 0x0020), .specificCharacterSet,
    ]

    /// What a de-identifier adds (PS3.15 E.1.1, PS3.3 C.7.1.1, C.12.1), and Clinical Trial Modules, where XNAT's labels go.
    private static let markers: Set<Tag> = [
        .patientIdentityRemoved, .deidentificationMethod, .deidentificationMethodCodeSequence, .burnedInAnnotation,
        .longitudinalTemporalInformationModified, Tag(0x0012, 0x0010), Tag(0x0012, 0x0020), Tag(0x0012, 0x0021),
        Tag(0x0012, 0x0030), Tag(0x0012, 0x0031), Tag(0x0012, 0x0040), Tag(0x0012, 0x0042), Tag(0x0012, 0x0050),
        // XNAT finds project, subject and session by these (XNAT documentation, How XNAT scans DICOM).
        Tag(0x0008, 0x1030), Tag(0x0010, 0x4000), Tag(0x0032, 0x4000),
    ]
}
