import DICOMModel
import HeaderDeidentification

/// The texts of the files that decide on headers besides the policy, as a run was given them; a worker gets them through
/// its pipe, since they name patients.
public struct HeaderSources: Sendable, Codable {
    /// DicomEdit scripts, in the order in which they are run.
    public var scripts: [String] = []
    /// Tables for `lookup` in scripts, in XNAT's form.
    public var lookups: String?
    /// Whether scripts that XNAT would refuse are run where their meaning is clear.
    public var toleratesScripts = false
    public var project: String?
    /// A cohort list in XNAT's relabelling form.
    public var cohort: String?
    /// NHS numbers that may be used, and that may not.
    public var allowList: String?
    public var optOutList: String?
    /// Whether workers tell the parent which Study became which, for the sealed link table.
    public var wantsLinks = false

    public init() {}

    /// Whether XNAT takes a text for a project's label.
    public static func isLabel(_ text: String) -> Bool { SubjectLabels.isLabel(text) }

    /// What an output folder is bound to: SHA-256 of each script, the project, and HMACs of the lists under the project
    /// key, since whoever had the plain digest of a short list of numbers could guess them.
    func terms(key: ProjectKey, order: ScriptOrder) -> [String: String] {
        let pseudonyms = Pseudonyms(key: key)
        var terms: [String: String] = [:]
        for (index, script) in scripts.enumerated() { terms["script:\(index + 1)"] = Policy.digest(of: script) }
        if !scripts.isEmpty { terms["scripts"] = order.rawValue + (toleratesScripts ? ", tolerant" : "") }
        terms["project"] = project
        for (name, text) in [
            ("cohort", cohort), ("allow-list", allowList), ("opt-out", optOutList), ("lookups", lookups),
        ] {
            terms[name] = text.map { pseudonyms.token($0, domain: name, length: 64) }
        }
        return terms
    }

    /// Reads everything.
    ///
    /// - Throws: `PipelineError` with code `.terms` for a script that is refused, or that wants a variable which nobody
    ///   gives; `HeaderDeidentificationError` with code `.listMalformed`.
    func plan(pseudonyms: Pseudonyms, rules: Policy.HeaderRules) throws -> HeaderPlan {
        let parsed = try scripts.enumerated().map { index, text in
            do throws(DicomEditError) {
                return try DicomEditScript(parsing: text, tolerance: toleratesScripts ? .tolerant : .strict)
            } catch {
                let line = error.position.map { ", line \($0.line)" } ?? ""
                throw PipelineError(.terms, "script \(index + 1)\(line): \(error.message)", hint: error.hint)
            }
        }
        let cohort = try cohort.map { text in try Cohort(parsing: text) }
        for (index, script) in parsed.enumerated() {
            var missing = script.givenVariables.subtracting(ScriptContext.standardVariables)
            if project == nil, cohort?.namesProjects != true, script.givenVariables.contains("project") {
                missing.insert("project")
            }
            guard let name = missing.sorted().first else { continue }
            let hint = name == "project" ? "give --project, or a cohort list with a Project in every row" : nil
            throw PipelineError(.terms, "script \(index + 1) uses the variable \(name), which nobody gives", hint: hint)
        }
        return HeaderPlan(
            pseudonyms: pseudonyms, scripts: parsed, order: rules.scriptOrder, cohort: cohort, project: project,
            accessionNumbers: rules.accessionNumbers, agesFrom90: rules.agesFrom90, lookups: try lookupTables())
    }

    private func lookupTables() throws -> [String: [String: Sensitive<String>]] {
        guard let lookups else { return [:] }
        do throws(DicomEditError) {
            return try ScriptContext.lookups(parsing: lookups)
        } catch {
            let line = error.position.map { "lookup tables, line \($0.line): " } ?? ""
            throw PipelineError(.terms, line + error.message, hint: error.hint)
        }
    }

    /// Nil where no list is given.
    ///
    /// - Throws: `PipelineError` with code `.terms` for an empty list, `HeaderDeidentificationError` with code
    ///   `.listMalformed`.
    func consent() throws -> ConsentLists? {
        guard allowList != nil || optOutList != nil else { return nil }
        for (name, text) in [("allow list", allowList), ("opt-out list", optOutList)] {
            guard let text, text.allSatisfy(\.isWhitespace) else { continue }
            throw PipelineError(
                .terms, "the \(name) is empty, as after an export that failed",
                hint: "a list of nobody is a line with NHS Number")
        }
        return try ConsentLists(allowList: allowList, optOutList: optOutList)
    }
}

// A list in a dump would be patient data.
extension HeaderSources: CustomStringConvertible, CustomReflectable {
    public var description: String { "‹scripts and lists›" }
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
