import DICOMFile
import DICOMModel
import DeviceRules
import Ledger
import PixelRedaction

extension WorkerTasks {
    /// The device rules that apply to an object, and those that can't be judged on it, with why.
    private func judgedRules(
        on object: DICOMObject, _ summary: InstanceSummary
    ) -> [(rule: DeviceRule, failure: DeviceRuleError?)] {
        let format = DeviceFormat(summary)
        return configuration.deviceRules.compactMap { rule in
            do {
                return try rule.applies(to: object, format: format) ? (rule, nil) : nil
            } catch {
                return (rule, error as? DeviceRuleError ?? DeviceRuleError("it can't be judged on this object"))
            }
        }
    }

    private func rules(for object: DICOMObject, _ summary: InstanceSummary) throws -> [DeviceRule] {
        try judgedRules(on: object, summary).map { judged in
            if let failure = judged.failure { throw failure }
            return judged.rule
        }
    }

    /// What the rules that reject or hold say to an object by its header alone.
    func ruleVerdict(on object: DICOMObject, _ summary: InstanceSummary) -> RuleVerdict {
        RuleVerdict(judgedRules(on: object, summary))
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
        func refuse(_ reason: ReasonCode) {
            if !explanation.refusals.contains(reason) { explanation.refusals.append(reason) }
        }
        let judged = judgedRules(on: object, summary)
        for (rule, failure) in judged {
            do {
                if let failure { throw failure }
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
                refuse("rule-failed")
            }
        }
        if let reason = RuleVerdict(judged).reason { refuse(reason) }
    }
}

extension RuleVerdict {
    /// A rule that can't be judged might have held or rejected, whatever the others say.
    fileprivate init(_ judged: [(rule: DeviceRule, failure: DeviceRuleError?)]) {
        if judged.contains(where: { $0.failure != nil }) {
            self = .failed
        } else if judged.contains(where: { $0.rule.effect == .reject }) {
            self = .reject
        } else {
            self = judged.contains { $0.rule.effect == .quarantine } ? .quarantine : .inspect
        }
    }
}
