import DICOMFile
import DICOMModel
import HeaderDeidentification

extension WorkerTasks {
    /// De-identifies a header in memory and says what became of each Attribute, and by which rule.
    func explain(_ path: String, showsValues: Bool) throws -> Explanation {
        let original = try readOrUnpack(path)
        var explanation = Explanation(
            rows: [], masks: [], refusals: refusals(of: original), residuals: [], blocking: 0, failure: nil)
        var result = original
        var scripted: HeaderPlan.Scripted?
        var trail: DeidentificationTrail?
        var deidentifier = deidentifier
        deidentifier.keepsTrail = true
        do {
            scripted = try plan.runScripts(on: original)
            trail = try plan.deidentify(
                &result, original: original.dataSet, by: deidentifier, pixels: .notExamined)?.trail
        } catch let error as ScriptFailure {
            explanation.failure = error.description
        } catch {
            explanation.failure = FailureReason.code(for: error).rawValue
        }
        explanation.masks = (scripted?.results ?? []).enumerated().flatMap { number, result in
            result.redactions.map { mask in
                "script \(number + 1), line \(mask.line): \(mask.region.width) × \(mask.region.height) at "
                    + "(\(mask.region.x), \(mask.region.y))"
            }
        }
        try explainRules(original, in: &explanation)
        guard explanation.failure == nil else { return explanation }
        let comparison = HeaderComparison(
            plan: plan, deidentifier: deidentifier, original: original.dataSet, result: result.dataSet,
            scripted: scripted?.results ?? [], trail: trail, showsValues: showsValues)
        explanation.rows = comparison.rows()
        // `clean` takes comments out of compressed streams, which are left as they are here.
        let residuals = try sweep(of: original).residuals(in: result).filter { !$0.isInPixels }
        explanation.residuals = residuals.map(\.description)
        explanation.blocking = residuals.count(where: \.isBlocking)
        return explanation
    }

    /// Looks for what identifies `original`; scripts that do the profile's work retain nothing.
    func sweep(of original: DICOMObject) -> ResidualSweep {
        ResidualSweep(
            original: original, profile: plan.isScriptOnly ? .basic : deidentifier.profile,
            isScriptOnly: plan.isScriptOnly, plan: plan)
    }
}
