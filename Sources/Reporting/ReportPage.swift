internal import DICOMModel
internal import Foundation
internal import Ledger

/// The report as one page that needs nothing else: no network, no other file.
struct ReportPage {
    let content: ReportContent
    /// The PNG of that SHA-256.
    let picture: (String) throws -> Data?

    /// Lists longer than these are cut, and say so; the CSV files hold all of it.
    static let mostSeries = 5000
    static let mostHeldFiles = 1000
    static let mostPictures = 60
    static let mostPictureBytes = 24 << 20

    func text() throws -> String {
        let page: HTML = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; \
            style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <title>Quench: \(content.options.isProposal ? "scan" : "de-identification report")</title>
            <style>\(HTML(verbatim: ReportStyle.sheet))</style>
            </head>
            <body>
            <a class="skip" href="#main">To the report</a>
            \(masthead)
            <main id="main" class="wrap">
            \(summary)
            \(charts)
            \(notChecked)
            \(header)
            \(risk)
            \(seriesTable)
            \(try pictures())
            \(method)
            </main>
            <footer class="wrap">Made from the ledger alone. It names patients, studies, series and instances by \
            pseudonym, and shows no text that was read in an image.</footer>
            <script>\(HTML(verbatim: ReportScript.text))</script>
            </body>
            </html>

            """
        return page.markup
    }

    private var masthead: HTML {
        """
        <header class="mast"><div class="wrap">
        <div class="brand"><svg viewBox="0 0 20 20" aria-hidden="true"><rect x="1" y="1" width="18" height="18" rx="4" \
        fill="none" stroke="currentColor" stroke-width="1.6"/><rect x="5" y="6" width="10" height="3.4" rx="1" \
        fill="currentColor"/><path d="M5 13.4h6" stroke="currentColor" stroke-width="1.6" stroke-linecap="round"/></svg>\
        Quench <span>\(content.options.isProposal ? "Scan" : "De-identification report")</span></div>
        <nav aria-label="Parts of the report"><ul>
        <li><a href="#decisions">Decisions</a></li><li><a href="#not-checked">Not checked</a></li>
        \(content.header.released > 0 ? "<li><a href=\"#header\">Headers</a></li>" : .empty)\
        <li><a href="#risk">Residual risk</a></li>
        <li><a href="#series">Series</a></li><li><a href="#pictures">Pictures</a></li>
        <li><a href="#method">Method</a></li></ul></nav>
        </div></header>
        """
    }
}

extension ReportPage {
    static func label(_ outcome: Outcome) -> String {
        switch outcome {
        case .released: "Released without a mask"
        case .releasedMasked: "Released, masked"
        case .rejected: "Rejected"
        case .quarantined: "Held for a person"
        case .notDICOM: "Not DICOM"
        }
    }

    static func label(_ decision: SeriesDecision) -> String {
        switch decision {
        case .released: "Released"
        case .masked: "Masked"
        case .rejected: "Rejected"
        case .held: "Held"
        case .mixed: "In part"
        case .unfinished: "Not finished"
        }
    }

    static func label(_ category: FindingCategory) -> String {
        switch category {
        case .identifier: "Identifier of this patient"
        case .pattern: "Date, number or address"
        case .nameLike: "Looks like a name"
        case .freeText: "Free text"
        case .unreadable: "Text that can\u{2019}t be read"
        case .technical: "Technical text"
        case .marker: "Marker"
        case .byScript: "Asked for by a script"
        case .byRule: "Asked for by a device rule"
        }
    }

    /// A bar of coloured parts in proportion, as wide as its place; `whole` is what the full width stands for. A part
    /// that would be too thin to see gets a visible width.
    static func bar(_ parts: [(name: String, count: Int)], whole: Int, label: String, isBig: Bool = false) -> HTML {
        var x = 0.0
        let rectangles = parts.filter { $0.count > 0 }.map { part -> HTML in
            let width = max(5, 1000 * Double(part.count) / Double(max(1, whole)))
            defer { x += width }
            return """
                <rect class="\(part.name)" x="\(plainNumber(x))" y="0" width="\(plainNumber(width))" height="10"/>
                """
        }
        return """
            <svg class="bar\(isBig ? " big" : "")" viewBox="0 0 \(plainNumber(max(1000, x))) 10" \
            preserveAspectRatio="none" role="img" aria-label="\(label)">\(rectangles)</svg>
            """
    }

    private static func plainNumber(_ number: Double) -> String {
        let tenths = Int((number * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
}
