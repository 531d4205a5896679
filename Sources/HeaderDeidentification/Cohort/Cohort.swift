public import DICOMFile
import DICOMModel

/// The studies of a project, with what XNAT is to file them under: a list in XNAT's own relabelling form.
public struct Cohort: Sendable {
    /// What a row asks of an object. What it leaves empty is not asked.
    struct Entry: Hashable, Sendable {
        let line: Int
        let accessionNumber: String?
        let patientID: String?
        /// `YYYYMMDD`.
        let studyDate: String?
        let subject: String
        /// Nil where the row leaves it open.
        let session: String?
        let project: String?
    }

    /// By Accession Number, or by Patient ID and Study Date where the row has none.
    private let entries: [String: Entry]

    /// How many studies it lists.
    public var count: Int { entries.count }
    /// Whether every row names a project.
    public var namesProjects: Bool { entries.values.allSatisfy { $0.project != nil } }

    /// - Parameter text: the whole file.
    /// - Throws: `.listMalformed` for what can't be read, and for rows that repeat or contradict an earlier one; with
    ///   the line, never with a value.
    public init(parsing text: String) throws(HeaderDeidentificationError) {
        var entries: [String: Entry] = [:]
        for entry in try CohortReader.entries(text) {
            let key = Self.key(entry)
            if let earlier = entries[key] {
                let isSame =
                    earlier.subject == entry.subject && earlier.session == entry.session
                    && earlier.project == entry.project && earlier.patientID == entry.patientID
                    && earlier.studyDate == entry.studyDate
                throw HeaderDeidentificationError(
                    .listMalformed,
                    "cohort list, line \(entry.line): \(isSame ? "repeats" : "contradicts") line \(earlier.line)",
                    hint: "give each study one row")
            }
            entries[key] = entry
        }
        try Self.checkSessions(entries.values.sorted { $0.line < $1.line })
        self.entries = entries
    }

    /// Two people must not share a Patient ID. A project that a row leaves open may be any.
    private static func checkSessions(_ entries: [Entry]) throws(HeaderDeidentificationError) {
        let named = Dictionary(grouping: entries.filter { $0.session != nil }) { $0.session }
        for entry in entries where entry.session != nil {
            let other = named[entry.session]?.first { other in
                other.line < entry.line && other.subject != entry.subject
                    && (other.project == nil || entry.project == nil || other.project == entry.project)
            }
            guard let other else { continue }
            throw HeaderDeidentificationError(
                .listMalformed,
                "cohort list, line \(entry.line): gives the session of line \(other.line) to another subject",
                hint: "give each subject sessions of its own")
        }
    }

    private static func key(_ entry: Entry) -> String {
        entry.accessionNumber.map { "a" + $0 } ?? "p\(entry.studyDate ?? "")/\(entry.patientID ?? "")"
    }

    /// What the list says about the study that an object belongs to; nil where it isn't in it.
    ///
    /// - Parameters:
    ///   - project: where the list names none.
    ///   - session: where the list names none.
    public func labels(for dataSet: DataSet, project: String?, session: @autoclosure () -> String) -> SubjectLabels? {
        let accession = dataSet.string(.accessionNumber)
        let patientID = dataSet.string(.patientID)
        let studyDate = dataSet.string(.studyDate).flatMap(CohortReader.date)
        var found = accession.flatMap { entries["a" + $0] }
        if found == nil, let patientID, let studyDate { found = entries["p\(studyDate)/\(patientID)"] }
        guard let entry = found else { return nil }
        // What the row says besides must be true as well: an Accession Number alone can be given twice in a hospital.
        guard entry.patientID == nil || entry.patientID == patientID,
            entry.studyDate == nil || entry.studyDate == studyDate
        else { return nil }
        return SubjectLabels(
            project: entry.project ?? project, subject: entry.subject, session: entry.session ?? session())
    }
}

extension Cohort: CustomStringConvertible, CustomReflectable {
    public var description: String { "‹cohort list›" }
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
