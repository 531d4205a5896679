import DICOMFile
import DICOMModel

/// Gathers what identifies from an original object, at every level, private elements included.
struct IdentifierCollection {
    private(set) var identifiers: Set<OriginalIdentifier> = []
    /// What options keep somewhere: finding it elsewhere proves nothing.
    private var retained: Set<OriginalIdentifier> = []
    /// The character sets that names and texts of the object are in.
    private(set) var characterSets: Set<SpecificCharacterSet> = []
    private let profile: DeidentificationProfile
    /// DA, and the days of DT, `yyyyMMdd`; only where dates are moved.
    private var days: Set<String> = []
    private let shift: TemporalShift?
    /// What was taken in: a Study's date stands in every header several times.
    private var known: Set<Source> = []

    private struct Source: Hashable {
        enum Form: Hashable {
            case name, time, temporal, clock
            case value(IdentifierKind)
        }

        let form: Form
        let text: String
        let isPatient: Bool
        let isKept: Bool
    }

    /// - Parameter shift: by what its dates are moved.
    init(_ object: DICOMObject, profile: DeidentificationProfile, shift: TemporalShift? = nil) {
        self.profile = profile
        self.shift = shift
        object.fileMeta.walk { _, element, dataSet in collect(element, in: dataSet) }
        var last: SpecificCharacterSet?
        object.dataSet.walk { _, element, dataSet in
            if last != dataSet.characterSet {
                characterSets.insert(dataSet.characterSet)
                last = dataSet.characterSet
            }
            collect(element, in: dataSet)
        }
        retained.formUnion(meetingDates())
        guard !retained.isEmpty else { return }
        let texts = Set(retained.map { Key(kind: $0.kind, text: $0.text) })
        identifiers = identifiers.filter { !texts.contains(Key(kind: $0.kind, text: $0.text)) }
    }

    /// Dates on which another of the object's dates comes to lie: there they prove nothing.
    private func meetingDates() -> [OriginalIdentifier] {
        guard let shift else { return [] }
        return days.compactMap { shift.shifted(date: $0) }.filter(days.contains).flatMap(OriginalIdentifier.temporal)
    }

    private struct Key: Hashable {
        let kind: IdentifierKind
        let text: String
    }

    private mutating func collect(_ element: DataElement, in dataSet: DataSet) {
        guard case .bytes(let value) = element.value, !value.isEmpty, value.count <= 1 << 16 else { return }
        switch dataSet.effectiveVR(element) {
        case .pn:
            for name in dataSet.strings(element) { insert(.name, name, of: element, dataSet) }
        case .tm:
            for text in dataSet.strings(element) { insert(.time, text, of: element, dataSet) }
        case .da, .dt:
            for text in dataSet.strings(element) {
                insert(.temporal, text, of: element, dataSet)
                insert(.clock, text, of: element, dataSet)
            }
        case .ui:
            collectUIDs(element, in: dataSet)
        case .lo, .sh, .ae, .lt, .st, .ut, .uc, .cs:
            guard let kind = Self.kind(of: element.tag) else { return }
            // What is left of a description is what may be left of it.
            guard profile.action(for: element.tag) != .clean || element.tag != Self.labelText else { return }
            for text in dataSet.strings(element) {
                let text = String(text.drop { $0 == " " })
                insert(.value(kind), text, of: element, dataSet)
                if kind == .personName { insert(.name, text, of: element, dataSet) }
            }
        default: break
        }
    }

    private mutating func insert(_ form: Source.Form, _ text: String, of element: DataElement, _ dataSet: DataSet) {
        // Whole days are what modified dates are moved by, so that the time in a DT stays as it is.
        let isKeptTime = form == .clock && profile.temporalInformation == .modified
        let source = Source(
            form: form, text: text, isPatient: Self.isPatient(element.tag),
            isKept: isKeptTime || isKept(element.tag) || isKeptContent(element.tag, dataSet))
        guard known.insert(source).inserted else { return }
        if form == .temporal, shift != nil { days.insert(String(text.prefix(8))) }
        let found =
            switch form {
            case .name: OriginalIdentifier.personName(text)
            case .time: OriginalIdentifier.time(text)
            case .temporal: OriginalIdentifier.temporal(text)
            case .clock: OriginalIdentifier.clock(text.dropFirst(8))
            case .value(let kind): OriginalIdentifier.value(text, kind: kind)
            }
        insert(found, isPatient: source.isPatient, isKept: source.isKept)
    }

