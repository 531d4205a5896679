import ArgumentParser
import Pipeline

extension QuarantineCommand {
    struct Withdraw: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take back what was released.",
            discussion: """
                The file leaves released/ and the File-set, and the ledger says who did it and why. Where its original is in \
                quarantine, or --original gives it, it is held again: mask it and release it anew. Else nothing of it is left \
                in the output. What was passed on has to be called back by people.
                """)

        @OptionGroup var place: Place
        @OptionGroup var act: Act

        @Option(
            name: .customLong("original"), parsing: .singleValue,
            help: "The input file, or a folder in which it is; it is sealed into quarantine. Can be repeated.")
        var originals: [String] = []

        func run() throws {
            let results = try place.quarantine(isOfHeldAlone: false).withdraw(
                act.name, originals: originals, by: act.reviewer(), because: act.because())
            try act.renewReports(of: place)
            place.json ? Console.printJSON(results) : Console.write(results.map(\.line).joined(separator: "\n"))
        }
    }

    struct Delete: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete the originals of what was decided now, before the retention time is over.")

        @OptionGroup var place: Place
        @OptionGroup var act: Act

        func run() throws {
            let count = try place.quarantine().delete(act.name, by: act.reviewer(), because: act.because())
            try act.renewReports(of: place)
            place.json
                ? Console.printJSON(["deleted": count])
                : Console.write(count == 1 ? "1 original deleted." : "\(count) originals deleted.")
        }
    }
}
