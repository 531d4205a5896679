/// Turns the parts of a regular expression into instructions.
struct JavaPatternCompiler {
    private var program: [JavaPatternInstruction] = []
    private(set) var slotCount: Int

    init(groupCount: Int) {
        slotCount = 2 * (groupCount + 1)
    }

    mutating func compile(_ node: JavaPatternNode) throws(JavaPattern.Problem) -> [JavaPatternInstruction] {
        try emit(node)
        try append(.accept)
        return program
    }

    private mutating func append(_ instruction: JavaPatternInstruction) throws(JavaPattern.Problem) {
        guard program.count < JavaPattern.maximumInstructions else {
            throw JavaPattern.Problem(message: "the regular expression is too large")
        }
        program.append(instruction)
    }

    private mutating func emit(_ node: JavaPatternNode) throws(JavaPattern.Problem) {
        switch node {
        case .empty: break
        case .one(let characters): try append(.one(characters, cost: characters.partCount / 8))
        case .assertion(let assertion): try append(.assertion(assertion))
        case .backreference(let number, let ignoresCase):
            try append(.backreference(number, ignoresCase: ignoresCase))
        case .sequence(let nodes): for node in nodes { try emit(node) }
        case .choice(let branches): try emitChoice(branches)
        case .group(let node, let number):
            try append(.save(2 * number))
            try emit(node)
            try append(.save(2 * number + 1))
        case .lookahead(let node, let isNegative):
            try emitSeparately(node) { .lookahead(isNegative: isNegative, next: $0) }
        case .atomic(let node):
            try emitSeparately(node) { .atomic(next: $0) }
        case .repetition(let node, let range, .possessive):
            try emit(.atomic(.repetition(node, range, .greedy)))
        case .loop(let node, let minimum, .possessive):
            try emit(.atomic(.loop(node, minimum: minimum, .greedy)))
        case .repetition(let node, let range, let greed): try emitRepetition(node, range, isLazy: greed == .lazy)
        case .loop(let node, let minimum, let greed):
            try emitCopies(node, minimum)
            try emitLoop(node, isLazy: greed == .lazy)
        }
    }

    private mutating func emitChoice(_ branches: [JavaPatternNode]) throws(JavaPattern.Problem) {
        var jumps: [Int] = []
        for (index, branch) in branches.enumerated() {
            guard index < branches.count - 1 else {
                try emit(branch)
                break
            }
            let split = program.count
            try append(.split(split + 1, 0))
            try emit(branch)
            jumps.append(program.count)
            try append(.jump(0))
            program[split] = .split(split + 1, program.count)
        }
        for jump in jumps { program[jump] = .jump(program.count) }
    }

    private mutating func emitSeparately(
        _ node: JavaPatternNode, _ instruction: (Int) -> JavaPatternInstruction
    ) throws(JavaPattern.Problem) {
        let place = program.count
        try append(.done)
        try emit(node)
        try append(.done)
        program[place] = instruction(program.count)
    }

    private mutating func emitRepetition(
        _ node: JavaPatternNode, _ range: ClosedRange<Int>, isLazy: Bool
    ) throws(JavaPattern.Problem) {
        try emitCopies(node, range.lowerBound)
        var splits: [Int] = []
        for _ in range.lowerBound..<range.upperBound {
            splits.append(program.count)
            try append(.split(0, 0))
            try emit(node)
        }
        for split in splits {
            program[split] = isLazy ? .split(program.count, split + 1) : .split(split + 1, program.count)
        }
    }

    private mutating func emitCopies(_ node: JavaPatternNode, _ count: Int) throws(JavaPattern.Problem) {
        for _ in 0..<count {
            let before = program.count
            try emit(node)
            // Copies of nothing cost no instruction, so nothing else would bound them: ((){1000}){1000}…
            if program.count == before { return }
        }
    }

    private mutating func emitLoop(_ node: JavaPatternNode, isLazy: Bool) throws(JavaPattern.Problem) {
        let slot = slotCount
        slotCount += 1
        let split = program.count
        try append(.split(0, 0))
        try append(.save(slot))
        try emit(node)
        try append(.repeatUnlessEmpty(slot: slot, loop: split, exit: program.count + 1))
        program[split] = isLazy ? .split(program.count, split + 1) : .split(split + 1, program.count)
    }
}
