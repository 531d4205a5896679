import DICOMModel

/// A path in a script: sequences, level wildcards, and the Attribute at the end.
struct PathPattern: Hashable, Sendable {
    /// How many sequences a level wildcard stands for.
    enum Level: Character, Hashable, Sendable {
        /// None or any number: with the root.
        case any = "*"
        /// One or more: below the root.
        case below = "+"
        case one = "."
    }

    /// Which items of a sequence.
    enum Item: Hashable, Sendable {
        /// 0-based.
        case number(Int)
        /// `[%]`.
        case any
    }

    enum Step: Hashable, Sendable {
        case attribute(TagPattern, item: Item?)
        case level(Level)
    }

    let steps: [Step]

    var text: String {
        steps.map { step in
            switch step {
            case .level(let level): String(level.rawValue)
            case .attribute(let tag, .number(let number)?): "\(tag.text)[\(number)]"
            case .attribute(let tag, .any?): "\(tag.text)[%]"
            case .attribute(let tag, nil): tag.text
            }
        }.joined(separator: "/")
    }

    /// Whether it can only mean one Attribute: no wildcard, and a number for every item.
    var isSingular: Bool { hasNoWildcard && !lacksItemNumber }

    /// Neither digit nor level nor item wildcards.
    var hasNoWildcard: Bool {
        steps.allSatisfy { step in
            if case .attribute(let tag, let item) = step { tag.literal != nil && item != .any } else { false }
        }
    }

    /// Whether a sequence on the way has no item number.
    var lacksItemNumber: Bool {
        steps.dropLast().contains { step in
            if case .attribute(_, nil) = step { true } else { false }
        }
    }

    /// The Attribute at the end, if it is one and not a level.
    var target: TagPattern? {
        if case .attribute(let tag, _)? = steps.last { tag } else { nil }
    }

    /// The public tag of a path that is one tag at root level.
    var rootTag: Tag? {
        guard steps.count == 1, let target, target.creator == nil else { return nil }
        return target.literal
    }

    var namesPrivate: Bool {
        steps.contains { step in
            if case .attribute(let tag, _) = step { tag.creator != nil || tag.isBarePrivate } else { false }
        }
    }

    /// Whether it reads as an item, `(0008,1140)[0]`, not as an Attribute.
    var endsInItem: Bool {
        if case .attribute(_, .number?)? = steps.last { true } else { false }
    }

    /// The same path and all that lies below it.
    var withContents: PathPattern {
        if case .level? = steps.last { return self }
        return PathPattern(steps: steps + [.level(.any)])
    }
}
