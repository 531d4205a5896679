import DICOMModel

/// Beyond E.1-1: what is done with Attributes that Table E.1-1 doesn't list. The profile would keep them all.
///
/// | What | Done | Why |
/// |---|---|---|
/// | Attributes of `byTag` | as there | free text, order numbers, network addresses that the table misses; what is encrypted |
/// | Attributes of `descriptors` | as there, cleaned with Clean Descriptors | labels, descriptions, comments that it misses |
/// | group 60xx | removed whole | an overlay plane without its data (row 60xx,3000) is invalid, its labels are free text |
/// | Variable Pixel Data, and coefficients beside Pixel Data | removed | retired pictures that no viewer shows |
/// | groups 0000, 0002, 0004 in a Data Set | removed | messages and directories; the profile demands it of 0004 |
/// | Group Length, Length to End | removed | retired, and wrong after any change |
/// | standard tags that the dictionary doesn't know, VRs that the standard doesn't | removed | not understood |
/// | PN | dummy | a name of a person, whoever it is |
/// | DA, DT, TM, AS | dummy | the profile retains no date (PS3.15 E.3.6) |
/// | UI | mapped as U | unless it names a class, a coding scheme or something registered by the standard |
/// | UR | removed | addresses of servers, often with UIDs in them; Coding Scheme URL and URN Code Value stay |
/// | Referenced Series and Studies Sequence of an image | removed with the last reference | invalid without one |
/// | IS, DS with letters | emptied | text in a number |
/// | AE, CS with characters that these don't have | dummy, of several codes for each that is none | may be a text |
/// | class UIDs that are no UIDs | mapped as U | may be a text |
/// | a Specific Character Set that nobody knows | removed | may be a text, and tells nothing |
/// | text where the dictionary has a binary VR | removed | not what it should be |
/// | a sequence whose content isn't items, fragments of anything but Pixel Data | removed | can't be looked into |
///
/// What options would keep goes as the Basic Profile has it where it isn't what its VR allows.
enum AdditionalRules {
    /// What is done with Attributes that the table doesn't list but that hold text about a person or a request.
    static let byTag: [Tag: DeidentificationAction] = [
        Tag(0x0008, 0x0001): .remove,  // Length to End
        Tag(0x0008, 0x0051): .remove,  // Issuer of Accession Number Sequence: names the hospital
        Tag(0x0010, 0x0024): .remove,  // Issuer of Patient ID Qualifiers Sequence
        Tag(0x0010, 0x0033): .remove,  // Patient's Birth Date in Alternative Calendar
        Tag(0x0010, 0x0034): .remove,  // Patient's Death Date in Alternative Calendar
        Tag(0x0010, 0x0035): .remove,  // Patient's Alternative Calendar, which there is only with these
        Tag(0x0010, 0x2295): .remove,  // Breed Registration Number
        .deidentificationMethod: .remove,  // of an earlier de-identifier: free text
        Tag(0x0018, 0x1003): .remove,  // Device ID
        Tag(0x0018, 0x1006): .remove,  // Grid ID
        Tag(0x0018, 0x1803): .remove,  // NTP Source Address
        Tag(0x0018, 0x7006): .remove,  // Detector Description
        Tag(0x0024, 0x0044): .remove,  // Comments on Patient's Performance of Visual Field
        Tag(0x0040, 0x0026): .remove,  // Order Placer Identifier Sequence
        Tag(0x0040, 0x0027): .remove,  // Order Filler Identifier Sequence
        Tag(0x0040, 0x0031): .dummy,  // Local Namespace Entity ID: who assigned an identifier
        Tag(0x0040, 0x0032): .dummy,  // Universal Entity ID
        Tag(0x0040, 0x0400): .remove,  // Comments on the Scheduled Procedure Step
        Tag(0x0040, 0x1006): .remove,  // Placer Order Number / Procedure
        Tag(0x0040, 0x1007): .remove,  // Filler Order Number / Procedure
        Tag(0x0040, 0x1060): .remove,  // Requested Procedure Description (Trial)
        Tag(0x0040, 0x2006): .remove,  // Placer Order Number / Imaging Service Request (Retired)
        Tag(0x0040, 0x2007): .remove,  // Filler Order Number / Imaging Service Request (Retired)
        Tag(0x0040, 0x0553): .remove,  // Specimen Description (Trial)
        .textValue: .dummy,  // what an SR says in words, met also outside Content Sequence
        Tag(0x0040, 0xA224): .remove,  // Identification Description (Trial)
        Tag(0x0040, 0xA33A): .remove,  // Report Status Comment (Trial)
        Tag(0x0040, 0xA992): .remove,  // Uniform Resource Locator (Trial)
        Tag(0x0040, 0xE001): .dummy,  // HL7 Instance Identifier
        Tag(0x0042, 0x0010): .empty,  // Document Title, Type 2
        Tag(0x0044, 0x0011): .remove,  // Substance Administration Notes
        Tag(0x0044, 0x0012): .remove,  // Substance Administration Device ID
        Tag(0x0062, 0x0020): .dummy,  // Tracking ID, Type 1C
        Tag(0x0066, 0x0004): .remove,  // Surface Comments
        Tag(0x0070, 0x0081): .dummy,  // Content Description, Type 1 or 2
        Tag(0x0074, 0x1006): .remove,  // Procedure Step Progress Description
        Tag(0x0074, 0x100C): .remove,  // Contact Display Name
        Tag(0x0074, 0x1238): .remove,  // Reason for Cancellation
        Tag(0x0088, 0x0130): .remove,  // Storage Media File-set ID
        Tag(0x0100, 0x0424): .remove,  // SOP Authorization Comment
        encryptedAttributes: .remove,  // what an earlier de-identifier hid: nobody here can look into it
        encryptedContent: .remove,  // the same outside its sequence
        Tag(0x0400, 0x0510): .remove,  // Encrypted Content Transfer Syntax UID
        Tag(0x2100, 0x0160): .remove,  // Owner ID
        Tag(0x3002, 0x0020): .empty,  // Radiation Machine Name, Type 2; Treatment Machine Name is in the table
        Tag(0x3004, 0x0006): .remove,  // Dose Comment
        Tag(0x3008, 0x0066): .remove,  // Override Reason
        Tag(0x3008, 0x0202): .remove,  // Treatment Status Comment
        Tag(0x300A, 0x0402): .remove,  // Setup Image Comment
        macParameters: .remove,  // there only for signatures
    ]

