public import DICOMFile
public import DICOMModel

/// Whether scripts are run before the profile or do its work.
public enum ScriptOrder: String, Hashable, Sendable, Codable, CaseIterable {
    /// The profile has the last word: what a script keeps and the profile doesn't is gone.
    case beforeProfile = "before-profile"
    /// The scripts alone de-identify. Whatever identifier they leave keeps the object from release.
    case insteadOfProfile = "instead-of-profile"
}

/// What becomes of Accession Number (0008,0050).
public enum AccessionNumberRule: String, Hashable, Sendable, Codable, CaseIterable {
    /// As the profile or the scripts have it: the Basic Profile empties it.
    case profile
    /// A number derived from the project key, the same for the same original everywhere.
    case pseudonym
}

/// What becomes of ages of 90 years and more, where a Patient's Age is kept at all.
public enum AgeRule: String, Hashable, Sendable, Codable, CaseIterable {
    case keep
    /// `090Y`; a birth date that would tell the age is emptied.
    case cap
}

/// Everything that is done to a header: scripts, profile, labels, and what derives from the key.
public struct HeaderPlan: Sendable {
    public var pseudonyms: Pseudonyms
    public var scripts: [DicomEditScript]
    public var order: ScriptOrder
    public var cohort: Cohort?
    /// What the run says the project is; a row of the cohort list can say another.
    public var project: String?
    public var accessionNumbers: AccessionNumberRule
    public var agesFrom90: AgeRule
    /// For `lookup` in scripts: values by key, by name of the table.
    public var lookups: [String: [String: Sensitive<String>]]

    public init(
        pseudonyms: Pseudonyms, scripts: [DicomEditScript] = [], order: ScriptOrder = .beforeProfile,
        cohort: Cohort? = nil, project: String? = nil, accessionNumbers: AccessionNumberRule = .profile,
        agesFrom90: AgeRule = .keep, lookups: [String: [String: Sensitive<String>]] = [:]
    ) {
        self.pseudonyms = pseudonyms
        self.scripts = scripts
        self.order = order
        self.cohort = cohort
        self.project = project
        self.accessionNumbers = accessionNumbers
        self.agesFrom90 = agesFrom90
        self.lookups = lookups
    }

    /// Whether the profile is left out: there are scripts, and they are to do its work.
    public var isScriptOnly: Bool { !scripts.isEmpty && order == .insteadOfProfile }

    /// What the scripts do to an object.
    public struct Scripted: Sendable {
        /// As the last script left it; of no use where one of them called `reject`.
        public var object: DICOMObject
        public var results: [ScriptResult]

        public var isRejected: Bool { results.contains { $0.rejection != nil } }
        public var redactions: [ScriptRedaction] { results.flatMap(\.redactions) }
    }

    // MARK: - Labels

    /// Attributes that a cohort list sets.
    public var cohortTags: Set<Tag> {
        Set(SubjectLabels(project: "", subject: "", session: "").elements.map(\.tag))
    }

    /// What the cohort list says; nil where there is none, or where the study isn't in it.
    public func cohortLabels(of original: DataSet) -> SubjectLabels? {
        cohort?.labels(for: original, project: project, session: session(of: original))
    }

    /// What scripts get as `project`, `subject` and `session`: the list's, else pseudonyms.
    public func labels(of original: DataSet) -> SubjectLabels {
        labels(of: original, listed: cohortLabels(of: original))
    }

    private func labels(of original: DataSet, listed: SubjectLabels?) -> SubjectLabels {
        if let listed { return listed }
        let subject = pseudonyms.patient(of: original) ?? DummyValue.personName
        return SubjectLabels(project: project, subject: subject, session: session(of: original))
    }

    /// By whom dates are moved: one that a list names is one person, under whatever Patient IDs. No pseudonym holds a `/`.
    private static func subject(_ labels: SubjectLabels) -> String { "\(labels.project ?? "")/\(labels.subject)" }

    /// By what the profile moves the dates of an object; nil where it doesn't, or where there is no patient.
    func shift(of original: DataSet, _ profile: DeidentificationProfile) -> TemporalShift? {
        guard !isScriptOnly, profile.temporalInformation == .modified,
            let patient = cohortLabels(of: original).map(Self.subject) ?? pseudonyms.patient(of: original)
        else { return nil }
        return TemporalShift(pseudonyms: pseudonyms, patient: patient, range: profile.dateShiftDays)
    }

    private func session(of original: DataSet) -> String {
        pseudonyms.session(studyInstanceUID: UID(original.string(.studyInstanceUID) ?? ""))
    }

    // MARK: - Scripts

    /// Runs the scripts one after the other, as XNAT does with those of the site and of the project.
    ///
    /// - Throws: `ScriptFailure`, `DICOMFileError`; nothing of the object may be released then.
    public func runScripts(on object: DICOMObject) throws -> Scripted {
        guard !scripts.isEmpty else { return Scripted(object: object, results: []) }
        return try runScripts(on: object, labels: labels(of: object.dataSet))
    }

