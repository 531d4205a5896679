import DICOMFile
import DICOMModel

/// The object that a script works on: at root level group 0002 is File Meta Information, the rest the Data Set.
struct EditTarget {
    /// What is done with an element.
    enum Edit {
        case keep
        case remove
        case replace(DataElement)
    }

    /// Nil where only a Data Set was given.
    var fileMeta: DataSet?
    var dataSet: DataSet

    // MARK: - Editing

    /// Lets `edit` decide on each element that `pattern` means.
    ///
    /// - Parameter edit: gets the element, the Data Set or item it is in, and its path.
    mutating func edit(
        _ pattern: PathPattern, _ edit: (DataElement, DataSet, AttributePath) throws -> Edit
    ) throws {
        let matcher = PathMatcher(pattern)
        if let changed = try Self.edited(dataSet, matcher, matcher.start, [], edit) { dataSet = changed }
        if let fileMeta, let changed = try Self.edited(fileMeta, matcher, matcher.start, [], edit) {
            self.fileMeta = changed
        }
    }

    /// Nil where nothing changed.
    private static func edited(
        _ dataSet: DataSet, _ matcher: PathMatcher, _ states: PathMatcher.States, _ sequences: [AttributePath.Step],
        _ edit: (DataElement, DataSet, AttributePath) throws -> Edit
    ) throws -> DataSet? {
        let creators = matcher.needsCreators ? CreatorTable(dataSet) : nil
        var edits: [Int: Edit] = [:]
        for (index, element) in dataSet.elements.enumerated() {
            let tag = element.tag
            let creator = creators?.creator(of: tag)
            if matcher.canEnd(at: tag),
                matcher.accepts(matcher.advanced(states, tag: tag, creator: creator, item: nil))
            {
                let made = try edit(element, dataSet, AttributePath(sequences: sequences, tag: tag))
                if case .keep = made {
                } else {
                    edits[index] = made
                    continue
                }
            }
            guard case .items(let items) = element.value,
                let changed = try edited(items, tag, creator, matcher, states, sequences, edit)
            else { continue }
            edits[index] = .replace(element.replacing(.items(changed)))
        }
        guard !edits.isEmpty else { return nil }
        var result = dataSet
        var index = 0
        result.mapElements { element in
            defer { index += 1 }
            switch edits[index] {
            case .remove: return nil
            case .replace(let new): return new
            case .keep, nil: return element
            }
        }
        return result
    }

    /// Nil where no item changed.
    private static func edited(
        _ items: [DataSet], _ tag: Tag, _ creator: String?, _ matcher: PathMatcher, _ states: PathMatcher.States,
        _ sequences: [AttributePath.Step], _ edit: (DataElement, DataSet, AttributePath) throws -> Edit
    ) throws -> [DataSet]? {
        var result: [DataSet]?
        for index in items.indices {
            let inside = matcher.advanced(states, tag: tag, creator: creator, item: index)
            guard inside != 0 else { continue }
            let path = sequences + [.init(tag: tag, item: index)]
            guard let changed = try edited(items[index], matcher, inside, path, edit) else { continue }
            if result == nil { result = items }
            result?[index] = changed
        }
        return result
    }

    /// Lets `edit` decide on every element at every level, items first.
    mutating func editAll(_ edit: (DataElement, DataSet, AttributePath) throws -> Edit) throws {
        try self.edit(PathPattern(steps: [.level(.any)]), edit)
    }

    // MARK: - Values

    /// The text of the one element that a path without wildcards means: its values joined by backslashes; nil where it
    /// isn't there, or is a sequence.
    ///
    /// A sequence without an item number means its first item.
    func text(at path: PathPattern) -> String? {
        guard let (element, dataSet) = element(at: path), element.items == nil else { return nil }
        return dataSet.strings(element).joined(separator: "\\")
    }

    /// The VR of the element at `path`, the dictionary's where the file says UN; nil where it isn't there.
    func vr(at path: PathPattern) -> VR? {
        element(at: path).map { $1.effectiveVR($0) }
    }

    /// Whether the element at `path` is there and has this text.
    func holds(_ path: PathPattern, _ text: String) -> Bool {
        element(at: path).map { ElementText.holds($0, text, in: $1) } ?? false
    }

    func contains(_ path: PathPattern) -> Bool { element(at: path) != nil }

