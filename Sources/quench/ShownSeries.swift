import DICOMModel
import Foundation
import Ledger
import Pipeline

/// What `quench quarantine show` prints.
struct Shown: Encodable {
    var series: HeldSeries
    /// Names and numbers of patient and study, by what they are called; nil unless asked for.
    var identities: [[String: String]]?
    /// Instances of which no name or number could be read.
    var unidentified: [String]?

    init(series: HeldSeries) {
        self.series = series
    }

    var text: String {
        var lines = [
            "series      \(series.name)", "patient     \(series.patient)",
            "what        "
                + [series.modality, series.kind, series.device].filter { !$0.isEmpty }.joined(separator: ", "),
            "held since  \(series.heldSince)", "reasons     " + series.reasons.joined(separator: " "),
        ]
        lines += series.explanations.map(\.text)
        for instance in series.instances { lines += Self.lines(instance) }
        for identity in identities ?? [] {
            lines += [""] + identity.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        }
        if let unidentified, !unidentified.isEmpty {
            lines += [""] + unidentified.map { "\($0): no name or number can be read from its original" }
        }
        return lines.joined(separator: "\n")
    }

    private static func lines(_ instance: HeldInstance) -> [String] {
        var lines = ["", "\(instance.id)  \(instance.state.rawValue)  " + instance.reasons.joined(separator: " ")]
        if let rows = instance.rows, let columns = instance.columns {
            lines.append(
                "  \(columns) x \(rows), frames: \(instance.frames ?? 1), examined: \(instance.framesExamined)")
        }
        for finding in instance.findings {
            lines.append(
                "  \(finding.id.rawValue) on \(frames(finding.frames.map(\.value))), \(finding.source.rawValue), "
                    + "score \(finding.score), \(Self.words(finding.masking))")
        }
        if let name = instance.proposedBy {
            lines.append(
                "  waits for a second person; \(name) proposed "
                    + (instance.proposed.map(Self.words) ?? "to let text stay"))
        }
        for step in instance.history {
            lines.append(
                "  \(step.time) \(step.action) by \(step.by): \(step.reason) (\(step.evidence.joined(separator: ", ")))"
            )
        }
        for look in instance.looks {
            let numbers = look.frames.map(String.init).joined(separator: "-")
            lines.append("  \(look.time) \(look.by) was shown frames \(numbers) of the \(look.picture)")
        }
        if instance.originalIsDeleted { lines.append("  there is no original in quarantine") }
        return lines
    }

    private static func words(_ masking: HeldFinding.Masking) -> String {
        switch masking {
        case .kept: "kept"
        case .switchable: "masked"
        case .always: "always removed"
        }
    }

    /// As options of `release`.
    private static func words(_ treatment: Quarantine.Treatment) -> String {
        switch treatment {
        case .asItIs: "--as-is"
        case .masked(let boxes, let without):
            (boxes.map { "--mask \($0)" } + without.sorted().map { "--without-region \($0.rawValue)" })
                .joined(separator: " ")
        }
    }

    private static func frames(_ numbers: [Int]) -> String {
        guard let first = numbers.first, let last = numbers.last else { return "no frame" }
        return numbers.count == 1 ? "frame \(first)" : "\(numbers.count) frames from \(first) to \(last)"
    }
}

extension HeldSeries.Explanation {
    /// A line for a person.
    var text: String { "  \(reason): \(sentence) \(next)" }
}

extension Quarantine.Result {
    /// A line for a person.
    var line: String {
        switch status {
        case .released: "\(id)  released"
        case .releasedMasked: "\(id)  released, masked" + foundOnTheWay
        case .proposed:
            "\(id)  holds text: a second person must confirm; run the command again with another --as"
        case .refused: "\(id)  stays held: " + reasons.joined(separator: " ") + foundOnTheWay
        case .heldAgain: "\(id)  withdrawn, held again"
        case .withdrawn: "\(id)  withdrawn; there is no original in quarantine"
        }
    }

    private var foundOnTheWay: String {
        guard found > 0 else { return "" }
        return "; \(found) region\(found == 1 ? " was" : "s were") found on the way"
            + (status == .releasedMasked ? ", masked as well" : ": `show` lists them")
    }
}
