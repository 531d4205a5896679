import DICOMFile
import DICOMModel
import DeviceRules
import Ledger
import PixelRedaction

extension WorkerTasks {
    private func rules(for object: DICOMObject, _ summary: InstanceSummary) throws -> [DeviceRule] {
        let format = DeviceFormat(summary)
        return try configuration.deviceRules.filter { try $0.applies(to: object, format: format) }
    }

    /// What the rules that reject or hold say to an object; one that can't be judged holds.
    func ruleAction(for object: DICOMObject, _ summary: InstanceSummary) -> Policy.SeriesAction {
        guard let rules = try? rules(for: object, summary) else { return .quarantine }
        let effects = rules.map(\.effect)
        if effects.contains(.reject) { return .reject }
        return effects.contains(.quarantine) ? .quarantine : .inspect
    }

    /// Adds the boxes of the rules that mask; where a rule can't be applied, the reason that holds the instance.
    func addRuleFindings(in object: DICOMObject, _ reader: ImageReader, to inspected: inout Inspected) throws {
        do {
            inspected.findings += try ruleFindings(in: object, reader, inspected.summary)
        } catch is DeviceRuleError {
            inspected.reasons.append("rule-failed")
        }
    }

    /// On every frame, cut to the image; the boxes don't overlap.
    ///
    /// - Throws: `DeviceRuleError` where a box lies outside the image.
    private func ruleFindings(in object: DICOMObject, _ reader: ImageReader, _ summary: InstanceSummary) throws
        -> [Finding]
    {
        let frames = Array(reader.frameNumbers)
        let rules = try rules(for: object, summary)
        let mask = try Self.mask(of: rules, object, bounds: reader.description.bounds)
        let alone = try rules.map { ($0, try Self.mask(of: [$0], object, bounds: reader.description.bounds)) }
        return mask.regions.map { region in
            let names = alone.filter { $1.regions.contains { $0.intersects(region) } }.map { "rule: " + $0.0.name }
            return Finding(
                region: region, frames: frames, category: .byRule, source: .pixels, rules: names,
                engine: "device-rules", score: 1)
        }
    }

    private static func mask(
        of rules: [DeviceRule], _ object: DICOMObject, bounds: PixelRegion
    ) throws -> RuleMask {
        var mask = RuleMask(bounds: bounds)
        for rule in rules {
            if case .mask(let paints) = rule.effect { try mask.paint(paints, of: object.dataSet) }
        }
        return mask
    }

    /// Adds which rules apply to an object, and what they do.
    func explainRules(_ object: DICOMObject, in explanation: inout Explanation) throws {
        guard !configuration.deviceRules.isEmpty else { return }
        let summary = summary(of: object, seriesKind: "")
        let bounds = PixelRegion(x: 0, y: 0, width: summary.columns ?? 0, height: summary.rows ?? 0)
        for rule in configuration.deviceRules {
            do {
                guard try rule.applies(to: object, format: DeviceFormat(summary)) else { continue }
                switch rule.effect {
                case .reject, .quarantine:
                    explanation.rules.append("\(rule.name): \(rule.effect == .reject ? "rejects" : "holds")")
                case .mask:
                    let mask = summary.rows == nil ? nil : try Self.mask(of: [rule], object, bounds: bounds)
                    explanation.rules.append("\(rule.name): masks")
                    explanation.masks += (mask?.regions ?? []).map { region in
                        "rule \(rule.name): \(region.width) × \(region.height) at (\(region.x), \(region.y))"
                    }
                }
            } catch let error as DeviceRuleError {
                explanation.rules.append("\(rule.name): \(error.message)")
                explanation.refusals.append("rule-failed")
            }
        }
        switch ruleAction(for: object, summary) {
        case .reject: explanation.refusals.append("rule-rejected")
        case .quarantine where !explanation.refusals.contains("rule-failed"): explanation.refusals.append("rule-held")
        default: break
        }
    }
}
