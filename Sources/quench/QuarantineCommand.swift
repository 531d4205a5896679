import ArgumentParser
import Foundation
import HeaderDeidentification
import Ledger
import Pipeline
import Reporting

/// What is held, and what people decide about it.
struct QuarantineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quarantine",
        abstract: "List what is held, look at it, release it, reject it, send it back; take back what was released.",
        discussion: """
            The unit is the Series; one instance can be named as well. Six characters at either end of a name are enough. \
            Every act is recorded with who and why. docs/governance.md says which states there are and who may do what.
            """,
        subcommands: [
            List.self, Show.self, Review.self, Release.self, Reject.self, SendBack.self, Rescan.self, Withdraw.self,
            Delete.self, Purge.self,
        ])

    /// The output, and what its runs were given.
    struct Place: ParsableArguments {
        @Argument(help: "The output folder of `quench clean`.")
        var folder: String

        @Option(help: "The project key that the output was made with.")
        var key: String?

        @OptionGroup var sources: SourceOptions
        @OptionGroup var evidence: EvidenceOptions

        @Flag(help: "Print results as JSON on standard output.")
        var json = false

        /// - Parameter isOfHeldAlone: whether what was released doesn't matter.
        func quarantine(isOfHeldAlone: Bool = true) throws -> Quarantine {
            try Quarantine(folder: folder, configuration: configuration(), isOfHeldAlone: isOfHeldAlone)
        }

        func sampling() throws -> Sampling { try Sampling(folder: folder, configuration: configuration()) }

        func reviewers() throws -> ReviewerAccounts {
            try ReviewerAccounts(folder: folder, configuration: configuration())
        }

        /// Acts record the program's version only, so that no digest of a model is worked out for them.
        func configuration() throws -> RunConfiguration {
            var configuration = RunConfiguration(
                policy: try Quarantine.policy(of: folder), key: try KeyFile.loadExisting(key),
                sources: try sources.loaded(),
                workerCommand: RunOptions.workerCommand,
                workerCount: ProcessInfo.processInfo.activeProcessorCount, versions: ["quench": Version.current],
                interruption: RunOptions.interruptible(), progress: { _ in })
            try evidence.files.apply(to: &configuration)
            return configuration
        }

        /// One line for a person, or what became of it for a program.
        func say(_ text: String, _ status: String) {
            json ? Console.printJSON(["status": status]) : Console.write(text)
        }

        /// Makes the reports again, since what they say has changed.
        func renewReports() throws {
            let ledger = try Ledger.openReadOnly(path: folder + "/ledger.sqlite")
            try ReportWriter.report(from: ledger).write(to: folder + "/report")
        }
    }

    /// Which item, who, and why.
    struct Act: ParsableArguments {
        @Argument(help: "A Series or an instance, by its pseudonym or the end of it.")
        var name: String

        @Option(name: .customLong("as"), help: "The name of the person who decides.")
        var person: String

        @Option(help: "Why; it goes into the ledger, so name no patient.")
        var reason: String

        @Flag(
            help: "Leave the report to `quench report`, after the last of many acts; until then it isn't the ledger's.")
        var noReport = false

        func reviewer() throws -> Reviewer { try Reviewer(person) }
        func because() throws -> ReviewReason { try ReviewReason(reason) }
        func renewReports(of place: Place) throws { if !noReport { try place.renewReports() } }
    }
}

extension QuarantineCommand {
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What is held, what has waited longest first. Exit code 3 where something waits for a person.")

        @OptionGroup var place: Place

        @Flag(help: "Also what was decided.")
        var all = false

        @Option(help: "Only what `release --alike` with this name would act on: the same device, rows and columns.")
        var like: String?

        mutating func validate() throws {
            guard !all || like == nil else { throw ValidationError("--all and --like exclude each other") }
        }

        func run() throws {
            let quarantine = try place.quarantine()
            let series = try like.map(quarantine.series(like:)) ?? quarantine.series().filter { all || $0.isOpen }
            place.json ? Console.printJSON(series) : Console.write(Self.text(series))
            if series.contains(where: \.isOpen) { throw ExitStatus.quarantine }
        }

