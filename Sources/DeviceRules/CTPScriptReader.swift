import DICOMModel

/// Reads the script of CTP's DicomPixelAnonymizer: signatures in braces, each followed by its boxes, between them whatever
/// people wrote (`PixelScript.java`).
struct CTPScriptReader {
    private let text: [Unicode.Scalar]
    /// The line of each scalar, counted from 1.
    private let lines: [Int]
    private var result = ImportedRules(form: .ctp)

    init(_ source: String) {
        text = Array(source.unicodeScalars)
        var line = 1
        lines = text.map { scalar in
            defer { if scalar == "\n" { line += 1 } }
            return line
        }
    }

    mutating func read() -> ImportedRules {
        var place = 0
        var nameStart = 0
        while let open = index(of: "{", from: place) {
            guard let close = index(of: "}", from: open) else {
                note(.leftOut, open, "the brace is never closed")
                break
            }
            let next = index(of: "{", from: close) ?? text.count
            let name = lastLine(nameStart..<open)
            let boxes = boxes(in: close + 1..<next)
            nameStart = boxes.end
            read(open + 1..<close, name: name, boxes: boxes.regions)
            place = next
        }
        if result.rules.count > 1 {
            result.notes.append(
                .init(
                    .differs, lines: 1...max(1, lines.last ?? 1),
                    "CTP masks by the first signature that fits; here every rule that fits masks, so nothing less"))
        }
        return result
    }

    private mutating func read(_ signature: Range<Int>, name: String, boxes: [PixelRegion]) {
        let line = line(at: signature.lowerBound)
        var parser = CTPSignatureParser(Array(text[signature]), lines: Array(lines[signature]), line: line)
        do throws(CTPSignatureParser.Problem) {
            let condition = try parser.parse()
            guard !boxes.isEmpty else {
                return note(
                    .leftOut, signature.lowerBound,
                    "a signature without a box exempts images in CTP; here no header exempts an image from being examined"
                )
            }
            result.add(name, line: line, condition, .mask(boxes.map { RulePaint(.mask, .box($0)) }))
        } catch {
            result.notes.append(.init(.leftOut, lines: error.line...error.line, error.message))
        }
    }

    // MARK: - Boxes

    /// What stands in parentheses behind a signature, and where the last box ends.
    private mutating func boxes(in range: Range<Int>) -> (regions: [PixelRegion], end: Int) {
        var regions: [PixelRegion] = []
        var end = range.lowerBound
        var place = range.lowerBound
        while let open = index(of: "(", from: place), open < range.upperBound {
            guard let close = index(of: ")", from: open), close < range.upperBound else { break }
            let content = String(String.UnicodeScalarView(text[open + 1..<close]))
            if let region = RuleText.box(content) {
                regions.append(region)
                end = close + 1
            } else if content.contains(",") {
                note(
                    .leftOut, open,
                    "(\(content)) is no box: x, y, width and height are four whole numbers, with an area")
            }
            place = close + 1
        }
        return (regions, end)
    }

    // MARK: - Places

    private func index(of scalar: Unicode.Scalar, from place: Int) -> Int? {
        text[min(place, text.count)...].firstIndex(of: scalar)
    }

    private func line(at place: Int) -> Int { lines.indices.contains(place) ? lines[place] : lines.last ?? 1 }

    private mutating func note(_ kind: ImportedRules.Note.Kind, _ place: Int, _ reason: String) {
        let line = line(at: place)
        result.notes.append(.init(kind, lines: line...line, reason))
    }

    /// The last line with a word in it: what people call the signature that follows.
    private func lastLine(_ range: Range<Int>) -> String {
        String(String.UnicodeScalarView(text[range])).split(separator: "\n").map { line in
            line.drop { $0.isWhitespace || $0 == "/" }.trimmingBlanks
        }.last { $0.contains(where: \.isLetter) } ?? ""
    }
}
