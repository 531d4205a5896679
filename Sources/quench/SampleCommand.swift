import ArgumentParser
import Foundation
import HeaderDeidentification
import Ledger
import Pipeline
import Reporting

/// Random samples of released instances, and the verdicts on them.
struct SampleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample",
        abstract: "Draw a random sample of released instances for a person to look at; state the residual risk.",
        subcommands: [Draw.self, Verdict.self, Status.self], defaultSubcommand: Draw.self)

    struct Draw: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Draw a sample and record it in the ledger.")

        @OptionGroup var place: QuarantineCommand.Place

        @Option(help: "How many instances.")
        var size: Int

        @Option(help: "Where the drawing starts: the same seed draws the same again. By default a random one.")
        var seed: String?

        mutating func validate() throws {
            guard size > 0 else { throw ValidationError("--size takes 1 or more") }
        }

        func run() throws {
            let sample = try place.sampling().draw(size: size, seed: seed)
            try place.renewReports()
            place.json ? Console.printJSON(sample) : Console.write(sample.text)
        }
    }

    struct Verdict: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Record what a person saw in instances of the last sample.")

        @OptionGroup var place: QuarantineCommand.Place

        @Argument(help: "Instances of the sample, by their names there; `rest` for all that have no verdict yet.")
        var names: [String]

        @Option(help: "clean, identifying or unsure.")
        var verdict: String

        @Option(name: .customLong("as"), help: "The name of the person who looked.")
        var person: String

        mutating func validate() throws {
            guard Judged.Verdict(rawValue: verdict) != nil else {
                throw ValidationError("--verdict takes clean, identifying or unsure")
            }
        }

        func run() throws {
            guard let seen = Judged.Verdict(rawValue: verdict) else { return }
            let sample = try place.sampling().judge(names, seen, by: try Reviewer(person))
            try place.renewReports()
            place.json ? Console.printJSON(sample) : Console.write(sample.text)
            if !place.json, seen != .clean {
                Console.write("Take back what may not stay: quench quarantine withdraw DIR NAME --as WHO --reason WHY")
            }
        }
    }

    struct Status: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What the last sample says, and what sample a target would take.")

        @OptionGroup var place: QuarantineCommand.Place

        @Option(help: "A share of released instances, such as 0.001: what sample would show that it isn't exceeded.")
        var target: Double?

        func run() throws {
            let sample = try place.sampling().last(target: target)
            place.json ? Console.printJSON(sample) : Console.write(sample.text)
        }
    }
}

extension DrawnSample {
    fileprivate var text: String {
        var lines = items.map { "\($0.id)  \($0.verdict?.rawValue ?? "-")  \($0.path.isEmpty ? "withdrawn" : $0.path)" }
        lines.append(
            "Sample \(sums.number), seed \(sums.seed): \(items.count) of \(sums.population) released instances, "
                + "\(sums.judged) judged, \(sums.identifying) with identifying text or doubt.")
        if let upperBound = sums.upperBound {
            lines.append(
                "With 95 % confidence no more than \(Self.percent(upperBound)) of released instances hold identifying text, "
                    + "of the \(sums.population) released when it was drawn."
            )
        } else {
            lines.append("The bound is stated once all of them are judged.")
        }
        if let target, let sampleForTarget {
            lines.append("\(Self.percent(target)) would take a sample of \(sampleForTarget), all of them clean.")
        }
        return lines.joined(separator: "\n")
    }

    private static func percent(_ share: Double) -> String { String(format: "%.3g %%", 100 * share) }
}
