/// Runs a compiled regular expression over a text, within a budget of steps.
package struct JavaMatcher {
    /// Thrown when the budget is spent: the expression explodes on this text.
    package struct Exhausted: Error {}

    /// What is done again when the way taken fails.
    private enum Undo {
        case branch(instruction: Int, place: Int)
        case slot(Int, Int)
    }

    private let pattern: JavaPattern
    private let text: [Unicode.Scalar]
    private var slots: [Int]
    private var isWhole = false

    private init(_ pattern: JavaPattern, _ text: String) {
        self.pattern = pattern
        self.text = Array(text.unicodeScalars)
        slots = Array(repeating: -1, count: pattern.slotCount)
    }

    /// Whether the whole text fits, as java.util.regex.Matcher.matches.
    ///
    /// - Parameter budget: steps that may be made; what is left of them afterwards.
    package static func matches(_ pattern: JavaPattern, _ text: String, budget: inout Int) throws(Exhausted) -> Bool {
        var matcher = JavaMatcher(pattern, text)
        matcher.isWhole = true
        return try matcher.run(0, at: 0, &budget) != nil
    }

    /// The groups of the first place that fits, as java.util.regex.Matcher.find; the whole first, nil for a group that
    /// took no part. Nil where none fits.
    package static func firstMatch(
        _ pattern: JavaPattern, _ text: String, budget: inout Int
    ) throws(Exhausted) -> [String?]? {
        var matcher = JavaMatcher(pattern, text)
        for start in 0...matcher.text.count {
            for slot in matcher.slots.indices { matcher.slots[slot] = -1 }
            budget -= matcher.slots.count / 8
            guard let end = try matcher.run(0, at: start, &budget) else { continue }
            matcher.slots[0] = start
            matcher.slots[1] = end
            return (0...pattern.groupCount).map { matcher.group($0) }
        }
        return nil
    }

    private func group(_ number: Int) -> String? {
        let start = slots[2 * number]
        let end = slots[2 * number + 1]
        guard start >= 0, end >= start else { return nil }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: text[start..<end])
        return String(view)
    }

    /// Where the match that begins at `place` ends; nil where there is none. Slots are as the match left them.
    private mutating func run(_ first: Int, at start: Int, _ budget: inout Int) throws(Exhausted) -> Int? {
        var instruction = first
        var place = start
        var undo: [Undo] = []
        while true {
            budget -= 1
            guard budget >= 0 else { throw Exhausted() }
            var isFitting = true
            switch pattern.program[instruction] {
            case .accept:
                if !isWhole || place == text.count { return place }
                isFitting = false
            case .done:
                return place
            case .one(let characters, let cost):
                budget -= cost
                isFitting = place < text.count && characters.contains(text[place])
                place += 1
                instruction += 1
            case .assertion(let assertion):
                isFitting = holds(assertion, at: place)
                instruction += 1
            case .backreference(let number, let ignoresCase):
                let length = referenceLength(number, at: place, ignoresCase: ignoresCase)
                isFitting = length != nil
                budget -= length ?? 0
                place += length ?? 0
                instruction += 1
            case .jump(let target):
                instruction = target
            case .split(let preferred, let other):
                undo.append(.branch(instruction: other, place: place))
                instruction = preferred
            case .save(let slot):
                undo.append(.slot(slot, slots[slot]))
                slots[slot] = place
                instruction += 1
            case .repeatUnlessEmpty(let slot, let loop, let exit):
                instruction = slots[slot] == place ? exit : loop
            case .lookahead(let isNegative, let next):
                let before = slots
                isFitting = (try separately(instruction + 1, at: place, &budget) != nil) != isNegative
                // What a lookahead captured stays, but is given back with the way that it was on.
                for slot in slots.indices where slots[slot] != before[slot] {
                    if isNegative { slots[slot] = before[slot] } else { undo.append(.slot(slot, before[slot])) }
                }
                instruction = next
            case .atomic(let next):
                let before = slots
                let end = try separately(instruction + 1, at: place, &budget)
                for slot in slots.indices where slots[slot] != before[slot] { undo.append(.slot(slot, before[slot])) }
                isFitting = end != nil
                place = end ?? place
                instruction = next
            }
            if isFitting { continue }
            var isResumed = false
            while let last = undo.popLast() {
                switch last {
                case .slot(let slot, let value):
                    slots[slot] = value
                case .branch(let other, let earlier):
                    instruction = other
                    place = earlier
                    isResumed = true
                }
                if isResumed { break }
            }
            if !isResumed { return nil }
        }
    }

    /// Runs a lookahead or atomic group to its end. Groups nest at most `JavaPattern.maximumDepth` deep.
    private mutating func separately(_ first: Int, at place: Int, _ budget: inout Int) throws(Exhausted) -> Int? {
        budget -= slots.count / 8
        return try run(first, at: place, &budget)
    }

    private func holds(_ assertion: JavaPatternNode.Assertion, at place: Int) -> Bool {
        switch assertion {
        case .start: place == 0
        case .inputEnd: place == text.count
        case .end: place == text.count || isLastLineEnd(place)
        case .lineStart: place == 0 || (place < text.count && text[place - 1].isJavaLineEnd && !isInsideCRLF(place))
        case .lineEnd: place == text.count || (text[place].isJavaLineEnd && !isInsideCRLF(place))
        case .wordBoundary: isWord(place - 1) != isWord(place)
        case .noWordBoundary: isWord(place - 1) == isWord(place)
        }
    }

    private func isWord(_ place: Int) -> Bool {
        text.indices.contains(place) && JavaCharacterClass.word.contains(text[place])
    }

    private func isInsideCRLF(_ place: Int) -> Bool {
        place > 0 && place < text.count && text[place - 1] == "\r" && text[place] == "\n"
    }

    private func isLastLineEnd(_ place: Int) -> Bool {
        if place == text.count - 1 { return text[place].isJavaLineEnd && !isInsideCRLF(place) }
        return place == text.count - 2 && text[place] == "\r" && text[place + 1] == "\n"
    }

    /// How long the text that the group holds is, if it stands at `place` again.
    private func referenceLength(_ number: Int, at place: Int, ignoresCase: Bool) -> Int? {
        let start = slots[2 * number]
        let end = slots[2 * number + 1]
        guard start >= 0, end >= start, place + end - start <= text.count else { return nil }
        for offset in 0..<(end - start) {
            let wanted = text[start + offset]
            let found = text[place + offset]
            guard wanted == found || (ignoresCase && wanted.asciiCaseExchanged == found) else { return nil }
        }
        return end - start
    }
}
