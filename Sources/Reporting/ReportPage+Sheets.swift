internal import Foundation

extension ReportPage {
    /// Longer lists are cut, and say so.
    private static let mostSheets = 200
    private static let mostSheetBytes = 16 << 20
    /// A Series that was released in many runs has tiles from each.
    private static let mostTiles = 200

    /// Small pictures of frames of each Series that has some, to be checked at a glance.
    func contactSheets() throws -> HTML {
        let illustrated = content.series.filter { !$0.tiles.isEmpty }
        guard !illustrated.isEmpty else { return .empty }
        var sheets: [HTML] = []
        var byteCount = 0
        for facts in illustrated where sheets.count < Self.mostSheets && byteCount < Self.mostSheetBytes {
            var tiles: [HTML] = []
            for tile in facts.tiles.prefix(Self.mostTiles) {
                guard let png = try picture(tile.picture) else { continue }
                byteCount += png.count
                let number: HTML = tile.frames > 1 ? "<span>\(tile.frame)</span>" : .empty
                let what = tile.frames > 1 ? "Frame \(tile.frame) of \(tile.frames)" : "An image"
                tiles.append(
                    """
                    <div class="tile"><img alt="\(what) as it was released" loading="lazy" \
                    src="data:image/png;base64,\(HTML(verbatim: png.base64EncodedString()))">\(number)</div>
                    """)
            }
            guard !tiles.isEmpty else { continue }
            sheets.append(
                """
                <figure class="sheet panel"><div class="tiles">\(tiles)</div>
                <figcaption>\(facts.modality) \u{00B7} \(facts.device) \u{00B7} series <span class="mono nw">\
                \(Self.short(facts.series))</span>, \(facts.tiles.count) of \(facts.framesExamined) frames</figcaption></figure>

                """)
        }
        let cut: HTML =
            sheets.count < illustrated.count ? " Shown are \(sheets.count) of \(illustrated.count) sheets." : .empty
        return """
            <h3 id="sheets">Contact sheets</h3>
            <p class="lead">Frames as they were released, spread over the series; stripes stand where a frame is masked. \
            How many series and frames there are is the policy\u{2019}s (<code>report</code>).\(cut)</p>
            <div class="sheets">\(sheets)</div>
            """
    }
}
