import DICOMModel
import DeviceRules
import Pipeline

/// A device rule for people, and for `--json`.
struct ShownRule: Encodable {
    var name: String
    var device: DeviceMatch?
    /// As an expression; nil where the header isn't asked.
    var when: String?
    /// `mask`, `reject` or `quarantine`.
    var effect: String
    /// What is masked, in order: `0,0,640,40`, `everything`, `keep ultrasound-regions`.
    var areas: [String]

    init(_ rule: DeviceRule) {
        name = rule.name
        device = rule.device
        when = rule.condition?.description
        switch rule.effect {
        case .mask(let paints): (effect, areas) = ("mask", paints.map(Self.text))
        case .reject: (effect, areas) = ("reject", [])
        case .quarantine: (effect, areas) = ("quarantine", [])
        }
    }

    private static func text(_ paint: RulePaint) -> String {
        let area =
            switch paint.area {
            case .box(let box): "\(box.x),\(box.y),\(box.width),\(box.height)"
            case .everything: "everything"
            case .ultrasoundRegions: "ultrasound-regions"
            }
        return paint.kind == .keep ? "keep " + area : area
    }

    var text: String {
        var lines = [name]
        if let device {
            let words = [
                device.modality, device.manufacturer, device.model, device.rows.map { "\($0) rows" },
                device.columns.map { "\($0) columns" },
            ]
            lines.append("  device  " + words.compactMap(\.self).joined(separator: ", "))
        }
        if let when { lines.append("  when    " + when) }
        lines.append("  then    " + ([effect] + areas).joined(separator: " "))
        return lines.joined(separator: "\n")
    }
}

extension RuleProposal {
    /// What it would do, as comments for the file of rules.
    var notes: [String] {
        var lines = [
            "\(rule.name): learnt from \(reviewed) reviewed images; would act on \(instances) of this set, in \(series) series.",
            "  The detector, on the \(examined) examined: \(findingsInside) findings in the boxes, \(findingsOutside) outside "
                + "(on \(instancesWithFindingsOutside) images), which are masked as well.",
        ]
        lines += boxes.map { box in
            let region = box.region
            return "  [\(region.x), \(region.y), \(region.width), \(region.height)]: masked on \(box.reviewed) of "
                + "\(reviewed) reviewed; without a finding on \(box.withoutFinding) of \(examined)."
        }
        return lines
    }
}
