public import DICOMFile
public import DICOMModel
import PHIClassification

/// An original identifier that is still in a result. It tells where, never what.
public struct Residual: Hashable, Sendable, CustomStringConvertible {
    public enum Place: Hashable, Sendable, CustomStringConvertible {
        case preamble
        case fileMeta(Tag)
        case dataSet(ElementPath)
        /// After the Data Set.
        case trailingBytes

        public var description: String {
            switch self {
            case .preamble: "preamble"
            case .fileMeta(let tag): tag.description
            case .dataSet(let path): path.description
            case .trailingBytes: "trailing bytes"
            }
        }
    }

    public let kind: IdentifierKind
    public let place: Place
    public let vr: VR?
    /// Whether the object must not be released. Short and common words are reported without blocking, except where only
    /// a person could have written them: in names and free text.
    public let isBlocking: Bool

    /// Whether it is among the samples of the object, rather than in its header.
    public var isInPixels: Bool {
        guard case .dataSet(let path) = place else { return false }
        return path.sequences.isEmpty && Tag.pixelDataKinds.contains(path.tag)
    }

    /// Without the numbers of items: `person-name (0018,1030) LO`.
    package var briefly: String {
        let whereabouts =
            if case .dataSet(let path) = place {
                (path.sequences.map(\.tag) + [path.tag]).map(\.description).joined(separator: "/")
            } else {
                place.description.replacing(" ", with: "-")
            }
        return [kind.rawValue, whereabouts, vr?.description].compactMap { $0 }.joined(separator: " ")
    }

    public var description: String {
        "\(kind.rawValue) in \(place)\(vr.map { " \($0)" } ?? "")\(isBlocking ? "" : ", weak")"
    }
}

/// Looks for every identifier of an original object in every byte of a result: names by their parts, ids, addresses, dates
/// and times in the usual forms, UIDs; as ASCII, UTF-8, UTF-16, in the object's character sets and in others of the same
/// script. In Pixel Data, where bytes are samples, only what is eight bytes long or more counts.
///
/// It knows nothing of the rules by which the result was made, and so can prove them wrong.
public struct ResidualSweep: Sendable {
    private let patterns: PatternSet
    private let identifiers: [OriginalIdentifier]
    /// Nil where the profile was applied, which leaves none.
    private let unchanged: UnchangedIdentifiers?

    /// - Parameters:
    ///   - profile: what its options retain is not looked for.
    ///   - isScriptOnly: whether scripts have done the profile's work, so that an Attribute that identifies may be as it was.
    ///   - plan: by which dates are moved.
    public init(
        original: DICOMObject, profile: DeidentificationProfile = .basic, isScriptOnly: Bool = false,
        plan: HeaderPlan? = nil
    ) {
        unchanged = isScriptOnly ? UnchangedIdentifiers(original) : nil
        let collection = IdentifierCollection(
            original, profile: profile, shift: plan?.shift(of: original.dataSet, profile))
        identifiers = Array(collection.identifiers)
        var patterns = PatternSet()
        var foreign = ForeignEncodings()
        for (index, identifier) in identifiers.enumerated() {
            Self.add(
                identifier, index: index, characterSets: collection.characterSets, &foreign, to: &patterns)
        }
        self.patterns = patterns
    }

    /// Reads a written file afresh and looks through it.
    ///
    /// - Throws: `DICOMFileError` where the file can't be read; it must then not be released.
    public func residuals(in source: any ByteSource) throws -> [Residual] {
        try residuals(in: DICOMObject.read(source))
    }

    /// Looks through an object in memory.
    public func residuals(in object: DICOMObject) throws -> [Residual] {
        var found: Set<Residual> = []
        search(object.preamble ?? [], vr: nil, place: .preamble, &found)
        try object.fileMeta.walk { path, element, dataSet in
            try search(element, in: dataSet, place: .fileMeta(path.tag), &found)
        }
        try object.dataSet.walk { path, element, dataSet in
            if path.sequences.isEmpty, Tag.pixelDataKinds.contains(path.tag) {
                try searchPixels(element, place: .dataSet(path), &found)
            } else {
                try search(element, in: dataSet, at: path, &found)
            }
        }
        if let trailing = object.trailingBytes {
            search(try trailing.load(), vr: nil, place: .trailingBytes, &found)
        }
        return found.sorted { $0.description < $1.description }
    }

