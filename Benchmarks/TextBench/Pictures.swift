import DICOMModel
import Foundation
import TextFinding

/// Reads file names of 8-bit PGM pictures, one a line, and prints a line of JSON for each: the regions that the
/// inspection of such a frame finds, how many lines it read, and how many seconds it took.
///
/// - Parameter showingEvidence: also what each line was judged by.
func findTextInPictures(withNetwork: Bool, showingEvidence: Bool) throws {
    let finder = withNetwork ? try TextFinder() : try TextFinder(detector: ComponentDetector())
    var evidence: [[Double]] = []
    if showingEvidence {
        finder.observer = { lines in
            evidence += lines.map { line in
                [line.region.x, line.region.y, line.region.width, line.region.height].map(Double.init) + line.measures
            }
        }
    }
    while let path = readLine() {
        guard let picture = PGM(at: path) else { throw BenchError("not an 8-bit PGM picture: \(path)") }
        evidence = []
        finder.forgetSeries()
        let before = finder.counters.readings
        var regions: [TextRegion] = []
        let seconds = try ContinuousClock().measure {
            regions = try finder.findText(in: picture.frame, rendering: RenderingDescription())
        }.seconds
        let boxes = regions.map { [$0.region.x, $0.region.y, $0.region.width, $0.region.height] }
        let line: [String: Any] = [
            "seconds": seconds, "regions": boxes, "readings": finder.counters.readings - before, "evidence": evidence,
        ]
        print(String(decoding: try JSONSerialization.data(withJSONObject: line, options: .sortedKeys), as: UTF8.self))
    }
}

struct BenchError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

/// A picture as a grey frame.
private struct PGM {
    let frame: NativeFrame

    init?(at path: String) {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        let bytes = [UInt8](data)
        var fields: [Int] = []
        var at = 2
        while fields.count < 3, at < bytes.count {
            while at < bytes.count, bytes[at] <= 32 { at += 1 }
            var value = 0
            while at < bytes.count, bytes[at] > 32 {
                value = value * 10 + Int(bytes[at]) - 48
                at += 1
            }
            fields.append(value)
        }
        guard fields.count == 3, bytes.count - at - 1 == fields[0] * fields[1] else { return nil }
        let description = PixelDescription(
            rows: fields[1], columns: fields[0], samplesPerPixel: 1, bitsAllocated: 8, bitsStored: 8, highBit: 7,
            isSigned: false, photometricInterpretation: .monochrome2)
        frame = NativeFrame(description: description, bytes: Array(bytes[(at + 1)...]))
    }
}