    private func runScripts(on object: DICOMObject, labels: SubjectLabels) throws -> Scripted {
        var scripted = Scripted(object: object, results: [])
        let context = ScriptContext(
            project: labels.project, subject: Sensitive(labels.subject), session: Sensitive(labels.session),
            modalityLabel: object.dataSet.string(.modality) ?? "", lookups: lookups, pseudonyms: pseudonyms)
        for (index, script) in scripts.enumerated() {
            do {
                scripted.results.append(try script.apply(to: &scripted.object, context: context))
            } catch let error as DicomEditError {
                throw ScriptFailure(script: index + 1, error: error)
            }
            if scripted.isRejected { return scripted }
        }
        return scripted
    }

    // MARK: - All of it

    /// Rewrites the header of `object`, whose pixels are dealt with already.
    ///
    /// - Parameters:
    ///   - original: as it came in.
    ///   - deidentifier: carries out the profile.
    ///   - keepsOverlays: whether its Overlay Planes were looked at and may stay; scripts leave none.
    /// - Returns: what the profile did; nil where scripts do its work.
    /// - Throws: `ScriptFailure`; `HeaderDeidentificationError` with code `.rejected` where a script rejects the object;
    ///   `DICOMFileError`.
    @discardableResult
    public func deidentify(
        _ object: inout DICOMObject, original: DataSet, by deidentifier: HeaderDeidentifier, pixels: PixelEvidence,
        keepsOverlays: Bool = false
    ) throws -> HeaderSummary? {
        let listed = cohortLabels(of: original)
        let labels = labels(of: original, listed: listed)
        let scripted = try runScripts(on: object, labels: labels)
        guard !scripted.isRejected else {
            throw HeaderDeidentificationError(.rejected, "a script rejects the object")
        }
        object = scripted.object
        var summary: HeaderSummary?
        if isScriptOnly {
            try ScriptedDeidentifier.finish(&object, original: original, pixels: pixels)
        } else {
            // By the original's Patient ID, not by what a script made of it.
            summary = try deidentifier.deidentify(
                &object, patient: pseudonyms.patient(of: original), subject: listed.map(Self.subject), pixels: pixels,
                keepsOverlays: keepsOverlays)
        }
        stateShifts(by: scripted, in: &object.dataSet)
        keepLabels(labels, of: scripted, in: &object.dataSet)
        for (tag, vr, text) in listed?.elements ?? [] {
            object.dataSet[tag] = DataElement(tag: tag, vr: vr, bytes: Array(text.utf8))
        }
        if let number = newAccessionNumber(of: original) {
            object.dataSet[.accessionNumber] = DataElement(tag: .accessionNumber, vr: .sh, ascii: number)
        }
        if agesFrom90 == .cap { AgeCap.apply(to: &object.dataSet, original: original) }
        return summary
    }

    /// Dates that a script has changed are not unmodified, though the profile retains them in full (PS3.3 C.12.1).
    private func stateShifts(by scripted: Scripted, in dataSet: inout DataSet) {
        let marker = Tag(0x0028, 0x0303)
        guard !isScriptOnly, dataSet.string(marker) == TemporalInformation.unmodified.rawValue else { return }
        let isShifted = scripted.results.flatMap(\.changes).contains { change in
            change.kind == .replaced && [VR.da, .dt].contains(DataDictionary.standardVR(change.path.tag))
        }
        guard isShifted else { return }
        dataSet[marker] = DataElement(tag: marker, vr: .cs, ascii: "MODIFIED")
    }

    /// Texts that a script has made of project, subject and session stay: they came from outside, not from the object.
    private func keepLabels(_ labels: SubjectLabels, of scripted: Scripted, in dataSet: inout DataSet) {
        guard !scripted.results.isEmpty, !isScriptOnly else { return }
        let assigned = scripted.results.flatMap(\.changes).filter { change in
            change.path.sequences.isEmpty && (change.kind == .created || change.kind == .replaced)
        }
        for tag in Set(assigned.map(\.path.tag)) where !tag.isPrivate && !tag.isFileMeta && tag.group != 0x0012 {
            guard let element = scripted.object.dataSet[tag],
                [VR.lo, .sh, .pn, .lt, .st, .ut, .uc].contains(scripted.object.dataSet.effectiveVR(element)),
                let text = scripted.object.dataSet.text(element), labels.make(text), text.utf8.allSatisfy({ $0 < 0x80 })
            else { continue }
            dataSet[tag] = DataElement(tag: tag, vr: element.vr, bytes: Array(text.utf8))
        }
    }

    /// What Accession Number becomes; nil where it is left to profile and scripts, or where there is none.
    public func newAccessionNumber(of original: DataSet) -> String? {
        guard accessionNumbers == .pseudonym, let number = original.string(.accessionNumber) else { return nil }
        let issuer = original.items(Tag(0x0008, 0x0051)).first?.string(Tag(0x0040, 0x0031))
        return pseudonyms.accessionNumber(number, issuer: issuer)
    }
}
