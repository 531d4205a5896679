import DICOMFile
import DICOMModel

/// Which Attributes the edits of a script reach, whatever the object holds.
struct ScriptCoverage {
    typealias Reach = ProfileReach

    private struct Edit {
        let matcher: PathMatcher
        let isAlways: Bool
    }

    /// By the one public tag that they can end at; nil for the others.
    private var edits: [Tag?: [Edit]] = [:]
    private(set) var privateReach = Reach.never

    init(_ statements: [ScriptStatement]) {
        var edits: [PathPattern: Bool] = [:]
        var lists: [String: [PathPattern]] = [:]
        var privateReach = Reach.never
        var work = 0
        ScriptWalk.visit(statements) { statement, isAlways in
            if case .removeAllPrivateTags = statement.kind { privateReach = privateReach.joined(isAlways) }
            var isAlways = isAlways
            if case .choice = statement.kind { isAlways = false }
            for action in ScriptWalk.actions(statement) {
                // Lists can double with each line; one that is too long is taken to reach nothing.
                let known = work < ScriptLimits.listLength ? lists : [:]
                // What is set in a branch may be something else afterwards.
                if case .setVariable(let name, let value) = action.kind {
                    lists[name] = isAlways ? Self.paths(value, known) : nil
                    work += lists[name]?.count ?? 0
                }
                if case .call(let call) = action.kind, call.function == .retainPrivateTags {
                    privateReach = privateReach.joined(isAlways)
                }
                let paths = Self.edited(action, known)
                work += paths.count
                for path in paths { edits[path, default: false] = edits[path] == true || isAlways }
            }
        }
        for (path, isAlways) in edits {
            let matcher = PathMatcher(path)
            self.edits[matcher.end, default: []].append(Edit(matcher: matcher, isAlways: isAlways))
        }
        self.privateReach = privateReach
    }

    /// At root level.
    func reach(_ tag: Tag) -> Reach {
        reach([], tag)
    }

    /// At every deeper level, in whatever sequences: the least of what is reached in some made-up ones.
    func nestedReach(_ tag: Tag) -> Reach {
        Self.probes.map { reach($0, tag) }.min { $0.rank < $1.rank } ?? .never
    }

    private func reach(_ sequences: [Tag], _ tag: Tag) -> Reach {
        var reach = Reach.never
        for edit in edits[tag, default: []] + edits[nil, default: []] {
            var states = edit.matcher.start
            for sequence in sequences {
                states = edit.matcher.advanced(states, tag: sequence, creator: nil, item: 0)
            }
            states = edit.matcher.advanced(states, tag: tag, creator: nil, item: nil)
            guard edit.matcher.accepts(states) else { continue }
            if edit.isAlways { return .always }
            reach = .sometimes
        }
        return reach
    }

    /// Sequences that have nothing to do with each other: what reaches into all of them reaches everywhere.
    private static let probes: [[Tag]] = [
        [.referencedImageSequence], [.contentSequence], [Tag(0x5200, 0x9230), Tag(0x0018, 0x9152)],
        [Tag(0x0040, 0x0275), Tag(0x0008, 0x1110), .referencedImageSequence],
    ]

    // MARK: - What an action edits

    /// The paths of Attributes that an action removes or gives another value.
    static func edited(_ action: ScriptAction, _ lists: [String: [PathPattern]]) -> [PathPattern] {
        switch action.kind {
        case .assign(let path, let value), .assignIfPresent(let path, let value):
            // From itself to itself is no change.
            value.kind == .path(path) ? [] : [path]
        case .delete(let path): [path]
        case .call(let call): edited(call, lists)
        case .setVariable, .echo: []
        }
    }

    private static func edited(_ call: ScriptCall, _ lists: [String: [PathPattern]]) -> [PathPattern] {
        switch call.function {
        case .hashUIDList, .removeTags: call.arguments.flatMap { paths($0, lists) }
        case .shiftDateTimeListByIncrement, .set, .delete: call.arguments.prefix(1).flatMap { paths($0, lists) }
        case .mapReferencedUIDs, .shiftDateTimeSequenceByIncrement:
            call.arguments.dropFirst().flatMap { paths($0, lists) }
        default: []
        }
    }

    /// The paths that an argument stands for.
    static func paths(_ expression: ScriptExpression, _ lists: [String: [PathPattern]]) -> [PathPattern] {
        switch expression.kind {
        case .path(let path): [path]
        case .string(let text): PathPattern(parsing: text).map { [$0] } ?? []
        case .list(let elements): elements.flatMap { paths($0, lists) }
        case .variable(let name): lists[name] ?? []
        case .number, .call: []
        }
    }
}
