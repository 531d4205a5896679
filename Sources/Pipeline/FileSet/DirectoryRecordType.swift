import DICOMModel

/// Directory Record Types (0004,1430) of instances (PS3.3 F.4), and what their records hold (PS3.3 F.5).
///
/// Types of objects that belong to no patient are left out, since such objects are never released, and ANNOTATION, which
/// makes readers fail that are older than it.
package enum DirectoryRecordType: String, CaseIterable {
    case image = "IMAGE"
    case rtDose = "RT DOSE"
    case rtStructureSet = "RT STRUCTURE SET"
    case rtPlan = "RT PLAN"
    case rtTreatmentRecord = "RT TREAT RECORD"
    case radiotherapy = "RADIOTHERAPY"
    case presentation = "PRESENTATION"
    case waveform = "WAVEFORM"
    case srDocument = "SR DOCUMENT"
    case keyObjectDocument = "KEY OBJECT DOC"
    case spectroscopy = "SPECTROSCOPY"
    case rawData = "RAW DATA"
    case registration = "REGISTRATION"
    case fiducial = "FIDUCIAL"
    case encapsulatedDocument = "ENCAP DOC"
    case valueMap = "VALUE MAP"
    case stereometric = "STEREOMETRIC"
    case measurement = "MEASUREMENT"
    case surface = "SURFACE"
    case surfaceScan = "SURFACE SCAN"
    case tract = "TRACT"
    case assessment = "ASSESSMENT"
    case plan = "PLAN"

    /// Nil for what the standard has no record for.
    ///
    /// - Parameter hasPixels: what is no other type but has pixels is an image.
    package init?(sopClassUID: String, hasPixels: Bool) {
        let root = "1.2.840.10008.5.1.4."
        let name = sopClassUID.hasPrefix(root) ? sopClassUID.dropFirst(root.count) : ""
        if let type = Self.classes[String(name)] ?? Self.families.first(where: { name.hasPrefix($0.prefix) })?.type {
            self = type
        } else if hasPixels {
            self = .image
        } else if name.hasPrefix("1.1.481.") {
            // The second generation of radiotherapy objects: intents, annotations, radiations.
            self = .radiotherapy
        } else {
            return nil
        }
    }

    /// Below 1.2.840.10008.5.1.4.
    private static let classes: [String: DirectoryRecordType] = [
        "1.1.4.2": .spectroscopy,
        "1.1.66": .rawData, "1.1.66.1": .registration, "1.1.66.2": .fiducial, "1.1.66.3": .registration,
        "1.1.66.5": .surface, "1.1.66.6": .tract, "1.1.67": .valueMap, "1.1.68.1": .surfaceScan,
        "1.1.68.2": .surfaceScan, "1.1.77.1.5.3": .stereometric,
        "1.1.78.1": .measurement, "1.1.78.2": .measurement, "1.1.78.3": .measurement, "1.1.78.4": .measurement,
        "1.1.78.5": .measurement, "1.1.78.6": .srDocument, "1.1.78.7": .measurement, "1.1.78.8": .measurement,
        "1.1.79.1": .srDocument, "1.1.80.1": .measurement, "1.1.88.59": .keyObjectDocument, "1.1.90.1": .assessment,
        "1.1.131": .presentation, "1.1.200.1": .plan, "1.1.200.3": .plan,
        "1.1.481.2": .rtDose, "1.1.481.3": .rtStructureSet, "1.1.481.4": .rtTreatmentRecord, "1.1.481.5": .rtPlan,
        "1.1.481.6": .rtTreatmentRecord, "1.1.481.7": .rtTreatmentRecord, "1.1.481.8": .rtPlan,
        "1.1.481.9": .rtTreatmentRecord, "34.7": .plan, "34.10": .plan,
    ]

    private static let families: [(prefix: String, type: DirectoryRecordType)] = [
        ("1.1.9.", .waveform), ("1.1.11.", .presentation), ("1.1.88.", .srDocument),
        ("1.1.104.", .encapsulatedDocument),
    ]

    /// What a record holds besides its keys of group 0004 (PS3.3 F.5.4 and following).
    var attributes: [DirectoryAttribute] {
        switch self {
        case .image: [.instanceNumber]
        case .rtDose: [.instanceNumber, .one(0x3004, 0x000A)]
        case .rtStructureSet:
            [.instanceNumber, .one(0x3006, 0x0002), .two(0x3006, 0x0008), .two(0x3006, 0x0009)]
        case .rtPlan: [.instanceNumber, .one(0x300A, 0x0002), .two(0x300A, 0x0006), .two(0x300A, 0x0007)]
        case .rtTreatmentRecord: [.instanceNumber, .two(0x3008, 0x0250), .two(0x3008, 0x0251)]
        case .radiotherapy:
            [.instanceNumber, .ifPresent(0x3010, 0x0033), .ifPresent(0x3010, 0x0034)] + Self.describedContent
        case .presentation:
            [.one(0x0070, 0x0082), .one(0x0070, 0x0083), .instanceNumber, .one(0x0070, 0x0080)] + Self.describedContent
                + [.ifPresent(0x0008, 0x1115), .ifPresent(0x0070, 0x0402)]
        case .waveform, .rawData: Self.datedContent
        case .srDocument:
            Self.datedContent + [
                .one(0x0040, 0xA491), .one(0x0040, 0xA493), .verificationDateTime, .one(0x0040, 0xA043),
                .conceptModifiers,
            ]
        case .keyObjectDocument: Self.datedContent + [.one(0x0040, 0xA043), .conceptModifiers]
        case .spectroscopy:
            Self.datedContent + [
                .one(0x0008, 0x0008), .ifPresent(0x0008, 0x9092), .one(0x0028, 0x0008), .one(0x0028, 0x0010),
                .one(0x0028, 0x0011), .one(0x0028, 0x9001), .one(0x0028, 0x9002),
            ]
        case .registration, .fiducial, .valueMap, .measurement, .surface, .tract:
            Self.datedContent + [.one(0x0070, 0x0080)] + Self.describedContent
        case .encapsulatedDocument:
            [
                .two(0x0008, 0x0023), .two(0x0008, 0x0033), .instanceNumber, .two(0x0042, 0x0010),
                .ifPresent(0x0040, 0xE001), .two(0x0040, 0xA043), .one(0x0042, 0x0012),
            ]
        case .surfaceScan: [.one(0x0008, 0x0023), .one(0x0008, 0x0033)]
        case .assessment: [.instanceNumber, .one(0x0008, 0x0012), .two(0x0008, 0x0013)]
        case .stereometric, .plan: []
        }
    }

    /// Instance Number, Content Date and Time.
    private static let datedContent: [DirectoryAttribute] = [
        .instanceNumber, .one(0x0008, 0x0023), .one(0x0008, 0x0033),
    ]
    /// Content Description and Content Creator's Name.
    private static let describedContent: [DirectoryAttribute] = [.two(0x0070, 0x0081), .two(0x0070, 0x0084)]
}

