import DICOMFile
import DICOMModel
import HeaderDeidentification
import Ledger
import PixelRedaction

extension WorkerTasks {
    /// Why the lists or the scripts of the run keep an object out.
    func refusals(of object: DICOMObject) -> [ReasonCode] {
        var reasons: [ReasonCode] = []
        switch consent?.verdict(on: object.dataSet) {
        // Nothing else is said, or done, about this patient.
        case .notAllowed: return ["opted-out"]
        case .unknown: reasons.append("no-nhs-number")
        case .allowed, nil: break
        }
        if plan.cohort != nil, plan.cohortLabels(of: object.dataSet) == nil { reasons.append("outside-cohort") }
        guard !Self.isDirectory(object) else { return reasons }
        do {
            if try plan.runScripts(on: object).isRejected { reasons.append("script-rejected") }
        } catch {
            reasons.append("script-failed")
        }
        return reasons
    }

    /// What the Study is called before and after; nil where the header can't be de-identified, so that it never leaves.
    func link(of object: DICOMObject) -> LinkRecord? {
        var result = object
        do {
            try plan.deidentify(&result, original: object.dataSet, by: deidentifier, pixels: .noPixels)
        } catch {
            return nil
        }
        return LinkRecord(original: object.dataSet, result: result.dataSet, plan: plan)
    }

    /// The rectangles of `alterPixels`, on every frame, cut to it.
    func scriptFindings(in object: DICOMObject, _ reader: ImageReader) throws -> [Finding] {
        let results = try plan.runScripts(on: object).results
        let frames = Array(reader.frameNumbers)
        return results.enumerated().flatMap { number, result in
            result.redactions.compactMap { redaction -> Finding? in
                let region = redaction.region.intersection(reader.description.bounds)
                guard !region.isEmpty else { return nil }
                return Finding(
                    region: region, frames: frames, category: .byScript, source: .pixels,
                    rules: ["script-\(number + 1)-line-\(redaction.line)"], engine: "dicomedit", score: 1)
            }
        }
    }
}
