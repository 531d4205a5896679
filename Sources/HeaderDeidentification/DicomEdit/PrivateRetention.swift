import DICOMFile
import DICOMModel

/// `retainPrivateTags`: removes private elements at every level, except those that its paths mean, what is in them, and
/// their creators (RetainPrivateTagsReplaceFunction of NrgXnat dicom-edit6).
struct PrivateRetention {
    private let matchers: [PathMatcher]
    private(set) var removed: [AttributePath] = []

    init(_ paths: [PathPattern]) {
        matchers = paths.map { PathMatcher($0.withContents) }
    }

    mutating func retained(_ dataSet: DataSet) -> DataSet {
        retained(dataSet, matchers.map(\.start), isPrivate: false, [])
    }

    /// - Parameter isPrivate: whether one of the sequences around is.
    private mutating func retained(
        _ dataSet: DataSet, _ states: [PathMatcher.States], isPrivate: Bool, _ sequences: [AttributePath.Step]
    ) -> DataSet {
        let creators = CreatorTable(dataSet)
        var result = dataSet
        result.mapElements { element in
            if element.tag.isPrivateCreator { return element }
            let isInPrivate = isPrivate || element.tag.isPrivate
            if isInPrivate, isMeant(element.tag, states, creators) { return element }
            if case .items(let items) = element.value {
                let kept = inside(items, of: element, states, isInPrivate, creators, sequences)
                if !isInPrivate || !kept.isEmpty { return element.replacing(.items(kept)) }
            } else if !isInPrivate {
                return element
            }
            removed.append(AttributePath(sequences: sequences, tag: element.tag))
            return nil
        }
        // A creator stays with what it names, and only with that.
        let kept = result
        result.mapElements { element in
            guard element.tag.isPrivateCreator else { return element }
            if kept.elements.contains(where: { $0.tag.privateCreator == element.tag }) { return element }
            removed.append(AttributePath(sequences: sequences, tag: element.tag))
            return nil
        }
        return result
    }

    private func isMeant(_ tag: Tag, _ states: [PathMatcher.States], _ creators: CreatorTable) -> Bool {
        zip(matchers, states).contains { matcher, states in
            matcher.accepts(matcher.advanced(states, tag: tag, creator: creators.creator(of: tag), item: nil))
        }
    }

    /// The items with what is retained in them; in a private sequence without empty ones at the end.
    private mutating func inside(
        _ items: [DataSet], of element: DataElement, _ states: [PathMatcher.States], _ isPrivate: Bool,
        _ creators: CreatorTable, _ sequences: [AttributePath.Step]
    ) -> [DataSet] {
        var kept: [DataSet] = []
        for (index, item) in items.enumerated() {
            let inside = zip(matchers, states).map { matcher, states in
                matcher.advanced(states, tag: element.tag, creator: creators.creator(of: element.tag), item: index)
            }
            let path = sequences + [.init(tag: element.tag, item: index)]
            kept.append(retained(item, inside, isPrivate: isPrivate, path))
        }
        while isPrivate, let last = kept.last, last.elements.isEmpty { kept.removeLast() }
        return kept
    }
}