    private mutating func insert(_ found: [OriginalIdentifier], isPatient: Bool, isKept: Bool) {
        guard !isKept else { return retained.formUnion(found) }
        for identifier in found {
            var identifier = identifier
            identifier.isPatient = isPatient
            identifiers.insert(identifier)
        }
    }

    /// Private elements are not known to be of anybody else.
    private static func isPatient(_ tag: Tag) -> Bool { tag.group == 0x0010 || tag.isPrivate }

    private mutating func collectUIDs(_ element: DataElement, in dataSet: DataSet) {
        guard !AdditionalRules.classUIDs.contains(element.tag), !Self.fileMetaClassUIDs.contains(element.tag) else {
            return
        }
        for text in dataSet.strings(element) {
            let uid = UID(text)
            guard !uid.isWellKnown, uid.value.utf8.count >= 6 else { continue }
            let identifier = OriginalIdentifier(kind: .uid, text: uid.value, isWeak: uid.value.utf8.count < 10)
            insert(
                [identifier], isPatient: Self.isPatient(element.tag),
                isKept: isKept(element.tag) || isKeptContent(element.tag, dataSet))
        }
    }

    private func isKept(_ tag: Tag) -> Bool {
        if let action = profile.action(for: tag), !tag.isPrivate { return action == .keep || isTimeOfDay(tag) }
        let options = profile.options
        return switch DataDictionary.standardVR(tag) {
        case .da, .tm, .dt: options.contains(.retainLongitudinalFullDates) || isTimeOfDay(tag)
        case .ui: options.contains(.retainUIDs)
        default: false
        }
    }

    /// A value of a content item whose concept says that it stays.
    private func isKeptContent(_ tag: Tag, _ item: DataSet) -> Bool {
        guard tag.group == 0x0040, profile.options.contains(.cleanStructuredContent),
            item.contains(.valueType)
        else { return false }
        return (0xA120...0xA124).contains(tag.element) && ContentRule(item, profile: profile).action == .keep
    }

    /// Dates that are moved by whole days leave the times as they are.
    private func isTimeOfDay(_ tag: Tag) -> Bool {
        profile.temporalInformation == .modified && DataDictionary.standardVR(tag) == .tm
            && (profile.action(for: tag) ?? .clean) == .clean
    }

    private static let fileMetaClassUIDs: Set<Tag> = [
        .mediaStorageSOPClassUID, .transferSyntaxUID, .implementationClassUID,
    ]

    /// Whether an Attribute's text is an identifier or an address; nil for descriptions and all else.
    static func kind(of tag: Tag) -> IdentifierKind? {
        kinds[tag.rawValue] ?? fileMetaKinds[tag]
    }

    private static let labelText = Tag(0x2200, 0x0002)

    private static let fileMetaKinds: [Tag: IdentifierKind] = [
        Tag(0x0002, 0x0016): .address, Tag(0x0002, 0x0017): .address, Tag(0x0002, 0x0018): .address,
    ]

    /// By the keywords of the rows of Table E.1-1, so that a new row is not forgotten.
    private static let kinds: [UInt32: IdentifierKind] = {
        let addresses = [
            "Address", "Telephone", "Institution", "Station", "Residence", "Location", "AETitle", "Telecom", "Hospital",
            "Organization", "BirthPlace",
        ]
        let identifiers = [
            "Identifier", "Number", "Insurance", "IDs", "OtherPatientNames", "PhysicianOfRecord",
            "MedicalRecordLocator", "BarcodeValue", "LabelText", "IDIssuer",
        ]
        let names = ["TopicAuthor", "CameraOwnerName"]
        var kinds: [UInt32: IdentifierKind] = [:]
        for tag in ConfidentialityProfileTable.tags {
            guard let keyword = DataDictionary.keyword(tag) else { continue }
            if addresses.contains(where: { keyword.contains($0) }) {
                kinds[tag.rawValue] = .address
            } else if names.contains(keyword) {
                kinds[tag.rawValue] = .personName
            } else if keyword.hasSuffix("ID") || identifiers.contains(where: { keyword.contains($0) }) {
                kinds[tag.rawValue] = .identifier
            }
        }
        return kinds
    }()
}