/// An Attribute of a directory record, and how much of it there must be.
struct DirectoryAttribute: Hashable, Sendable {
    enum Need: Hashable, Sendable {
        /// Type 1: a value, made up where the object has none.
        case value
        /// Type 2.
        case presence
        /// Type 1C: where the object has it.
        case ifPresent
        /// Of Content Sequence, only what modifies the document's title (PS3.3 F.5).
        case conceptModifiers
        /// The latest in the items of Verifying Observer Sequence, where there is one.
        case latestVerification
    }

    let tag: Tag
    let need: Need

    static func one(_ group: UInt16, _ element: UInt16) -> Self { Self(tag: Tag(group, element), need: .value) }
    static func two(_ group: UInt16, _ element: UInt16) -> Self { Self(tag: Tag(group, element), need: .presence) }
    static func ifPresent(_ group: UInt16, _ element: UInt16) -> Self {
        Self(tag: Tag(group, element), need: .ifPresent)
    }

    static let instanceNumber = Self(tag: .instanceNumber, need: .value)
    static let verificationDateTime = Self(tag: Tag(0x0040, 0xA030), need: .latestVerification)
    static let conceptModifiers = Self(tag: .contentSequence, need: .conceptModifiers)

    /// PS3.3 F.5.1 to F.5.3.
    static let patient: [Self] = [.two(0x0010, 0x0010), .one(0x0010, 0x0020)]
    static let study: [Self] = [
        .one(0x0008, 0x0020), .one(0x0008, 0x0030), .two(0x0008, 0x0050), .two(0x0008, 0x1030), .one(0x0020, 0x000D),
        .one(0x0020, 0x0010),
    ]
    static let series: [Self] = [.one(0x0008, 0x0060), .one(0x0020, 0x000E), .one(0x0020, 0x0011)]
}