    /// Labels, descriptions and comments, as the table treats others: what is done without the Clean Descriptors Option. A
    /// dummy where some IOD wants a value (Type 1 or 1C), which is valid in the others as well.
    static let descriptors: [Tag: DeidentificationAction] = [
        Tag(0x0018, 0x003A): .remove,  // Intervention Description
        Tag(0x0018, 0x991A): .remove,  // Instruction Performance Comment
        Tag(0x0020, 0x9453): .remove,  // Frame Label
        Tag(0x0022, 0x112C): .dummy,  // Calculation Comment
        Tag(0x0028, 0x7007): .dummy,  // System Status Comment
        Tag(0x0040, 0x0255): .empty,  // Performed Procedure Type Description, Type 2
        Tag(0x0044, 0x0106): .remove,  // Assertion Comments
        Tag(0x0062, 0x0005): .dummy,  // Segment Label, Type 1
        Tag(0x0062, 0x0006): .remove,  // Segment Description
        Tag(0x2000, 0x0050): .remove,  // Film Session Label
        Tag(0x3002, 0x0002): .dummy,  // RT Image Label, Type 1
        Tag(0x3002, 0x0003): .remove,  // RT Image Name
        Tag(0x3002, 0x0004): .remove,  // RT Image Description
        Tag(0x3006, 0x00C8): .remove,  // Frame of Reference Transformation Comment
        Tag(0x300A, 0x00C2): .dummy,  // Beam Name, Type 1 of ion beams
        Tag(0x300A, 0x0730): .dummy,  // Treatment Termination Description
    ]

    /// Encrypted Attributes Sequence.
    static let encryptedAttributes = Tag(0x0400, 0x0500)
    /// Encrypted Content.
    static let encryptedContent = Tag(0x0400, 0x0520)
    /// MAC Parameters Sequence.
    static let macParameters = Tag(0x4FFE, 0x0001)

    /// Whole groups that don't belong in a Data Set.
    static func isForeignGroup(_ tag: Tag) -> Bool {
        tag.group == 0x0000 || tag.group == 0x0002 || tag.group == 0x0004
    }

    /// Whole groups of which nothing stays: those, planes and curves, retired pictures.
    static func isRemovedGroup(_ tag: Tag) -> Bool {
        isForeignGroup(tag) || tag.isOverlay || tag.isCurve || tag.isRetiredPicture
    }

    /// UI Attributes that name a class, a way of encoding or a coding scheme and never an instance or a patient.
    static let classUIDs: Set<Tag> = [
        .sopClassUID, Tag(0x0008, 0x001A), Tag(0x0008, 0x001B), Tag(0x0008, 0x0062), Tag(0x0008, 0x010C),
        Tag(0x0008, 0x0117), Tag(0x0008, 0x0118), .referencedSOPClassUID, Tag(0x0008, 0x115A), Tag(0x0008, 0x3002),
        Tag(0x0034, 0x0003), Tag(0x0400, 0x0010), Tag(0x0400, 0x0510), Tag(0x3010, 0x0052), Tag(0x3010, 0x0053),
    ]

    /// UR Attributes that point at a vocabulary.
    static let vocabularyURLs: Set<Tag> = [Tag(0x0008, 0x010E), Tag(0x0008, 0x0120), Tag(0x0068, 0x7005)]

    /// What the VR of an Attribute without a row asks for; nil to keep it.
    static func action(forVR vr: VR, tag: Tag) -> DeidentificationAction? {
        switch vr {
        case .pn, .da, .dt, .tm, .as: .dummy
        case .ui: classUIDs.contains(tag) ? nil : .newUID
        case .ur: vocabularyURLs.contains(tag) ? nil : .remove
        default: vr.isKnown ? nil : .remove
        }
    }

    /// What becomes of an Attribute that would stay, where its value is none that its VR allows.
    static func action(forInvalid vr: VR, tag: Tag) -> DeidentificationAction {
        switch vr {
        case .is, .ds: .empty
        case .ui: .newUID
        case .ae, .cs: tag == .specificCharacterSet ? .remove : .dummy
        default: .remove
        }
    }
}
