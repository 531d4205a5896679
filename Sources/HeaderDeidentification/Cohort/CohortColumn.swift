/// The columns of a cohort list, by XNAT's names for them (wiki.xnat.org, "Using DQR: Bulk Querying and Importing via CSV
/// File").
enum CohortColumn: String, Hashable, Sendable, CaseIterable {
    case accessionNumber = "Accession Number"
    case patientID = "Patient ID"
    case studyDate = "Study Date"
    case subject = "Subject"
    case session = "Session"
    case project = "Project"

    /// By its name, capitals, blanks and underscores left aside.
    init?(named name: String) {
        func plain(_ text: String) -> String { text.lowercased().filter { $0 != " " && $0 != "_" } }
        guard let column = Self.allCases.first(where: { plain($0.rawValue) == plain(name) }) else { return nil }
        self = column
    }

    /// Those of a list without headers; nil where there is no such form.
    ///
    /// - Parameter hasDate: whether the second value of the first row is a date.
    static func headerless(count: Int, hasDate: Bool) -> [CohortColumn]? {
        switch (count, hasDate) {
        case (3, _): [.accessionNumber, .subject, .session]
        case (4, true): [.patientID, .studyDate, .subject, .session]
        case (4, false): [.accessionNumber, .subject, .session, .project]
        default: nil
        }
    }
}