    private func element(at path: PathPattern) -> (DataElement, DataSet)? {
        var dataSet = root(path)
        for (index, step) in path.steps.enumerated() {
            guard case .attribute(let pattern, let item) = step, let here = dataSet,
                let tag = Self.tag(pattern, in: here), let element = here[tag]
            else { return nil }
            guard index < path.steps.count - 1 else { return (element, here) }
            var number = 0
            if case .number(let wanted)? = item { number = wanted }
            guard let items = element.items, items.indices.contains(number) else { return nil }
            dataSet = items[number]
        }
        return nil
    }

    /// The Data Set that a path begins in.
    private func root(_ path: PathPattern) -> DataSet? {
        if case .attribute(let tag, _)? = path.steps.first, tag.literal?.isFileMeta == true { return fileMeta }
        return dataSet
    }

    /// The tag that a pattern without wildcards means in `dataSet`; nil where its creator has no block.
    private static func tag(_ pattern: TagPattern, in dataSet: DataSet) -> Tag? {
        guard let literal = pattern.literal, let creator = pattern.creator else { return pattern.literal }
        let creators = CreatorTable(dataSet)
        // Two blocks of one creator in a group are met in damaged files: the one that has the element counts.
        let present = dataSet.elements.first { pattern.matches($0.tag, creator: creators.creator(of: $0.tag)) }
        if let present { return present.tag }
        return creators.block(in: literal.group, of: creator)
            .map { Tag(literal.group, $0.element << 8 | literal.element & 0xFF) }
    }

    // MARK: - Assigning

    /// Sets the one element that a path without wildcards means, and makes it, its sequences and items, and the block of
    /// its creator, where they aren't there.
    ///
    /// - Returns: where it is, and whether it was there.
    mutating func assign(_ path: PathPattern, _ text: String) throws -> (path: AttributePath, wasPresent: Bool) {
        let isSigned = dataSet.integer(.pixelRepresentation) == 1
        if case .attribute(let tag, _)? = path.steps.first, tag.literal?.isFileMeta == true {
            guard var meta = fileMeta else {
                throw EditProblem("File Meta Information is out of reach here")
            }
            guard tag.literal != .transferSyntaxUID else {
                throw EditProblem("the Transfer Syntax says how the file is encoded and can't be assigned")
            }
            let done = try Self.assign(&meta, path.steps[...], text, isSigned, [])
            fileMeta = meta
            return done
        }
        return try Self.assign(&dataSet, path.steps[...], text, isSigned, [])
    }

    private static func assign(
        _ dataSet: inout DataSet, _ steps: ArraySlice<PathPattern.Step>, _ text: String, _ isSigned: Bool,
        _ sequences: [AttributePath.Step]
    ) throws -> (path: AttributePath, wasPresent: Bool) {
        guard case .attribute(let pattern, let item)? = steps.first else {
            throw EditProblem("the path is no Attribute")
        }
        let tag = try reservedTag(pattern, in: &dataSet)
        let present = dataSet[tag]
        guard steps.count > 1 else {
            let vr = present.map { dataSet.effectiveVR($0) } ?? DataDictionary.vr(tag, isSigned: isSigned)
            let element = try ElementText.element(tag, vr: vr, text: text, in: dataSet)
            dataSet[tag] = element
            return (AttributePath(sequences: sequences, tag: tag), present != nil)
        }
        var number = 0
        if case .number(let wanted)? = item { number = wanted }
        guard present == nil || present?.items != nil else { throw EditProblem("\(tag) is not a sequence") }
        var items = present?.items ?? []
        if number == items.count {
            items.append(
                DataSet(
                    isExplicitVR: dataSet.isExplicitVR, isBigEndian: dataSet.isBigEndian,
                    characterSet: dataSet.characterSet))
        }
        guard items.indices.contains(number) else { throw EditProblem("item \(number) of \(tag) has none before it") }
        let inside = sequences + [.init(tag: tag, item: number)]
        let done = try assign(&items[number], steps.dropFirst(), text, isSigned, inside)
        dataSet[tag] = present?.replacing(.items(items)) ?? DataElement(tag: tag, items: items)
        return done
    }

    /// The tag that `pattern` means, a block for its creator being reserved where there is none (PS3.5 7.8.1).
    private static func reservedTag(_ pattern: TagPattern, in dataSet: inout DataSet) throws -> Tag {
        if let tag = tag(pattern, in: dataSet) { return tag }
        guard let literal = pattern.literal, let creator = pattern.creator,
            let block = CreatorTable(dataSet).freeBlock(in: literal.group, of: dataSet)
        else { throw EditProblem("the group has no free block for the Private Creator") }
        dataSet[block] = try ElementText.element(block, vr: .lo, text: creator, in: dataSet)
        return Tag(literal.group, block.element << 8 | literal.element & 0xFF)
    }
}
