import ArgumentParser
import DeviceRules
import Foundation
import HeaderDeidentification
import Pipeline

/// What is known of single devices: shown, learnt, imported, accepted.
struct RulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules",
        abstract: "Device rules of a policy: show them, learn them from reviews, import and accept them.",
        discussion: """
            A rule says which boxes are masked on the images of a device, whatever the detector finds besides; or that such \
            images are rejected or held. `propose` and `import` write a file of rules, to be looked at; `accept` puts them into \
            a policy. docs/policy.md says how they are written.
            """,
        subcommands: [Show.self, Propose.self, Import.self, Accept.self])

    /// Prints a file of rules, or writes it to where it was asked for.
    static func write(_ text: String, to path: String?) throws {
        guard let path else { return Console.write(text.hasSuffix("\n") ? String(text.dropLast()) : text) }
        guard !FileManager.default.fileExists(atPath: path) else {
            throw PipelineError(.policy, "the file for the rules is there already", hint: "name another with --out")
        }
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw PipelineError(.policy, "the file for the rules can't be written", hint: "check its folder")
        }
    }
}

extension RulesCommand {
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The rules of a policy, or of an output's.")

        @Option(help: "A policy, or a file of rules.")
        var policy: String?

        @Argument(help: "The output folder of `quench clean`.")
        var folder: String?

        @Flag(help: "Print results as JSON on standard output.")
        var json = false

        mutating func validate() throws {
            guard (policy == nil) != (folder == nil) else {
                throw ValidationError("name an output folder, or a policy with --policy")
            }
        }

        func run() throws {
            let policy = try folder.map(Quarantine.policy(of:)) ?? PolicyFile.load(policy)
            let rules = policy.rules.map(ShownRule.init)
            guard !json else { return Console.printJSON(rules) }
            Console.write(rules.isEmpty ? "The policy has no device rules." : rules.map(\.text).joined(separator: "\n"))
        }
    }

    struct Propose: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Learn rules from what people released masked; nothing is changed by it.",
            discussion: """
                One rule for each device and size, of the boxes that were masked on at least half of what people released \
                masked. Comments say on how much of the present set it would act, and where it differs from the detector.
                """)

        @OptionGroup var place: QuarantineCommand.Place

        @Argument(help: "Only the device of this Series or instance, by its pseudonym or the end of it.")
        var name: String?

        @Option(help: "A new file for the rules; printed without.")
        var out: String?

        func run() throws {
            let proposals = try place.quarantine().ruleProposals(for: name)
            if place.json { return Console.printJSON(proposals) }
            guard !proposals.isEmpty else {
                return Console.error("quench: people released nothing masked yet, so there is nothing to learn from")
            }
            let text = PolicyRules.text(of: proposals.map(\.rule), notes: proposals.flatMap(\.notes))
            try RulesCommand.write(text, to: out)
        }
    }

    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Carry rules over from CTP's DicomPixelAnonymizer script or a deid recipe.",
            discussion: """
                What can't be carried over is listed on standard error with its lines and the reason, and in the file. Exit \
                code 3 where something is left out.
                """)

        @Argument(help: "The script or recipe.")
        var file: String

        @Option(help: "ctp or deid; told by the text without.")
        var form: ImportedRules.Form?

        @Flag(help: "Images that a recipe blacklists are rejected, not held.")
        var rejectBlacklisted = false

        @Option(help: "A new file for the rules; printed without.")
        var out: String?

        @Flag(help: "Print what was carried over, and what wasn't, as JSON on standard output.")
        var json = false

        func run() throws {
            guard let data = FileManager.default.contents(atPath: file), data.count <= 16 << 20,
                !data.contains(0)
            else {
                throw PipelineError(.policy, "the file of rules can't be read", hint: "it must be text")
            }
            let imported: ImportedRules
            do throws(DeviceRuleError) {
                imported = try ImportedRules(
                    parsing: String(decoding: data, as: UTF8.self), form: form, rejectsBlacklisted: rejectBlacklisted)
            } catch {
                throw PipelineError(.policy, error.message, hint: "--form says which it is")
            }
            let notes = imported.notes.map(\.line)
            let summary = "\(imported.rules.count) rules carried over from \(imported.form.rawValue)"
            let text = PolicyRules.text(of: imported.rules, notes: [summary] + notes)
            _ = try Policy(yaml: text)
            if json {
                Console.printJSON(Imported(rules: imported.rules.map(ShownRule.init), notes: imported.notes))
            } else {
                for note in notes { Console.error("quench: " + note) }
                Console.error("quench: \(summary).")
            }
            if out != nil || !json { try RulesCommand.write(text, to: out) }
            if !imported.isComplete { throw ExitStatus.quarantine }
        }

        private struct Imported: Encodable {
            var rules: [ShownRule]
            var notes: [ImportedRules.Note]
        }
    }

    struct Accept: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put rules into a policy file, behind those that it has.",
            discussion: """
                An output folder has one policy, so rules act on new outputs; what is held in an old one is released by \
                `quench quarantine release --alike`.
                """)

        @Argument(help: "A file of rules, as `propose` and `import` write it.")
        var file: String

        @Option(help: "The policy file; made where it isn't there.")
        var policy: String

        @Option(name: .customLong("rule"), help: "Only the rule of this name. Repeat for more.")
        var names: [String] = []

        @Option(name: .customLong("as"), help: "The name of the person who accepts them; it goes into the policy.")
        var person: String

        @Flag(help: "Print results as JSON on standard output.")
        var json = false

        func run() throws {
            let reviewer = try Reviewer(person)
            let offered = try PolicyFile.load(file).rules
            if let missing = names.first(where: { name in !offered.contains { $0.name == name } }) {
                throw PipelineError(.policy, "the file has no rule `\(missing)`")
            }
            let rules = names.isEmpty ? offered : offered.filter { names.contains($0.name) }
            guard !rules.isEmpty else { throw PipelineError(.policy, "the file has no rules") }
            let accepted = try PolicyRules.accept(rules, intoPolicyAt: policy, by: reviewer)
            json
                ? Console.printJSON(["accepted": "\(rules.count)", "policy": accepted.digest])
                : Console.write("\(rules.count) rules accepted. The policy's digest is now \(accepted.digest).")
        }
    }
}

extension ImportedRules.Note {
    fileprivate var line: String {
        let place = firstLine == lastLine ? "line \(firstLine)" : "lines \(firstLine) to \(lastLine)"
        return "\(place): \(kind == .leftOut ? "left out" : "carried over, but"): \(reason)"
    }
}
