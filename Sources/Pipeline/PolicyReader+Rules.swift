import DICOMModel
import DeviceRules
import Yams

extension PolicyReader {
    /// The section `rules`: a list of rules, each with a name of its own.
    func readRules(_ node: Node) throws -> [DeviceRule] {
        var names: Set<String> = []
        return try items(node, "rules").map { item in
            let rule = try readRule(item)
            guard names.insert(rule.name).inserted else {
                throw error(at: item, "two rules have the name `\(rule.name)`")
            }
            return rule
        }
    }

    private func readRule(_ node: Node) throws -> DeviceRule {
        var name: String?
        var device: DeviceMatch?
        var condition: RuleCondition?
        var effects: [DeviceRule.Effect] = []
        try read(section(node, "rules"), known: ["name", "device", "when", "mask", "then"]) { key, value in
            switch key {
            case "name": name = try readName(value)
            case "device": device = try readDevice(value)
            case "when": condition = try readCondition(value, depth: 0)
            case "mask": effects.append(.mask(try items(value, "mask").map(readPaint)))
            default:
                try require(value, oneOf: ["reject", "quarantine"], key: key)
                effects.append(value.string == "reject" ? .reject : .quarantine)
            }
        }
        guard let name else { throw error(at: node, "the rule has no `name`") }
        guard device != nil || condition != nil else {
            throw error(at: node, "the rule says no `device` and no `when`", hint: "`when: always` is for all images")
        }
        guard let effect = effects.first, effects.count == 1 else {
            throw error(at: node, "the rule needs one of `mask` and `then`, and not both")
        }
        return DeviceRule(name: name, device: device, condition: condition, effect: effect)
    }

    private func readName(_ node: Node) throws -> String {
        guard let name = node.scalar?.string, DeviceRule.isName(name) else {
            throw error(at: node, "`name` takes 1 to 100 printable ASCII characters other than quotes and backslashes")
        }
        return name
    }

    // MARK: - Which images

    private func readDevice(_ node: Node) throws -> DeviceMatch {
        var match = DeviceMatch()
        let known: Set<String> = ["modality", "manufacturer", "model", "rows", "columns"]
        try read(section(node, "device"), known: known) { key, value in
            switch key {
            case "modality": match.modality = try text(value, key: key)
            case "manufacturer": match.manufacturer = try text(value, key: key)
            case "model": match.model = try text(value, key: key)
            case "rows": match.rows = try wholeNumber(value, key: key, in: 1...Self.mostPixels)
            default: match.columns = try wholeNumber(value, key: key, in: 1...Self.mostPixels)
            }
        }
        guard match != DeviceMatch() else { throw error(at: node, "`device` is empty") }
        return match
    }

    /// `always`; a test; or a mapping with `all`, `any` or `not`.
    private func readCondition(_ node: Node, depth: Int) throws -> RuleCondition {
        guard depth < RuleCondition.maximumDepth else { throw error(at: node, "conditions stand too deep") }
        if let word = node.scalar?.string {
            guard word == "always" else { throw unknown("condition", at: node, known: ["always"]) }
            return .all([])
        }
        let mapping = try section(node, "when")
        if mapping["attribute"] != nil { return .test(try readTest(node, mapping)) }
        var parts: [RuleCondition] = []
        try read(mapping, known: ["all", "any", "not", "attribute"]) { key, value in
            switch key {
            case "all": parts.append(.all(try items(value, key).map { try readCondition($0, depth: depth + 1) }))
            case "any": parts.append(.any(try items(value, key).map { try readCondition($0, depth: depth + 1) }))
            default: parts.append(.not(try readCondition(value, depth: depth + 1)))
            }
        }
        guard let part = parts.first, parts.count == 1 else {
            throw error(at: node, "a condition is one of `all`, `any`, `not` and `attribute`")
        }
        return part
    }

    private func readTest(_ node: Node, _ mapping: Node.Mapping) throws -> AttributeTest {
        var path: [DICOMModel.Tag] = []
        var tests: [(AttributeTest.Comparison, String)] = []
        let comparing = AttributeTest.Comparison.allCases.filter(\.takesValue).map(\.rawValue)
        let plain = AttributeTest.Comparison.allCases.filter { !$0.takesValue }.map(\.rawValue)
        try read(mapping, known: Set(comparing + ["attribute", "is"])) { key, value in
            switch key {
            case "attribute":
                guard let tags = AttributeTest.path(parsing: try text(value, key: key)) else {
                    throw error(at: value, "`attribute` takes a keyword of PS3.6, or a tag such as (0008,1090)")
                }
                path = tags
            case "is":
                try require(value, oneOf: Set(plain), key: key)
                tests += AttributeTest.Comparison(rawValue: value.string ?? "").map { [($0, "")] } ?? []
            default:
                let text = try text(value, key: key, mayBeEmpty: true)
                tests += AttributeTest.Comparison(rawValue: key).map { [($0, text)] } ?? []
            }
        }
        guard let (comparison, value) = tests.first, tests.count == 1 else {
            throw error(at: node, "a test needs one of: " + (comparing + ["is"]).joined(separator: ", "))
        }
        let test = AttributeTest(path, comparison, value)
        do throws(DeviceRuleError) {
            try test.check()
        } catch {
            throw self.error(at: node, error.message)
        }
        return test
    }

    // MARK: - Areas

    /// A side of an image has 16 bits, PS3.3 C.7.6.3.
    private static let mostPixels = 65_535

    /// `[x, y, width, height]`, `everything`, `ultrasound-regions`; behind `keep:` what is taken back.
    private func readPaint(_ node: Node) throws -> RulePaint {
        guard case .mapping(let mapping) = node else { return RulePaint(.mask, try readArea(node)) }
        var paint: RulePaint?
        try read(mapping, known: ["keep"]) { _, value in paint = RulePaint(.keep, try readArea(value)) }
        guard let paint else { throw error(at: node, "an area is missing") }
        return paint
    }

    private func readArea(_ node: Node) throws -> RulePaint.Area {
        switch node.scalar?.string {
        case "everything": return .everything
        case "ultrasound-regions": return .ultrasoundRegions
        default: break
        }
        guard case .sequence(let sequence) = node, sequence.count == 4 else {
            throw error(
                at: node, "an area is [x, y, width, height], everything, or ultrasound-regions")
        }
        let numbers = try sequence.enumerated().map { place, value in
            try wholeNumber(value, key: "mask", in: (place < 2 ? 0 : 1)...Self.mostPixels)
        }
        return .box(PixelRegion(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3]))
    }

    // MARK: - Values

    func items(_ node: Node, _ key: String) throws -> [Node] {
        guard case .sequence(let sequence) = node else { throw error(at: node, "`\(key)` must be a list") }
        return Array(sequence)
    }

    private func text(_ node: Node, key: String, mayBeEmpty: Bool = false) throws -> String {
        guard let text = node.scalar?.string, mayBeEmpty || !text.isEmpty else {
            throw error(at: node, "`\(key)` must be a text")
        }
        return text
    }

    func wholeNumber(_ node: Node, key: String, in range: ClosedRange<Int>) throws -> Int {
        guard let number = node.scalar.flatMap({ Int($0.string) }), range.contains(number) else {
            throw error(
                at: node, "`\(key)` must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func error(at node: Node, _ message: String, hint: String? = nil) -> PipelineError {
        PipelineError(.policy, "line \(line(of: node)): \(message)", hint: hint)
    }
}
