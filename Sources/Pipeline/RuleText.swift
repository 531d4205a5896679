import DICOMModel
import DeviceRules

/// Device rules as a policy has them, in YAML.
enum RuleText {
    /// One after the other, each an item of a list, without indentation.
    static func lines(_ rules: [DeviceRule]) -> [String] { rules.flatMap { item(lines($0)) } }

    private static func lines(_ rule: DeviceRule) -> [String] {
        var lines = ["name: \(quoted(rule.name))"]
        if let device = rule.device { lines.append("device: {" + fields(device).joined(separator: ", ") + "}") }
        switch rule.condition {
        case .all([]): lines.append("when: always")
        case let condition?: lines += ["when:"] + nested(self.lines(condition))
        case nil: break
        }
        switch rule.effect {
        case .reject: lines.append("then: reject")
        case .quarantine: lines.append("then: quarantine")
        case .mask(let paints): lines += ["mask:"] + nested(paints.flatMap { item([self.text($0)]) })
        }
        return lines
    }

    private static func fields(_ device: DeviceMatch) -> [String] {
        [
            device.modality.map { "modality: \(quoted($0))" },
            device.manufacturer.map { "manufacturer: \(quoted($0))" },
            device.model.map { "model: \(quoted($0))" }, device.rows.map { "rows: \($0)" },
            device.columns.map { "columns: \($0)" },
        ].compactMap { $0 }
    }

    private static func lines(_ condition: RuleCondition) -> [String] {
        switch condition {
        case .test(let test):
            let comparison = test.comparison.rawValue
            return [
                "attribute: \(quoted(test.pathText))",
                test.comparison.takesValue ? "\(comparison): \(quoted(test.value))" : "is: \(comparison)",
            ]
        case .all(let parts): return list("all", parts)
        case .any(let parts): return list("any", parts)
        case .not(let part): return ["not:"] + nested(lines(part))
        }
    }

    private static func list(_ key: String, _ parts: [RuleCondition]) -> [String] {
        parts.isEmpty ? ["\(key): []"] : ["\(key):"] + nested(parts.flatMap { item(lines($0)) })
    }

    private static func text(_ paint: RulePaint) -> String {
        let area =
            switch paint.area {
            case .box(let box): "[\(box.x), \(box.y), \(box.width), \(box.height)]"
            case .everything: "everything"
            case .ultrasoundRegions: "ultrasound-regions"
            }
        return paint.kind == .keep ? "keep: \(area)" : area
    }

    // MARK: - Layout

    private static func item(_ lines: [String]) -> [String] {
        lines.enumerated().map { ($0 == 0 ? "- " : "  ") + $1 }
    }

    private static func nested(_ lines: [String]) -> [String] { lines.map { "  " + $0 } }

    /// In double quotes; what may not stand for itself in YAML is written as a number.
    private static func quoted(_ text: String) -> String {
        let scalars = text.unicodeScalars.map { scalar -> String in
            switch scalar {
            case "\"", "\\": return "\\\(scalar)"
            case " "..."~": return String(scalar)
            default:
                if scalar.properties.isAlphabetic { return String(scalar) }
                let digits = String(scalar.value, radix: 16)
                return "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
            }
        }
        return "\"" + scalars.joined() + "\""
    }
}