    /// What the machine is, from its maker: manufacturer, model, software.
    private static let equipment: Set<Tag> = [
        .manufacturer, .manufacturerModelName, .secondaryCaptureDeviceManufacturer,
        .secondaryCaptureDeviceManufacturerModelName, .secondaryCaptureDeviceSoftwareVersions, Tag(0x0018, 0x1020),
    ]

    // MARK: - Search

    /// Shorter ones turn up among samples by chance, or by the rules of a codec.
    private static let shortestAmongSamples = 8
    /// Bytes of a binary value in which four letters are hardly there by chance.
    private static let shortBytes = 1 << 16
    private static let chunk = 1 << 20
    /// Bytes of a chunk that are looked at again with the next one: more than any identifier has.
    private static let overlap = 4096

    private func searchPixels(_ element: DataElement, place: Residual.Place, _ found: inout Set<Residual>) throws {
        switch element.value {
        case .items: break
        case .fragments(let encapsulated):
            for fragment in encapsulated.fragments { try searchPixels(fragment, vr: element.vr, place, &found) }
        case .bytes(let value): try searchPixels(value, vr: element.vr, place, &found)
        }
    }

    private func searchPixels(
        _ value: ValueBytes, vr: VR, _ place: Residual.Place, _ found: inout Set<Residual>
    ) throws {
        for start in stride(from: 0, to: value.count, by: Self.chunk) {
            let bytes = try value.load(start..<min(start + Self.chunk + Self.overlap, value.count))
            patterns.search(bytes) { pattern in
                let identifier = identifiers[pattern.identifier]
                guard pattern.tellingCount >= Self.shortestAmongSamples, !identifier.isWeak else { return }
                found.insert(Residual(kind: identifier.kind, place: place, vr: vr, isBlocking: true))
            }
        }
    }

    private func search(
        _ element: DataElement, in dataSet: DataSet, at path: ElementPath, _ found: inout Set<Residual>
    ) throws {
        let place = Residual.Place.dataSet(path)
        var here: Set<Residual> = []
        try search(element, in: dataSet, place: place, &here)
        switch unchanged?.content(at: path, element, in: dataSet) {
        case .identifier(let kind):
            here = [Residual(kind: kind, place: place, vr: dataSet.effectiveVR(element), isBlocking: true)]
        case .comment:
            // Whoever is named in it, by however short or common a word.
            here = Set(here.map { Residual(kind: $0.kind, place: place, vr: $0.vr, isBlocking: true) })
        case nil: break
        }
        found.formUnion(here)
    }

    private func search(
        _ element: DataElement, in dataSet: DataSet, place: Residual.Place, _ found: inout Set<Residual>
    ) throws {
        let vr = dataSet.effectiveVR(element)
        switch element.value {
        case .items: break
        case .fragments(let encapsulated):
            for fragment in encapsulated.fragments {
                search(try fragment.load(), vr: .ob, place: place, &found)
            }
        case .bytes(let value):
            let bytes = try value.load()
            if Self.isOwnMarker(element, in: dataSet) { return }
            let isEquipment =
                Self.equipment.contains(element.tag) || (element.tag == .textValue && ContentRule.isMaker(dataSet))
            search(bytes, vr: vr, place: place, isEquipment: isEquipment, &found)
            // As read by a person: escape sequences and multi-byte character sets are followed.
            if vr.usesSpecificCharacterSet, bytes.contains(where: { $0 >= 0x80 || $0 == 0x1B }),
                let text = dataSet.text(element)
            {
                for form in TextFolding.spellings(of: text).union([text.lowercased()]) {
                    search(Array(form.utf8), vr: vr, place: place, isEquipment: isEquipment, &found)
                }
            }
        }
    }

    /// A text that every file written here carries, word for word: `Clean Pixel Data Option` is no trace of a patient
    /// called Pixel.
    private static func isOwnMarker(_ element: DataElement, in dataSet: DataSet) -> Bool {
        guard element.tag == .deidentificationMethod || element.tag == .codeMeaning else { return false }
        let texts = dataSet.strings(element)
        return !texts.isEmpty && texts.allSatisfy(DeidentificationMarkers.texts.contains)
    }

    private func search(
        _ bytes: [UInt8], vr: VR?, place: Residual.Place, isEquipment: Bool = false, _ found: inout Set<Residual>
    ) {
        patterns.search(bytes) { pattern in
            let identifier = identifiers[pattern.identifier]
            found.insert(
                Residual(
                    kind: identifier.kind, place: place, vr: vr,
                    isBlocking: Self.isBlocking(
                        identifier, length: pattern.tellingCount, among: bytes.count, vr: vr, isEquipment: isEquipment))
            )
        }
    }

