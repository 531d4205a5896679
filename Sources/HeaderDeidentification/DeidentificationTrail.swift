import DICOMModel

/// Where a pass went: what it walked into, and which items it left out, by which rule. Items behind one that is left out have
/// another place in the result.
package struct DeidentificationTrail: Hashable, Sendable {
    private var place: [AttributePath.Step] = []
    /// Sequences whose items were looked at one by one; of others nothing stays but what a dummy has.
    private var entered: Set<AttributePath> = []
    private var leftOut: [[AttributePath.Step]: String] = [:]
    /// Numbers of items that were left out, ascending, by their sequence.
    private var gaps: [AttributePath: [Int]] = [:]

    mutating func enter(_ sequence: Tag, item: Int) {
        entered.insert(AttributePath(sequences: place, tag: sequence))
        place.append(AttributePath.Step(tag: sequence, item: item))
    }

    mutating func leave() { place.removeLast() }

    /// The item that the pass is in doesn't stay.
    mutating func leaveOut(by rule: String) {
        guard let step = place.last else { return }
        leftOut[place] = rule
        gaps[AttributePath(sequences: place.dropLast(), tag: step.tag), default: []].append(step.item)
    }

    // MARK: - Asking

    /// Whether the items of a sequence were looked at one by one.
    package func hasEntered(_ sequence: AttributePath) -> Bool { entered.contains(sequence) }

    /// The rule by which one of these items, or one around it, was left out.
    package func omission(of items: [AttributePath.Step]) -> String? {
        items.indices.lazy.compactMap { leftOut[Array(items[...$0])] }.first
    }

    /// Where an Attribute stands in the result; nil where an item around it was left out.
    package func result(of path: AttributePath) -> AttributePath? {
        guard omission(of: path.sequences) == nil else { return nil }
        let steps = path.sequences.indices.map { index -> AttributePath.Step in
            let step = path.sequences[index]
            let sequence = AttributePath(sequences: Array(path.sequences[..<index]), tag: step.tag)
            let before = gaps[sequence]?.prefix { $0 < step.item }.count ?? 0
            return AttributePath.Step(tag: step.tag, item: step.item - before)
        }
        return AttributePath(sequences: steps, tag: path.tag)
    }
}
