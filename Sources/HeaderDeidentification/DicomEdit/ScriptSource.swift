/// The text of a script as the lexer reads it: continued lines joined, each character with its place in the file.
///
/// A backslash at the very end of a line joins the next one, before comments are looked for, as in XNAT's
/// `ScriptProcessorRemoveEscNewline` (NrgXnat dicom-edit6).
struct ScriptSource: Sendable {
    let scalars: [Unicode.Scalar]
    /// Of each scalar, and of the end.
    let positions: [ScriptPosition]

    /// - Parameter text: cut at `ScriptLimits.scriptLength`; `isCut` says so.
    init(_ text: String) {
        let all = Array(text.unicodeScalars.prefix(ScriptLimits.scriptLength))
        var scalars: [Unicode.Scalar] = []
        var positions: [ScriptPosition] = []
        scalars.reserveCapacity(all.count)
        positions.reserveCapacity(all.count + 1)
        var line = 1
        var column = 1
        var index = all.first == "\u{FEFF}" ? 1 : 0
        while index < all.count {
            let scalar = all[index]
            if scalar == "\\", let length = Self.lineEnd(all, at: index + 1) {
                index += 1 + length
                line += 1
                column = 1
                continue
            }
            let length = Self.lineEnd(all, at: index)
            scalars.append(length == nil ? scalar : "\n")
            positions.append(ScriptPosition(line: line, column: column))
            if let length {
                index += length
                line += 1
                column = 1
            } else {
                index += 1
                column += 1
            }
        }
        positions.append(ScriptPosition(line: line, column: column))
        self.scalars = scalars
        self.positions = positions
        isCut = text.unicodeScalars.count > ScriptLimits.scriptLength
    }

    let isCut: Bool

    /// How many scalars the line end at `index` has: CR LF, LF or CR.
    private static func lineEnd(_ scalars: [Unicode.Scalar], at index: Int) -> Int? {
        guard index < scalars.count else { return nil }
        if scalars[index] == "\n" { return 1 }
        guard scalars[index] == "\r" else { return nil }
        return index + 1 < scalars.count && scalars[index + 1] == "\n" ? 2 : 1
    }
}
