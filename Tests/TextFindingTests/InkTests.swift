import DICOMModel
import Testing
import TextFinding

/// A strip 400 pixels long with blocks of ink from 20 to 100, from 120 to 200 and from 260 to 380.
@Suite struct InkTests {
    private let first = PixelRegion(x: 20, y: 10, width: 80, height: 30)
    private let second = PixelRegion(x: 120, y: 10, width: 80, height: 30)
    private let third = PixelRegion(x: 260, y: 10, width: 120, height: 30)

    private func strip(_ shade: (Int) -> UInt8 = { _ in 20 }) throws -> GrayImage {
        let pixels = (0..<400 * 50).map { index -> UInt8 in
            let (x, y) = (index % 400, index / 400)
            let blocks = [first, second, third]
            let isInk = x % 5 < 2 && blocks.contains { (($0.x)..<$0.maxX).contains(x) && (10..<40).contains(y) }
            return isInk ? shade(x) : 220
        }
        return try #require(GrayImage(width: 400, height: 50, pixels: pixels))
    }

    @Test func `a line of which every word was read is read whole`() throws {
        #expect(try !strip().hasInk(beside: [first, second, third], glyphHeight: 30))
        #expect(try !strip().hasInk(beside: [third, first, second], glyphHeight: 30))
    }

    @Test func `a word that wasn't read shows, wherever it stands`() throws {
        #expect(try strip().hasInk(beside: [second, third], glyphHeight: 30))
        #expect(try strip().hasInk(beside: [first, third], glyphHeight: 30))
        #expect(try strip().hasInk(beside: [first, second], glyphHeight: 30))
    }

    @Test func `where another word or line has room, words don't speak for the strip`() throws {
        let bare = try #require(GrayImage(width: 400, height: 50, pixels: [UInt8](repeating: 220, count: 400 * 50)))
        #expect(bare.isOneLine(of: [PixelRegion(x: 10, y: 10, width: 380, height: 30)], glyphHeight: 30))
        #expect(!bare.isOneLine(of: [PixelRegion(x: 10, y: 10, width: 280, height: 30)], glyphHeight: 30))
        #expect(!bare.isOneLine(of: [PixelRegion(x: 110, y: 10, width: 280, height: 30)], glyphHeight: 30))
        #expect(!bare.isOneLine(of: [PixelRegion(x: 10, y: 20, width: 380, height: 14)], glyphHeight: 14))
        #expect(!bare.isOneLine(of: [], glyphHeight: 30))
    }

    @Test func `what is much fainter than the words is ground`() throws {
        let faintEnd = try strip { $0 >= 260 ? 150 : 20 }
        #expect(!faintEnd.hasInk(beside: [first, second], glyphHeight: 30))
        let halfAsDark = try strip { $0 >= 260 ? 110 : 20 }
        #expect(halfAsDark.hasInk(beside: [first, second], glyphHeight: 30))
    }

    @Test(arguments: [true, false])
    func `patches that lie in a crumb whole are text, strokes that reach beyond it aren't`(isLight: Bool) throws {
        let (width, height) = (120, 60)
        // A large L, and to its right three small glyphs.
        let boxes = [
            PixelRegion(x: 10, y: 10, width: 8, height: 40), PixelRegion(x: 10, y: 42, width: 30, height: 8),
            PixelRegion(x: 60, y: 38, width: 4, height: 8), PixelRegion(x: 68, y: 38, width: 4, height: 8),
            PixelRegion(x: 76, y: 38, width: 4, height: 8),
        ]
        let pixels = (0..<width * height).map { index -> UInt8 in
            let pixel = PixelRegion(x: index % width, y: index / width, width: 1, height: 1)
            return boxes.contains { $0.intersects(pixel) } == isLight ? 200 : 60
        }
        let picture = try #require(GrayImage(width: width, height: height, pixels: pixels))
        let line = PixelRegion(x: 5, y: 5, width: 90, height: 50)
        #expect(picture.holdsText(in: PixelRegion(x: 56, y: 34, width: 28, height: 16), besides: line))
        #expect(!picture.holdsText(in: PixelRegion(x: 6, y: 12, width: 20, height: 14), besides: line))
        #expect(!picture.holdsText(in: PixelRegion(x: 6, y: 38, width: 40, height: 10), besides: line))
    }
}
