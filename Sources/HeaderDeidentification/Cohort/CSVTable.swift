import DICOMModel

/// Rows of comma-separated values (RFC 4180), as XNAT takes them: a value can stand in `"` or in `|`, a doubled quote
/// is one of the text. Empty lines are left out; a value can't go over several lines.
struct CSVTable: Sendable {
    struct Row: Sendable {
        /// 1-based.
        let line: Int
        /// Without blanks around them.
        let values: [Sensitive<String>]
    }

    let rows: [Row]

    /// - Throws: `.listMalformed`, with the line and without the text.
    init(_ text: String, called name: String) throws(HeaderDeidentificationError) {
        guard text.utf8.count <= 64 << 20 else {
            throw HeaderDeidentificationError(.listMalformed, "the \(name) is larger than 64 MiB")
        }
        var rows: [Row] = []
        let scalars =
            text.unicodeScalars.first == "\u{FEFF}" ? text.unicodeScalars.dropFirst() : text.unicodeScalars[...]
        let lines = scalars.split(omittingEmptySubsequences: false) { $0 == "\n" }
        for (index, line) in lines.enumerated() {
            let line = line.last == "\r" ? line.dropLast() : line
            guard line.contains(where: { $0 != " " && $0 != "," && $0 != "\t" }) else { continue }
            guard let values = Self.values(of: line) else {
                throw HeaderDeidentificationError(
                    .listMalformed, "\(name), line \(index + 1): a quote isn't closed, or text follows it",
                    hint: "write a value that holds a comma as \"a, b\" or |a, b|")
            }
            rows.append(Row(line: index + 1, values: values.map { Sensitive($0) }))
        }
        self.rows = rows
    }

    /// Nil where quotes don't match.
    private static func values(of line: Substring.UnicodeScalarView) -> [String]? {
        var values: [String] = []
        var rest = line
        while true {
            while let first = rest.first, first == " " || first == "\t" { rest.removeFirst() }
            var value = String.UnicodeScalarView()
            if let quote = rest.first, quote == "\"" || quote == "|" {
                rest.removeFirst()
                guard let quoted = quotedValue(&rest, quote) else { return nil }
                value = quoted
                while let next = rest.first, next == " " || next == "\t" { rest.removeFirst() }
            } else {
                while let next = rest.first, next != "," {
                    value.append(next)
                    rest.removeFirst()
                }
            }
            values.append(trimmed(value))
            guard let next = rest.popFirst() else { return values }
            guard next == "," else { return nil }
        }
    }

    private static func quotedValue(
        _ rest: inout Substring.UnicodeScalarView, _ quote: Unicode.Scalar
    ) -> String.UnicodeScalarView? {
        var value = String.UnicodeScalarView()
        while let next = rest.popFirst() {
            if next == quote {
                guard rest.first == quote else { return value }
                rest.removeFirst()
            }
            value.append(next)
        }
        return nil
    }

    private static func trimmed(_ text: String.UnicodeScalarView) -> String {
        func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" }
        var text = text[...]
        while let first = text.first, isBlank(first) { text.removeFirst() }
        while let last = text.last, isBlank(last) { text.removeLast() }
        return String(text)
    }
}
