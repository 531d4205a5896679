import DICOMFile
import DICOMModel

/// Attributes of Table E.1-1 that identify, in an original object: where one is unchanged, it counts however short or common
/// its value is. For headers that scripts alone have rewritten.
struct UnchangedIdentifiers {
    enum Content: Hashable {
        case identifier(IdentifierKind)
        /// Long text, which identifies if it names somebody.
        case comment
    }

    private var contents: [[Tag]: Content] = [:]
    private var texts: [[Tag]: Set<String>] = [:]

    init(_ object: DICOMObject) {
        object.dataSet.walk { path, element, dataSet in
            guard let content = Self.content(of: element, in: dataSet) else { return }
            let place = Self.place(path)
            contents[place] = content
            texts[place, default: []].formUnion(Self.texts(of: element, in: dataSet))
        }
    }

    /// What `element` of a result is, if one of its values is the original's at the same place.
    func content(at path: ElementPath, _ element: DataElement, in dataSet: DataSet) -> Content? {
        guard let content = contents[Self.place(path)],
            texts[Self.place(path)]?.isDisjoint(with: Self.texts(of: element, in: dataSet)) == false
        else { return nil }
        return content
    }

    /// Items aren't told apart: a script can remove some of them.
    private static func place(_ path: ElementPath) -> [Tag] { path.sequences.map(\.tag) + [path.tag] }

    private static func content(of element: DataElement, in dataSet: DataSet) -> Content? {
        let tag = element.tag
        guard case .bytes(let value) = element.value, !value.isEmpty, value.count <= 1 << 16,
            ConfidentialityProfileTable.row(tag) != nil
        else { return nil }
        let vr = dataSet.effectiveVR(element)
        switch vr {
        case .pn: return .identifier(.personName)
        case .da, .dt: return .identifier(.date)
        case .tm: return .identifier(.time)
        case .lo, .sh, .ae, .lt, .st, .ut, .uc, .cs:
            if let kind = IdentifierCollection.kind(of: tag) { return .identifier(kind) }
            return [VR.lt, .st, .ut].contains(vr) ? .comment : nil
        default: return nil
        }
    }

    /// In lower case, without what this module itself writes in the place of what identifies.
    private static func texts(of element: DataElement, in dataSet: DataSet) -> Set<String> {
        let dummies = [
            DummyValue.date, DummyValue.time, DummyValue.dateTime, DummyValue.personName, DummyValue.text,
        ]
        let texts = dataSet.strings(element).filter { text in
            text.contains { $0 != "^" && $0 != "=" && $0 != " " } && !dummies.contains(text.uppercased())
        }
        return Set(texts.map { $0.lowercased() })
    }
}