    private static func isBlocking(
        _ identifier: OriginalIdentifier, length: Int, among count: Int, vr: VR?, isEquipment: Bool
    ) -> Bool {
        // Stations and operators are often called after the machine: a name there proves something only if it is the
        // patient's.
        if isEquipment, !identifier.isPatient,
            [.personName, .address, .identifier].contains(identifier.kind)
        {
            return false
        }
        switch vr {
        case .pn: return !identifier.isWeak || (identifier.kind == .personName && !CommonWords.isTitle(identifier.text))
        case .lt, .st, .ut:
            // Two letters are a word of any language.
            return !identifier.isWeak || (identifier.kind == .personName && identifier.text.count >= 3)
        case .tm, .dt: return !identifier.isWeak || identifier.kind == .time
        case .is, .ds:
            // A number that equals an id is a number, unless it is a long one.
            return !identifier.isWeak && (length >= 8 || identifier.kind == .personName)
        case nil: return !identifier.isWeak
        case .some(let vr) where vr.isText: return !identifier.isWeak
        default:
            // Any four letters turn up by chance once in some hundred megabytes of random bytes.
            return !identifier.isWeak && length >= (count <= shortBytes ? 4 : 6)
        }
    }

    // MARK: - Patterns

    private static func add(
        _ identifier: OriginalIdentifier, index: Int, characterSets: Set<SpecificCharacterSet>,
        _ foreign: inout ForeignEncodings, to patterns: inout PatternSet
    ) {
        let text = identifier.text
        let isASCII = text.utf8.allSatisfy { $0 < 0x80 }
        // Many scripts have no blanks between words, and of other letters' bytes one can't tell what they are.
        let edge = isASCII ? edge(of: identifier) : .any
        // Folding is of ASCII only; other letters are looked for in both cases.
        for form in isASCII ? [text] : Array(Set([text, text.lowercased(), text.uppercased()])) {
            patterns.add(form.utf8, identifier: index, edge: edge)
            patterns.add(UTF16Bytes(form, isBigEndian: false), identifier: index, edge: edge, unit: 2)
            patterns.add(UTF16Bytes(form, isBigEndian: true), identifier: index, edge: edge, unit: 2)
            guard !isASCII else { continue }
            for characterSet in characterSets {
                guard let bytes = characterSet.encode(form) else { continue }
                let plain = withoutEscapes(bytes)
                if plain.count >= 4 { patterns.add(plain, identifier: index, edge: .any) }
            }
            // With escape sequences: without them those of seven bits are plain ASCII.
            for bytes in foreign.encoded(form) where bytes.count >= 4 {
                patterns.add(bytes, identifier: index, edge: .any)
            }
        }
    }

    private static func edge(of identifier: OriginalIdentifier) -> PatternSet.Edge {
        switch identifier.kind {
        // A long part of a name is found inside of words as well: JohnsonM.
        case .personName where identifier.text.utf8.count == 2: .letterOrDigit
        case .personName where identifier.isWeak || identifier.text.utf8.count < 5: .letter
        case .personName: identifier.text.utf8.count >= 7 && !identifier.text.contains(" ") ? .any : .name
        case .identifier, .address:
            identifier.text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? .number : .letterOrDigit
        case .date: .date
        case .time: .time
        case .uid: .number
        }
    }

    /// Without the escape sequences of ISO/IEC 2022, which stand elsewhere in a longer text.
    private static func withoutEscapes(_ bytes: [UInt8]) -> [UInt8] {
        var plain: [UInt8] = []
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            guard byte == 0x1B else {
                plain.append(byte)
                continue
            }
            // ESC, intermediate bytes 20-2F, one final byte.
            while let next = rest.first, (0x20...0x2F).contains(next) { rest.removeFirst() }
            rest = rest.dropFirst()
        }
        return plain
    }
}

/// A text in UTF-16, byte by byte.
private struct UTF16Bytes: Sequence, IteratorProtocol {
    private var units: String.UTF16View.Iterator
    private let isBigEndian: Bool
    private var second: UInt8?

    init(_ text: String, isBigEndian: Bool) {
        units = text.utf16.makeIterator()
        self.isBigEndian = isBigEndian
    }

    mutating func next() -> UInt8? {
        if let byte = second {
            second = nil
            return byte
        }
        guard let unit = units.next() else { return nil }
        let (high, low) = (UInt8(truncatingIfNeeded: unit >> 8), UInt8(truncatingIfNeeded: unit))
        second = isBigEndian ? low : high
        return isBigEndian ? high : low
    }
}
