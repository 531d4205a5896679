import DICOMModel

/// Rows of comma-separated values (RFC 4180), as XNAT takes them: a value can stand in `"` or in `|`, a doubled quote
/// is one of the text. Empty lines are left out; a value can't go over several lines. Semicolons or tabs separate where
/// the first line has some and no comma, as spreadsheets write where a comma is the decimal point.
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
        let separator = lines.first(where: Self.hasText).map(Self.separator) ?? ","
        for (index, line) in lines.enumerated() {
            let line = line.last == "\r" ? line.dropLast() : line
            guard Self.hasText(line) else { continue }
            guard let values = Self.values(of: line, separator) else {
                throw HeaderDeidentificationError(
                    .listMalformed, "\(name), line \(index + 1): a quote isn't closed, or text follows it",
                    hint: "write a value that holds a comma or a semicolon as \"a, b\" or |a, b|")
            }
            rows.append(Row(line: index + 1, values: values.map { Sensitive($0) }))
        }
        self.rows = rows
    }

    private static func hasText(_ line: Substring.UnicodeScalarView) -> Bool {
        line.contains { !" ,;\t\r".unicodeScalars.contains($0) }
    }

    /// What stands between values: what the first line has outside quotes.
    private static func separator(of line: Substring.UnicodeScalarView) -> Unicode.Scalar {
        var quote: Unicode.Scalar?
        var met: Set<Unicode.Scalar> = []
        for scalar in line {
            if scalar == quote {
                quote = nil
            } else if quote == nil, scalar == "\"" || scalar == "|" {
                quote = scalar
            } else if quote == nil {
                met.insert(scalar)
            }
        }
        return [",", ";", "\t"].first(where: met.contains) ?? ","
    }

    /// Nil where quotes don't match.
    private static func values(
        of line: Substring.UnicodeScalarView, _ separator: Unicode.Scalar
    ) -> [String]? {
        func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar != separator && (scalar == " " || scalar == "\t") }
        var values: [String] = []
        var rest = line
        while true {
            while let first = rest.first, isBlank(first) { rest.removeFirst() }
            var value = String.UnicodeScalarView()
            if let quote = rest.first, quote == "\"" || quote == "|" {
                rest.removeFirst()
                guard let quoted = quotedValue(&rest, quote) else { return nil }
                value = quoted
                while let next = rest.first, isBlank(next) { rest.removeFirst() }
            } else {
                while let next = rest.first, next != separator {
                    value.append(next)
                    rest.removeFirst()
                }
            }
            values.append(trimmed(value))
            guard let next = rest.popFirst() else { return values }
            guard next == separator else { return nil }
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
