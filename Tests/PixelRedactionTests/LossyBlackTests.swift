import DICOMFile
import DICOMModel
import Foundation
import PixelRedaction
import Testing

/// MONOCHROME1 in lossy JPEG: black is the highest value there, and one step beyond it would be white.
@Suite(.enabled(if: MatrixRun.isPossible)) struct LossyBlackTests {
    /// - Parameters:
    ///   - below: how far below white a sample may be: a decoder's 2, and where the stream has more bits than are stored,
    ///     2 that are kept free and a step of the DC quantiser.
    @Test(arguments: [
        (8, "+eb", 40, 2), (8, "+ee", 90, 2), (12, "+ee", 40, 2), (12, "+ee", 95, 2), (10, "+ee", 40, 35),
        (10, "+ee", 95, 6),
    ])
    func `dcmtk's viewer shows the box black`(_ bits: Int, _ process: String, _ quality: Int, _ below: Int) throws {
        let folder = try Dcmtk.Folder()
        var synthetic = SyntheticObject(
            PixelDescription(
                rows: 48, columns: 64, bitsAllocated: bits == 8 ? 8 : 16, bitsStored: bits == 8 ? 8 : 12,
                photometricInterpretation: .monochrome1))
        synthetic.sample = { _, pixel, _ in pixel % 64 << (bits - 7) }
        try synthetic.object().write(toPath: folder["native"])
        try folder.run(["dcmcjpeg", process, "+q", "\(quality)", folder["native"], folder["lossy"]])
        var object = try DICOMObject.read(FileByteSource(path: folder["lossy"]))
        // dcmcjpeg makes 12 bits of 10.
        object.dataSet.set(.bitsStored, .us, unsigned: [bits])
        object.dataSet.set(.highBit, .us, unsigned: [bits - 1])
        let summary = try PixelRedactor().redact(
            &object, regions: [FrameNumber(index: 0): [PixelRegion(x: 17, y: 9, width: 14, height: 6)]])
        let box = try #require(summary.masked[FrameNumber(index: 0)]?.first)
        try object.write(toPath: folder["masked"])
        try folder.run(["dcmdjpeg", folder["masked"], folder["decoded"]])
        let decoded = try ImageReader(DICOMObject.read(FileByteSource(path: folder["decoded"])))
        let frame = try decoded.frame(FrameNumber(index: 0))
        try folder.run(["dcmj2pnm", "+op", "-W", folder["masked"], folder["picture"]])
        let picture = [UInt8](try Data(contentsOf: URL(filePath: folder["picture"]))).suffix(48 * 64)
        for y in box.y..<box.maxY {
            for x in box.x..<box.maxX {
                let value = frame.value(x: x, y: y)
                #expect(((1 << bits) - 1 - below...(1 << bits) - 1).contains(value))
                let shade = Int(picture[picture.startIndex + y * 64 + x])
                #expect(shade <= below >> (bits - 8) + 1)
            }
        }
    }
}
