internal import DICOMModel
internal import Ledger

extension ReportPage {
    private static let mostMaps = 12

    /// Where text was masked, a map for each kind of device, the most frequent ones first.
    var heatMaps: HTML {
        let ordered = content.heatMaps.filter { $0.value.instances > 0 }
            .sorted { ($0.value.instances, $1.key) > ($1.value.instances, $0.key) }
        guard !ordered.isEmpty else { return .empty }
        let maps = ordered.prefix(Self.mostMaps).map { Self.figure($0.key, $0.value) }
        let more: HTML =
            ordered.count > Self.mostMaps
            ? "<p class=\"muted small\">Shown are \(Self.mostMaps) of \(ordered.count) kinds of devices.</p>" : .empty
        return """
            <div class="panel"><h3>Where text was masked</h3>
            <p class="small muted">The darker a place, the more of the masked images had a mask there.</p>
            <div class="maps">\(maps)</div>\(more)</div>
            """
    }

    private static func figure(_ key: HeatMap.Key, _ map: HeatMap) -> HTML {
        let most = max(1, map.counts.max() ?? 1)
        let cells = map.counts.enumerated().filter { $0.element > 0 }.map { place, count -> HTML in
            let strength = 10 + 90 * count / most
            return """
                <rect x="\(plain: place % HeatMap.columns)" y="\(plain: place / HeatMap.columns)" width="1" height="1" \
                opacity="\(strength == 100 ? "1" : "0.\(strength)")"/>
                """
        }
        let name = key.text.isEmpty ? "Unknown device" : key.text
        return """
            <figure><svg class="map" viewBox="0 0 \(plain: HeatMap.columns) \(plain: HeatMap.rows)" \
            preserveAspectRatio="none" role="img" aria-label="Where text was masked on images of \(name)">\(cells)</svg>\
            <figcaption>\(name), \(map.instances) \(map.instances == 1 ? "image" : "images")</figcaption></figure>
            """
    }

    /// How long the workers were at it.
    var stageChart: HTML {
        let stages = [
            ("Inspecting", content.stages.inspecting), ("Redacting", content.stages.redacting),
            ("Verifying", content.stages.verifying),
        ]
        let widest = max(1, stages.map(\.1).max() ?? 1)
        let lines = stages.map { name, milliseconds -> HTML in
            """
            <tr><th scope="row">\(name)</th><td>\(Self.bar([("kept", milliseconds)], whole: widest, label: name))</td>\
            <td class="n">\(milliseconds / 1000) s</td></tr>
            """
        }
        return """
            <figure class="panel"><h3>Time per stage</h3><table class="chart"><tbody>\(lines)</tbody></table>
            <figcaption>Seconds of one worker, over all files.</figcaption></figure>
            """
    }
}
