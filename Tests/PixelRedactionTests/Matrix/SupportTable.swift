import DICOMModel
import Foundation
import PixelRedaction

/// The support table of `docs/conformance.md`, made from the cells that were proven.
struct SupportTable {
    private let lines: [String]

    init(_ proven: [MatrixCase]) {
        let syntaxes = TransferSyntax.all.filter { syntax in proven.contains { $0.transferSyntax == syntax } }
        let refused = Set(MatrixRefusal.formats.map { Cell(syntax: $0.transferSyntax, title: $0.layout.title) })
        let cells = Set(proven.filter { $0.fallback == .none }.map(Cell.init))
        let moved = Set(proven.filter { $0.fallback != .none }.map(Cell.init))
        let titles = Self.unique(MatrixCase.all.map(\.layout.title) + MatrixRefusal.formats.map(\.layout.title))
        var lines = Self.head(["Pixel format"] + syntaxes.map(Self.column))
        for title in titles {
            let marks = syntaxes.map { syntax -> String in
                let cell = Cell(syntax: syntax, title: title)
                return cells.contains(cell) ? "✓" : moved.contains(cell) ? "→" : refused.contains(cell) ? "✗" : ""
            }
            lines.append(Self.row([title] + marks))
        }
        lines +=
            [""] + Self.head(["", "Transfer Syntax", "Size against the input", "Input written by", "Judged through"])
        for syntax in syntaxes {
            let own = proven.filter { $0.transferSyntax == syntax }
            let judges = Self.list(own.map(\.decoderName) + own.map(\.outputDecoderName))
            lines.append(
                Self.row([
                    Self.column(syntax), syntax.name, Self.size(syntax), Self.list(own.map(\.writerName)), judges,
                ]))
        }
        let others = MatrixRefusal.syntaxes.map(\.transferSyntax)
        func names(_ isVideo: Bool) -> String {
            Self.list(others.filter { ($0.codec == .video) == isVideo }.map(\.name))
        }
        self.lines =
            lines + [
                "", "Header only, `unsupported-transfer-syntax`: \(names(false)), and any that isn't known.", "",
                "Held as `video`: \(names(true)).",
            ]
    }

    private struct Cell: Hashable {
        let syntax: TransferSyntax
        let title: String

        init(syntax: TransferSyntax, title: String) {
            self.syntax = syntax
            self.title = title
        }

        init(_ cell: MatrixCase) { self.init(syntax: cell.transferSyntax, title: cell.layout.title) }
    }

    private static func column(_ syntax: TransferSyntax) -> String {
        switch syntax {
        case .implicitVRLittleEndian: "Implicit"
        case .explicitVRLittleEndian: "Explicit"
        case .explicitVRBigEndian: "Big Endian"
        case .deflatedExplicitVRLittleEndian: "Deflated"
        case .rleLossless: "RLE"
        case _ where syntax.codec == .deflatedFrame: "Deflated Frame"
        default: "." + (syntax.uid.value.split(separator: ".").last ?? "")
        }
    }

    private static func size(_ syntax: TransferSyntax) -> String {
        switch syntax.codec {
        case .native, .jpegBaseline, .jpegExtended: "≤ 1.00"
        case .jpegLSNearLossless, .jpeg2000: "larger, below native"
        case .highThroughputJPEG2000: "below native"
        default: "≤ 1.05"
        }
    }

    private static func head(_ cells: [String]) -> [String] {
        [row(cells), row(["---"] + cells.dropFirst().map { $0.first == "." ? ":-:" : "---" })]
    }

    private static func row(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }

    private static func list(_ names: [String]) -> String { unique(names).joined(separator: ", ") }

    private static func unique(_ names: [String]) -> [String] {
        names.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    // MARK: - The document

    private static let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs/conformance.md")
    private static let begin = "<!-- made by `make conformance` -->\n"
    private static let end = "<!-- end -->"

    private var text: String { Self.begin + "\n" + lines.joined(separator: "\n") + "\n\n" + Self.end }

    var isInDocument: Bool {
        get throws { try String(contentsOf: Self.path, encoding: .utf8).contains(text) }
    }

    func write() throws {
        let document = try String(contentsOf: Self.path, encoding: .utf8)
        guard let start = document.range(of: Self.begin), let stop = document.range(of: Self.end) else { return }
        let new = document[..<start.lowerBound] + text + document[stop.upperBound...]
        try String(new).write(to: Self.path, atomically: true, encoding: .utf8)
    }
}