        private static func text(_ series: [HeldSeries]) -> String {
            guard !series.isEmpty else { return "Nothing waits for a person." }
            let head = ["SERIES", "MODALITY", "KIND", "INSTANCES", "HELD SINCE", "STATE", "REASONS"]
            let rows = series.map { item in
                [
                    item.name, item.modality.isEmpty ? "-" : item.modality, item.kind.isEmpty ? "-" : item.kind,
                    String(item.instances.count), String(item.heldSince.prefix(16)),
                    item.states.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }.joined(separator: " "),
                    item.reasons.joined(separator: " "),
                ]
            }
            let told = Set(series.flatMap(\.explanations)).sorted { $0.reason < $1.reason }.map(\.text)
            return (TextTable.lines([head] + rows) + (told.isEmpty ? [] : [""] + told)).joined(separator: "\n")
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What is known about a held Series or instance, and what was done about it.",
            discussion: """
                --identify says who it really is, --export writes the original for a viewer: both need the key, belong on the \
                trusted side, and are recorded.
                """)

        @OptionGroup var place: Place

        @Argument(help: "A Series or an instance, by its pseudonym or the end of it.")
        var name: String

        @Flag(help: "Print the names and numbers of patient and study: they identify.")
        var identify = false

        @Option(help: "Write the original of one instance to a new file of mode 0600.")
        var export: String?

        @Option(name: .customLong("as"), help: "The name of the person who looks; for --identify and --export.")
        var person: String?

        mutating func validate() throws {
            guard !(identify || export != nil) || person != nil else {
                throw ValidationError("--identify and --export need --as NAME: every look is recorded")
            }
        }

        func run() throws {
            let quarantine = try place.quarantine()
            var shown = Shown(series: try quarantine.series(named: name))
            if let person {
                let reviewer = try Reviewer(person)
                if identify {
                    let found = try quarantine.identities(of: name, by: reviewer)
                    shown.identities = found.links.map { link in
                        Dictionary(zip(LinkRecord.columns, link.values), uniquingKeysWith: { first, _ in first })
                    }
                    shown.unidentified = found.unknown
                }
                if let export { try quarantine.export(name, to: export, by: reviewer) }
                if identify || export != nil {
                    try place.renewReports()
                    shown.series = try quarantine.series(named: name)
                }
            }
            place.json ? Console.printJSON(shown) : Console.write(shown.text)
        }
    }

    struct Review: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take what is held under review.")

        @OptionGroup var place: Place
        @OptionGroup var act: Act

        func run() throws {
            try place.quarantine().takeUp(act.name, by: act.reviewer(), because: act.because())
            try act.renewReports(of: place)
            place.say("Under review.", ReviewState.underReview.rawValue)
        }
    }

    struct Reject: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Keep what is held out for good.")

        @OptionGroup var place: Place
        @OptionGroup var act: Act

        @Flag(help: "Delete the originals in quarantine now, not after the retention time.")
        var delete = false

        func run() throws {
            try place.quarantine().reject(
                act.name, by: act.reviewer(), because: act.because(), deletingOriginals: delete)
            try act.renewReports(of: place)
            place.say(delete ? "Rejected, originals deleted." : "Rejected.", ReviewState.rejected.rawValue)
        }
    }

    struct SendBack: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "send-back", abstract: "Keep what is held out until whoever sent it has corrected it.")

        @OptionGroup var place: Place
        @OptionGroup var act: Act

        @Flag(help: "Delete the originals in quarantine now, not after the retention time.")
        var delete = false

        func run() throws {
            try place.quarantine().sendBack(
                act.name, by: act.reviewer(), because: act.because(), deletingOriginals: delete)
            try act.renewReports(of: place)
            place.say("Sent back.", ReviewState.sentBack.rawValue)
        }
    }

    struct Rescan: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Inspect what is held again, and say what is found; nothing is released by it.")

        @OptionGroup var place: Place
        @OptionGroup var act: Act

        func run() throws {
            let quarantine = try place.quarantine()
            try quarantine.rescan(act.name, by: act.reviewer(), because: act.because())
            try act.renewReports(of: place)
            let shown = Shown(series: try quarantine.series(named: act.name))
            place.json ? Console.printJSON(shown) : Console.write(shown.text)
        }
    }

    struct Purge: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete originals of what was decided longer ago than the policy's retention-days.")

        @OptionGroup var place: Place

        @Option(name: .customLong("as"), help: "The name of the person who has them deleted.")
        var person: String

        func run() throws {
            let count = try place.quarantine().purge(by: try Reviewer(person))
            try place.renewReports()
            place.json
                ? Console.printJSON(["deleted": count]) : Console.write("\(count) originals deleted.")
        }
    }
}
