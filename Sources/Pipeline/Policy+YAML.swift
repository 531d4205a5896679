import DICOMModel
import HeaderDeidentification
import PixelRedaction
import Yams

extension Policy {
    /// Reads a policy; what it leaves out is as in the built-in one.
    ///
    /// - Throws: `PipelineError` with code `.policy` that names the line of an unknown key or a wrong value.
    public init(yaml: String) throws {
        let node: Node?
        do {
            node = try Yams.compose(yaml: yaml)
        } catch let error as YamlError {
            throw PipelineError(.policy, "the policy is not valid YAML: \(Self.position(of: error))")
        }
        guard let node, case .mapping(let root) = node else {
            throw PipelineError(.policy, "the policy is empty", hint: "`quench policy` prints the built-in one")
        }
        self = yaml == Self.defaultSource ? Self.bare : try Policy(yaml: Self.defaultSource)
        source = yaml
        let reader = PolicyReader()
        try reader.read(root, known: Self.sections) { key, value in
            switch key {
            case "version": try reader.require(value, oneOf: ["1"], key: key)
            case "series": try reader.readSeries(value, into: &self)
            case "findings": try reader.readFindings(value, into: &self)
            case "pixels": try reader.readPixels(value, into: &self)
            case "deidentification": try reader.readDeidentification(value, into: &self)
            case "scripts": try reader.readScripts(value, into: &self)
            case "cohort": try reader.readCohort(value, into: &self)
            case "consent": try reader.readConsent(value, into: &self)
            case "quarantine": try reader.readQuarantine(value, into: &self)
            case "identifiers": try reader.readIdentifiers(value, into: &self)
            case "report": try reader.readReport(value, into: &self)
            case "rules": rules = try reader.readRules(value)
            default: try reader.readLimits(value, into: &self)
            }
        }
        guard root["version"] != nil else {
            throw PipelineError(.policy, "the policy has no `version`", hint: "begin it with `version: 1`")
        }
    }

    private static let sections: Set<String> = [
        "version", "series", "findings", "pixels", "deidentification", "limits", "scripts", "cohort", "consent",
        "identifiers", "quarantine", "report", "rules",
    ]

    /// Where reading the built-in text starts from.
    private static let bare = Policy(
        series: [:], findings: [.byScript: .mask, .byRule: .mask], cineMask: .union, maximumMaskedShare: 1,
        safeTextConfidence: 1, fallback: .none,
        deidentification: .basic,
        limits: Limits(workerMegabytes: 1024, secondsPerFile: 60, secondsPerFrame: 1, archiveEntryMegabytes: 1024),
        header: .standard,
        admission: Admission(outsideCohort: .quarantine, notAllowed: .reject, withoutNumber: .quarantine),
        quarantine: QuarantineRules(hold: .series, fourEyes: .required, retentionDays: 365),
        report: ReportRules(contactSheets: .off, framesPerSheet: 1, mostSheets: 1), rules: [],
        source: "")

    private static func position(of error: YamlError) -> String {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            "line \(mark.line): \(problem)"
        case .duplicatedKeysInMapping(_, let context): "line \(context.mark.line): a key stands twice"
        default: "it could not be read"
        }
    }
}

/// Walks the nodes of a policy and says the line of whatever it doesn't know.
struct PolicyReader {
    static let seriesKinds: Set<String> = [
        "image", "ultrasound", "segmentation", "rt", "presentation-state", "waveform", "dose-page", "patient-protocol",
        "exam-summary", "structured-report", "encapsulated-document", "directory", "screen-capture",
        "secondary-capture", "scanned-document", "fusion", "video", "raw-data", "other-non-image",
    ]

    func read(
        _ mapping: Node.Mapping, known: Set<String>, each: (String, Node) throws -> Void
    ) throws {
        var seen: Set<String> = []
        for (key, value) in mapping {
            guard let name = key.string, known.contains(name) else {
                throw unknown("key `\(key.string ?? "?")`", at: key, known: known)
            }
            guard seen.insert(name).inserted else {
                throw error(at: key, "`\(name)` stands twice")
            }
            try each(name, value)
        }
    }

