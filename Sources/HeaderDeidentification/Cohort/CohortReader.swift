import DICOMModel

/// Reads the rows of a cohort list.
enum CohortReader {
    static func entries(_ text: String) throws(HeaderDeidentificationError) -> [Cohort.Entry] {
        let table = try CSVTable(text, called: "cohort list")
        guard let first = table.rows.first else {
            throw HeaderDeidentificationError(.listMalformed, "the cohort list is empty")
        }
        let isHeader = first.values.contains { CohortColumn(named: $0.reveal()) != nil }
        let columns = isHeader ? try columns(first) : try columnsWithoutHeader(first)
        var entries: [Cohort.Entry] = []
        for row in isHeader ? table.rows.dropFirst() : table.rows[...] {
            entries.append(try entry(row, columns))
        }
        guard !entries.isEmpty else { throw malformed(first.line, "no study follows the headers") }
        return entries
    }

    private static func columns(_ row: CSVTable.Row) throws(HeaderDeidentificationError) -> [CohortColumn] {
        var columns: [CohortColumn] = []
        for (index, name) in row.values.enumerated() {
            guard let column = CohortColumn(named: name.reveal()) else {
                let known = CohortColumn.allCases.map(\.rawValue).joined(separator: ", ")
                throw malformed(row.line, "column \(index + 1) has no known header", hint: "known are: \(known)")
            }
            guard !columns.contains(column) else { throw malformed(row.line, "\"\(column.rawValue)\" stands twice") }
            columns.append(column)
        }
        let isKeyed =
            columns.contains(.accessionNumber) || (columns.contains(.patientID) && columns.contains(.studyDate))
        guard isKeyed, columns.contains(.subject) else {
            throw malformed(
                row.line, "there is no \"Subject\", or nothing that names a study",
                hint: "it takes \"Accession Number\", or \"Patient ID\" and \"Study Date\"")
        }
        return columns
    }

    private static func columnsWithoutHeader(
        _ row: CSVTable.Row
    ) throws(HeaderDeidentificationError) -> [CohortColumn] {
        let hasDate = row.values.count > 1 && date(row.values[1].reveal()) != nil
        guard let columns = CohortColumn.headerless(count: row.values.count, hasDate: hasDate) else {
            throw malformed(
                row.line, "there are no headers, and not three or four columns",
                hint: "begin with a line such as Accession Number,Subject,Session")
        }
        return columns
    }

    private static func entry(
        _ row: CSVTable.Row, _ columns: [CohortColumn]
    ) throws(HeaderDeidentificationError) -> Cohort.Entry {
        guard row.values.count == columns.count else {
            throw malformed(
                row.line, "there are \(row.values.count) values for \(columns.count) columns",
                hint: "values are separated as in the first line: by commas, else by semicolons or tabs")
        }
        func value(_ column: CohortColumn) -> String? {
            columns.firstIndex(of: column).map { row.values[$0].reveal() }.flatMap { $0.isEmpty ? nil : $0 }
        }
        for column in [CohortColumn.subject, .session, .project] {
            guard let label = value(column) else { continue }
            guard SubjectLabels.isLabel(label) else {
                throw malformed(
                    row.line, "the \(column.rawValue.lowercased()) is no label",
                    hint: "XNAT takes letters, digits, _ and -, 64 at most")
            }
        }
        guard let subject = value(.subject) else { throw malformed(row.line, "the subject is missing") }
        var studyDate: String?
        if let text = value(.studyDate) {
            guard let date = date(text) else { throw malformed(row.line, "the study date is not YYYYMMDD") }
            studyDate = date
        }
        guard value(.accessionNumber) != nil || (value(.patientID) != nil && studyDate != nil) else {
            throw malformed(row.line, "nothing names a study: neither Accession Number, nor Patient ID and Study Date")
        }
        return Cohort.Entry(
            line: row.line, accessionNumber: value(.accessionNumber), patientID: value(.patientID),
            studyDate: studyDate, subject: subject, session: value(.session), project: value(.project))
    }

    /// `YYYYMMDD` of that or of `YYYY-MM-DD`; nil for what is no date.
    static func date(_ text: String) -> String? {
        var digits = Array(text.utf8)
        if digits.count == 10, digits[4] == 0x2D, digits[7] == 0x2D {
            digits.remove(at: 7)
            digits.remove(at: 4)
        }
        guard digits.count == 8, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        let text = String(decoding: digits, as: UTF8.self)
        guard let month = Int(text.dropFirst(4).prefix(2)), (1...12).contains(month),
            let day = Int(text.suffix(2)), (1...31).contains(day), let year = Int(text.prefix(4)),
            (1850...2200).contains(year)
        else { return nil }
        return text
    }

    private static func malformed(_ line: Int, _ what: String, hint: String? = nil) -> HeaderDeidentificationError {
        HeaderDeidentificationError(.listMalformed, "cohort list, line \(line): \(what)", hint: hint)
    }
}
