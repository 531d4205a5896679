import DICOMFile
import DICOMModel
import Foundation
import HeaderDeidentification

/// The four rows of Table E.1-1 that are about many Attributes.
struct AnswerKeyPattern {
    /// As the answer key has it: `50xxxxxx`, `60xx3000`, `60xx4000`, `gggg`.
    let pattern: String
    let name: String
    let action: String
    let expected: String
    let options: [String: String]

    /// Read from the answer key.
    static let all: [AnswerKeyPattern] = {
        let names = [
            "50xxxxxx": "(50xx,xxxx) curves", "60xx3000": "(60xx,3000) OverlayData",
            "60xx4000": "(60xx,4000) OverlayComments", "gggg": "(gggg,eeee), gggg odd: private",
        ]
        let heads = AnswerKeyTests.lines.first?.dropFirst(6) ?? []
        return AnswerKeyTests.lines.dropFirst().compactMap { fields in
            guard fields.count == 16, let name = names[fields[0]] else { return nil }
            let options = Dictionary(uniqueKeysWithValues: zip(heads, fields.dropFirst(6))).filter { !$0.value.isEmpty }
            return AnswerKeyPattern(
                pattern: fields[0], name: name, action: fields[2], expected: fields[3], options: options)
        }
    }()

    func image() throws -> AnswerKeyCase.Outcome { try basic() }
    func report() throws -> AnswerKeyCase.Outcome { try basic(sopClass: "1.2.840.10008.5.1.4.1.1.88.22") }
    func item() throws -> AnswerKeyCase.Outcome { try basic(isNested: true) }

    /// Curves and Overlay Comments go with Clean Graphics as well: nobody looks at what coordinates draw, and a comment is no
    /// graphic.
    func cleaned() throws -> [(option: ProfileOption, outcome: AnswerKeyCase.Outcome)] {
        try ProfileOption.allCases.compactMap { option in
            guard options[option.rawValue] == "cleaned" else { return nil }
            let isRemoved = pattern == "50xxxxxx" || pattern == "60xx4000"
            let found = try left(in: try dataSet(options: [option]), isKept: { Self.maybeKept.contains($0) })
            return (option, AnswerKeyCase.Outcome(expected: isRemoved ? "gone" : "cleaned", found: found))
        }
    }

    // MARK: - Planting

    private static let philips = Tag(0x2001, 0x0010)
    /// (2001,xx03) FL of Philips Imaging DD 001 is in Table E.3.10-1; overlays are kept where nothing was found in them.
    private static let maybeKept: Set<Tag> = Set(
        [philips, Tag(0x2001, 0x1003)] + overlayGroups.map { Tag($0, 0x3000) })
    private static let overlayGroups: [UInt16] = Array(stride(from: 0x6000, through: 0x601E, by: 2))

    private var planted: [DataElement] {
        switch pattern {
        case "50xxxxxx":
            stride(from: UInt16(0x5000), through: 0x50FE, by: 2).flatMap { group in
                [0x0005, 0x0022, 0x0030, 0x1001, 0x2500, 0x3000].map { element in
                    DataElement(tag: Tag(group, element), vr: element == 0x3000 ? .ow : .lo, ascii: Canary.text + " ")
                }
            }
        case "60xx3000":
            Self.overlayGroups.map { DataElement(tag: Tag($0, 0x3000), vr: .ow, ascii: Canary.text + " ") }
        case "60xx4000": Self.overlayGroups.map { DataElement(tag: Tag($0, 0x4000), vr: .lt, ascii: Canary.text) }
        default:
            [
                DataElement(tag: Tag(0x0009, 0x0010), vr: .lo, ascii: Canary.text),
                DataElement(tag: Tag(0x0009, 0x1001), vr: .un, bytes: Array(Canary.text.utf8)),
                DataElement(tag: Tag(0x0011, 0x1001), vr: .lo, ascii: Canary.text),
                DataElement(tag: Self.philips, vr: .lo, ascii: "Philips Imaging DD 001"),
                DataElement(tag: Tag(0x2001, 0x1003), vr: .fl, bytes: [0, 0, 0x80, 0x3F]),
                DataElement(tag: Tag(0x2001, 0x10FE), vr: .lo, ascii: Canary.text),
                DataElement(tag: Tag(0x7FDF, 0x1001), items: [DataSet(elements: [Canary.element(.patientName, .pn)])]),
                DataElement(tag: Tag(0xFFDF, 0x1001), vr: .pn, ascii: Canary.name),
            ]
        }
    }

    private var isMine: (Tag) -> Bool {
        switch pattern {
        case "50xxxxxx": { $0.isCurve }
        case "60xx3000": { $0.isOverlay && $0.element == 0x3000 }
        case "60xx4000": { $0.isOverlay && $0.element == 0x4000 }
        default: { $0.isPrivate }
        }
    }

    private func basic(
        sopClass: String = "1.2.840.10008.5.1.4.1.1.2", isNested: Bool = false
    ) throws -> AnswerKeyCase.Outcome {
        let result = try dataSet(sopClass: sopClass, isNested: isNested)
        return AnswerKeyCase.Outcome(expected: expected, found: try left(in: result) { _ in false })
    }

    private func dataSet(
        sopClass: String = "1.2.840.10008.5.1.4.1.1.2", isNested: Bool = false, options: Set<ProfileOption> = []
    ) throws -> DataSet {
        let region = Tag(0x0008, 0x2218)
        let elements = isNested ? [DataElement(tag: region, items: [DataSet(elements: planted)])] : planted
        var original = object(elements, sopClass: sopClass)
        original.fileMeta[Tag(0x0002, 0x0016)] = nil
        var result = try DICOMObject.read(MemoryByteSource(try original.serialized()))
        let deidentifier = HeaderDeidentifier(
            profile: try DeidentificationProfile(options: options), pseudonyms: pseudonyms)
        _ = try deidentifier.deidentify(&result, pixels: .noPixels, keepsOverlays: true)
        return try DICOMObject.read(MemoryByteSource(try result.serialized())).dataSet
    }

    /// `gone` where none is, `cleaned` where there is exactly what may be kept, as it was.
    private func left(in dataSet: DataSet, isKept: (Tag) -> Bool) throws -> String {
        var found: [DataElement] = []
        dataSet.walk { path, element, _ in if isMine(path.tag) { found.append(element) } }
        if found.isEmpty { return "gone" }
        let kept = planted.filter { isKept($0.tag) }
        guard found.map(\.tag) == kept.map(\.tag) else { return "left" }
        let areSame = try zip(found, kept).allSatisfy { try Self.bytes($0) == Self.bytes($1) }
        return areSame ? "cleaned" : "left"
    }

    private static func bytes(_ element: DataElement) throws -> [UInt8]? {
        guard case .bytes(let value) = element.value else { return nil }
        return try value.load()
    }
}
