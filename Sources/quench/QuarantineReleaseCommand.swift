import ArgumentParser
import Pipeline

extension QuarantineCommand {
    struct Release: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Release what is held: masked, or as it is.",
            discussion: """
                What leaves goes through redaction, header and second look as in `clean`; what the second look refuses stays \
                held. Without --as-is what policy masks of the findings is masked, but for every --without-region, and every \
                --mask besides. Text that policy would mask and that is to stay takes a second person by policy: run the same \
                command again with another --as. Exit code 3 where something stays held.
                """)

        @OptionGroup var place: Place
        @OptionGroup var act: Act

        @Option(
            name: .customLong("mask"),
            help: """
                A box in stored pixels: x,y,width,height; with a frame or a range of frames behind it, unless it is for all: \
                x,y,width,height,3-10. Repeat for more.
                """)
        var masks: [String] = []

        @Option(help: "A region that is not to be masked, by its id in `show`. Repeat for more.")
        var withoutRegion: [String] = []

        @Flag(help: "Mask nothing: text that was found may stay.")
        var asIs = false

        @Flag(
            help: "Do the same to all held series of the same device, rows and columns; `list --like` shows them.")
        var alike = false

        mutating func validate() throws {
            guard !asIs || masks.isEmpty && withoutRegion.isEmpty else {
                throw ValidationError("--as-is excludes --mask and --without-region")
            }
        }

        func run() throws {
            let results = try place.quarantine().release(
                act.name, treatment(), alike: alike, by: act.reviewer(), because: act.because())
            try act.renewReports(of: place)
            place.json ? Console.printJSON(results) : Console.write(results.map(\.line).joined(separator: "\n"))
            if results.contains(where: { $0.status == .proposed || $0.status == .refused }) {
                throw ExitStatus.quarantine
            }
        }

        private func treatment() throws -> Quarantine.Treatment {
            guard !asIs else { return .asItIs }
            let boxes = try masks.map { text in
                guard let box = Quarantine.Box(text) else {
                    throw ValidationError(
                        "--mask takes x,y,width,height, or with frames x,y,width,height,3-10")
                }
                return box
            }
            return .masked(Set(boxes), without: Set(withoutRegion.map(RegionID.init(rawValue:))))
        }
    }
}
