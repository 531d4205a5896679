public import DICOMModel

extension ScriptContext {
    /// Reads the tables for `lookup`, as XNAT has them: a line `table/key = value` for each entry, empty lines and lines
    /// that begin with `//` left out (TestLookupFunction of NrgXnat dicom-edit6). Blanks around the parts don't count.
    ///
    /// - Throws: `.lookup`, with the line, where one can't be read or stands there twice with different values; a table
    ///   with a mistake in it is not used in part.
    public static func lookups(
        parsing text: String
    ) throws(DicomEditError) -> [String: [String: Sensitive<String>]] {
        var tables: [String: [String: Sensitive<String>]] = [:]
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let line = String(line).replacing("\t", with: " ").trimmingBlanks
            if line.isEmpty || line.hasPrefix("//") { continue }
            let position = ScriptPosition(line: index + 1, column: 1)
            guard let slash = line.firstIndex(of: "/"), let equals = line[slash...].firstIndex(of: "=") else {
                throw DicomEditError(
                    .lookup, "a line of the lookup table can't be read", at: position, hint: "write table/key = value")
            }
            let table = String(line[..<slash]).trimmingBlanks
            let key = String(line[line.index(after: slash)..<equals]).trimmingBlanks
            let value = Sensitive(String(line[line.index(after: equals)...]).trimmingBlanks)
            guard !table.isEmpty, !key.isEmpty else {
                throw DicomEditError(.lookup, "a line of the lookup table has no table or no key", at: position)
            }
            guard tables[table]?[key] == nil || tables[table]?[key] == value else {
                throw DicomEditError(.lookup, "the lookup table has two values for one key", at: position)
            }
            tables[table, default: [:]][key] = value
        }
        return tables
    }
}