    func section(_ node: Node, _ name: String) throws -> Node.Mapping {
        guard case .mapping(let mapping) = node else {
            throw error(at: node, "`\(name)` must hold keys and values")
        }
        return mapping
    }

    func require(_ node: Node, oneOf values: Set<String>, key: String) throws {
        guard let text = node.scalar?.string, values.contains(text) else {
            throw unknown("value for `\(key)`", at: node, known: values)
        }
    }

    func choice<Value: RawRepresentable & CaseIterable>(_ node: Node, key: String) throws -> Value
    where Value.RawValue == String {
        guard let text = node.scalar?.string, let value = Value(rawValue: text) else {
            throw unknown("value for `\(key)`", at: node, known: Set(Value.allCases.map(\.rawValue)))
        }
        return value
    }

    func number(_ node: Node, key: String, in range: ClosedRange<Double>) throws -> Double {
        guard let text = node.scalar?.string, let value = Double(text), range.contains(value) else {
            throw error(at: node, "`\(key)` must be a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    func readSeries(_ node: Node, into policy: inout Policy) throws {
        try read(section(node, "series"), known: Self.seriesKinds) { key, value in
            policy.series[key] = try choice(value, key: key) as Policy.SeriesAction
        }
    }

    func readFindings(_ node: Node, into policy: inout Policy) throws {
        // A rectangle that the site asks for is masked, whatever stands in it.
        let known = Set(FindingCategory.allCases.filter { !$0.isAskedFor }.map(\.rawValue))
        try read(section(node, "findings"), known: known) { key, value in
            guard let category = FindingCategory(rawValue: key) else { return }
            policy.findings[category] = try choice(value, key: key) as Policy.FindingAction
        }
    }

    func readPixels(_ node: Node, into policy: inout Policy) throws {
        let known: Set<String> = ["cine-mask", "maximum-masked-share", "safe-text-confidence", "fallback"]
        try read(section(node, "pixels"), known: known) { key, value in
            switch key {
            case "cine-mask": policy.cineMask = try choice(value, key: key)
            case "fallback": policy.fallback = try choice(value, key: key)
            case "maximum-masked-share": policy.maximumMaskedShare = try number(value, key: key, in: 0...1)
            default: policy.safeTextConfidence = try number(value, key: key, in: 0...1)
            }
        }
    }

    func readDeidentification(_ node: Node, into policy: inout Policy) throws {
        var options = policy.deidentification.options
        var days = policy.deidentification.dateShiftDays
        let known: Set<String> = ["options", "date-shift-days"]
        try read(section(node, "deidentification"), known: known) { key, value in
            switch key {
            case "options": options = try readOptions(value)
            default: days = try readDays(value, key: key)
            }
        }
        do {
            policy.deidentification = try DeidentificationProfile(options: options, dateShiftDays: days)
        } catch let problem as HeaderDeidentificationError {
            throw error(at: node, problem.message, hint: problem.hint)
        }
    }

    private func readOptions(_ node: Node) throws -> Set<ProfileOption> {
        var options: Set<ProfileOption> = []
        for item in try items(node, "options") {
            guard options.insert(try choice(item, key: "options")).inserted else {
                throw error(at: item, "an option stands twice")
            }
        }
        return options
    }

    /// Two whole numbers, the least and the most.
    private func readDays(_ node: Node, key: String) throws -> ClosedRange<Int> {
        let limit = 36_525
        guard case .sequence(let sequence) = node, sequence.count == 2,
            let first = sequence[0].scalar.flatMap({ Int($0.string) }),
            let last = sequence[1].scalar.flatMap({ Int($0.string) }),
            first <= last, (-limit...limit).contains(first), (-limit...limit).contains(last)
        else {
            throw error(
                at: node, "`\(key)` must be two whole numbers, the least days and the most",
                hint: "such as [-1095, -30]")
        }
        return first...last
    }

    func readScripts(_ node: Node, into policy: inout Policy) throws {
        try read(section(node, "scripts"), known: ["order"]) { key, value in
            policy.header.scriptOrder = try choice(value, key: key)
        }
    }

    func readCohort(_ node: Node, into policy: inout Policy) throws {
        try read(section(node, "cohort"), known: ["outside"]) { key, value in
            policy.admission.outsideCohort = try refusal(value, key: key)
        }
    }

    func readConsent(_ node: Node, into policy: inout Policy) throws {
        try read(section(node, "consent"), known: ["not-allowed", "without-number"]) { key, value in
            switch key {
            case "not-allowed": policy.admission.notAllowed = try refusal(value, key: key)
            default: policy.admission.withoutNumber = try choice(value, key: key)
            }
        }
    }

    func readIdentifiers(_ node: Node, into policy: inout Policy) throws {
        let known = ["accession-number", "ages-from-90", "issuer-of-patient-id"]
        try read(section(node, "identifiers"), known: Set(known)) { key, value in
            switch key {
            case "issuer-of-patient-id": policy.header.issuers = try choice(value, key: key)
            case "accession-number": policy.header.accessionNumbers = try choice(value, key: key)
            default: policy.header.agesFrom90 = try choice(value, key: key)
            }
        }
    }

    func readQuarantine(_ node: Node, into policy: inout Policy) throws {
        try read(section(node, "quarantine"), known: ["hold", "four-eyes", "retention-days"]) { key, value in
            switch key {
            case "hold": policy.quarantine.hold = try choice(value, key: key)
            case "four-eyes": policy.quarantine.fourEyes = try choice(value, key: key)
            default: policy.quarantine.retentionDays = Int(try number(value, key: key, in: 0...36_500))
            }
        }
    }

    func readReport(_ node: Node, into policy: inout Policy) throws {
        try read(section(node, "report"), known: ["contact-sheets", "frames-per-sheet", "most-sheets"]) { key, value in
            switch key {
            case "contact-sheets": policy.report.contactSheets = try choice(value, key: key)
            case "frames-per-sheet": policy.report.framesPerSheet = try wholeNumber(value, key: key, in: 1...200)
            default: policy.report.mostSheets = try wholeNumber(value, key: key, in: 0...100_000)
            }
        }
    }

    /// `reject` or `quarantine`.
    private func refusal(_ node: Node, key: String) throws -> Policy.SeriesAction {
        let actions: [Policy.SeriesAction] = [.reject, .quarantine]
        try require(node, oneOf: Set(actions.map(\.rawValue)), key: key)
        return try choice(node, key: key)
    }

    func readLimits(_ node: Node, into policy: inout Policy) throws {
        let known: Set<String> = [
            "worker-megabytes", "seconds-per-file", "seconds-per-frame", "archive-entry-megabytes",
        ]
        try read(section(node, "limits"), known: known) { key, value in
            switch key {
            case "worker-megabytes":
                policy.limits.workerMegabytes = Int(try number(value, key: key, in: 64...1_048_576))
            case "seconds-per-file": policy.limits.secondsPerFile = Int(try number(value, key: key, in: 1...86_400))
            case "seconds-per-frame": policy.limits.secondsPerFrame = Int(try number(value, key: key, in: 0...3600))
            default:
                policy.limits.archiveEntryMegabytes = Int(try number(value, key: key, in: 1...1_048_576))
            }
        }
    }

    func unknown(_ what: String, at node: Node, known: Set<String>) -> PipelineError {
        error(at: node, "unknown \(what)", hint: "known are: " + known.sorted().joined(separator: ", "))
    }

    func line(of node: Node) -> Int { node.mark?.line ?? 0 }
}
