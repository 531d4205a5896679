import DICOMFile
import DICOMModel

/// Finds the elements that a path means while a Data Set is walked through: a small automaton whose states are positions
/// in the path, so that subtrees where nothing can match are not entered.
struct PathMatcher: Sendable {
    /// A set of positions in the path.
    typealias States = UInt64

    private enum Part: Sendable {
        case attribute(TagPattern, item: PathPattern.Item?)
        /// Any number of levels.
        case levels
        /// Exactly one.
        case level
    }

    private let parts: [Part]
    /// The one public tag that the path can end at, if there is just one.
    let end: Tag?
    let needsCreators: Bool

    init(_ path: PathPattern) {
        var parts: [Part] = []
        for (index, step) in path.steps.enumerated() {
            switch step {
            case .attribute(let tag, let item):
                parts.append(.attribute(tag, item: item))
            case .level(.any):
                parts.append(.levels)
            case .level(.one):
                parts.append(.level)
            case .level(.below):
                // Between two tags it is any depth, since that is below the root already; at either end at least one.
                let isFirst = index == 0
                let isLast = index == path.steps.count - 1
                if isFirst { parts.append(.level) }
                if isLast { parts.append(.level) }
                parts.append(.levels)
            }
        }
        // `(0008,1140)[1]` names an item: what is in it is meant.
        if path.endsInItem { parts += [.level, .levels] }
        self.parts = parts
        if let target = path.target, target.creator == nil, !path.endsInItem { end = target.literal } else { end = nil }
        needsCreators = path.namesPrivate
    }

    /// At root level, before any tag.
    var start: States { closed(1) }

    /// - Parameters:
    ///   - item: 0-based, to enter that item of the sequence `tag`; nil for the element itself.
    func advanced(_ states: States, tag: Tag, creator: String?, item: Int?) -> States {
        var next: States = 0
        for index in parts.indices where states >> States(index) & 1 == 1 {
            switch parts[index] {
            case .levels: next |= 1 << States(index)
            case .level: next |= 1 << States(index + 1)
            case .attribute(let pattern, let wanted):
                if case .number(let number)? = wanted, number != item { continue }
                if pattern.matches(tag, creator: creator) { next |= 1 << States(index + 1) }
            }
        }
        return closed(next)
    }

    /// Whether it is worth asking about an element: most can be told by their tag alone.
    func canEnd(at tag: Tag) -> Bool { end == nil || end == tag }

    func accepts(_ states: States) -> Bool {
        states >> States(parts.count) & 1 == 1
    }

    private func closed(_ states: States) -> States {
        var states = states
        for (index, part) in parts.enumerated() where states >> States(index) & 1 == 1 {
            if case .levels = part { states |= 1 << States(index + 1) }
        }
        return states
    }
}
