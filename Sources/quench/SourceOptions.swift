import ArgumentParser
import Foundation
import Pipeline

/// The site's own files: scripts and lists.
struct SourceOptions: ParsableArguments {
    @Option(
        name: .customLong("script"), parsing: .singleValue,
        help: "A DicomEdit 6 script, run on each object as XNAT would. Can be repeated: site first, then project.")
    var scripts: [String] = []

    @Option(help: "Tables for `lookup` in scripts: lines such as pid/12345 = SUBJ-1.")
    var lookup: String?

    @Flag(help: "Run scripts that XNAT would refuse, where their meaning is clear.")
    var tolerant = false

    @Option(help: "The project's label, for scripts and for XNAT.")
    var project: String?

    @Option(
        help: """
            A list of studies with XNAT's relabelling columns (Accession Number, or Patient ID and Study Date; Subject; \
            Session; Project). Others are held back.
            """)
    var cohort: String?

    @Option(help: "A list of NHS numbers that may be used; others are kept out.")
    var allowList: String?

    @Option(help: "A list of NHS numbers that may not be used.")
    var optOut: String?

    mutating func validate() throws {
        if let project, !HeaderSources.isLabel(project) {
            throw ValidationError("--project takes letters, digits, _ and -, 64 at most, as XNAT does")
        }
    }

    func loaded() throws -> HeaderSources {
        var sources = HeaderSources()
        sources.scripts = try scripts.map { try Self.text($0, "a script") }
        sources.toleratesScripts = tolerant
        sources.project = project
        sources.lookups = try lookup.map { try Self.text($0, "the file of lookup tables") }
        sources.cohort = try cohort.map { try Self.text($0, "the cohort list") }
        sources.allowList = try allowList.map { try Self.text($0, "the allow list") }
        sources.optOutList = try optOut.map { try Self.text($0, "the opt-out list") }
        return sources
    }

    /// A path may name a patient, and is not repeated.
    private static func text(_ path: String, _ what: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: path), data.count <= 64 << 20,
            let text = String(data: data, encoding: .utf8)
        else {
            throw PipelineError(.terms, "\(what) can't be read", hint: "it must be text in UTF-8")
        }
        return text
    }
}
