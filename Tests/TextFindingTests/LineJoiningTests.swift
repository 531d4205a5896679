import DICOMModel
import Testing
import TextFinding

@Suite struct LineJoiningTests {
    private func line(_ region: PixelRegion, _ text: String = "120 kVp") -> TextRegion {
        TextRegion(region: region, text: Sensitive(text), confidence: 0.95, score: 1, engine: "test")
    }

    @Test func `what is marked between the pieces of an upright line joins them`() {
        let pieces = [
            line(PixelRegion(x: 40, y: 10, width: 12, height: 30)),
            line(PixelRegion(x: 40, y: 60, width: 12, height: 30)),
        ]
        let gap = PixelRegion(x: 40, y: 42, width: 8, height: 16)
        let grown = LineJoining.grown(pieces, by: [gap])
        #expect(grown.count == 2)
        #expect(grown.contains { $0.region.intersection(gap) == gap })
        // Twelve pixels more than were read: the reading no longer speaks for the line.
        #expect(grown.map(\.confidence).sorted() == [0, 0.95])
    }

    @Test func `crumbs join one after the other, as far as they touch`() {
        let crumbs = [60, 56, 52, 80].map { PixelRegion(x: $0, y: 12, width: 4, height: 4) }
        let grown = LineJoining.grown([line(PixelRegion(x: 10, y: 10, width: 40, height: 10))], by: crumbs)
        #expect(grown.map(\.region) == [PixelRegion(x: 10, y: 10, width: 54, height: 10)])
        #expect(grown.map(\.confidence) == [0])
    }

    @Test func `a soft edge leaves the reading as it is, and what stands askew joins no line`() {
        let read = line(PixelRegion(x: 10, y: 10, width: 60, height: 12))
        let edge = PixelRegion(x: 70, y: 12, width: 4, height: 8)
        #expect(LineJoining.grown([read], by: [edge]).map(\.confidence) == [0.95])
        let pole = PixelRegion(x: 68, y: 20, width: 4, height: 120)
        #expect(LineJoining.grown([read], by: [pole]) == [read])
        #expect(LineJoining.grown([], by: [pole]).isEmpty)
    }

    @Test func `what is hardly marked makes a line longer, not thicker`() {
        let read = line(PixelRegion(x: 10, y: 10, width: 60, height: 12))
        let letter = PixelRegion(x: 70, y: 8, width: 12, height: 16)
        let blot = PixelRegion(x: 20, y: 22, width: 40, height: 12)
        let marker = line(PixelRegion(x: 84, y: 10, width: 12, height: 12), "R")
        #expect(LineJoining.grown([marker], by: [letter], alongOnly: true) == [marker])
        let grown = LineJoining.grown([read], by: [letter, blot], alongOnly: true)
        #expect(grown.map(\.region) == [PixelRegion(x: 10, y: 8, width: 72, height: 16)])
        #expect(
            LineJoining.grown([read], by: [blot]).map(\.region) == [PixelRegion(x: 10, y: 10, width: 60, height: 24)])
    }

    @Test func `what is far larger than a line isn't a part of it`() {
        let read = line(PixelRegion(x: 10, y: 10, width: 60, height: 12))
        let second = PixelRegion(x: 10, y: 22, width: 60, height: 12)
        #expect(
            LineJoining.grown([read], by: [second]).map(\.region) == [PixelRegion(x: 10, y: 10, width: 60, height: 24)])
        let blot = PixelRegion(x: 10, y: 22, width: 60, height: 16)
        #expect(LineJoining.grown([read], by: [blot]) == [read])
        var line = read
        line.confidence = 0.5
        let below = PixelRegion(x: 10, y: 22, width: 60, height: 90)
        #expect(
            LineJoining.grown([line], by: [below]).map(\.region) == [PixelRegion(x: 10, y: 10, width: 60, height: 102)])
        let strip = PixelRegion(x: 10, y: 22, width: 60, height: 150)
        #expect(LineJoining.grown([line], by: [strip]) == [line])
    }

    @Test func `a marker takes in nothing, but a letter that was hardly read does`() {
        var marker = line(PixelRegion(x: 10, y: 10, width: 30, height: 40), "R")
        let noise = PixelRegion(x: 40, y: 10, width: 20, height: 60)
        #expect(LineJoining.grown([marker], by: [noise]) == [marker])
        marker.confidence = 0.6
        let grown = LineJoining.grown([marker], by: [noise])
        #expect(grown.map(\.region) == [PixelRegion(x: 10, y: 10, width: 50, height: 60)])
        #expect(grown.map(\.confidence) == [0])
    }

    @Test func `large text doesn't speak for small text beside it, but for its own strokes`() {
        let marker = line(PixelRegion(x: 10, y: 10, width: 200, height: 90))
        var name = line(PixelRegion(x: 170, y: 60, width: 24, height: 14))
        (name.text, name.confidence) = (Sensitive("Ng"), 0.7)
        let alone = LineJoining.joined([marker, name]) { crumb, line in
            crumb == name.region && line == marker.region
        }
        #expect(alone.map(\.region) == [marker.region, name.region])
        #expect(alone.map(\.confidence) == [0, 0.7])
        #expect(LineJoining.joined([marker, name]) { _, _ in false } == [marker])
    }
}
