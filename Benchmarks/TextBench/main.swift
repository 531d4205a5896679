import DICOMModel
import Foundation
import TextFinding

// Reads file names of 8-bit PGM pictures, one a line, and prints a line of JSON for each: the regions that the
// inspection of such a frame finds, and how many seconds it took.

func picture(at path: String) -> (width: Int, height: Int, pixels: [UInt8])? {
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
    return (fields[0], fields[1], Array(bytes[(at + 1)...]))
}

// `--strokes` looks without the network.
let finder =
    CommandLine.arguments.contains("--strokes") ? try TextFinder(detector: ComponentDetector()) : try TextFinder()
// `--evidence` prints what the lines of a picture are judged by as well, for the fit of the weights.
var evidence: [[Double]] = []
if CommandLine.arguments.contains("--evidence") {
    finder.observer = { lines in
        evidence += lines.map { line in
            [line.region.x, line.region.y, line.region.width, line.region.height].map(Double.init) + line.measures
        }
    }
}
while let path = readLine() {
    evidence = []
    guard let (width, height, pixels) = picture(at: path) else {
        FileHandle.standardError.write(Data("not an 8-bit PGM picture: \(path)\n".utf8))
        exit(2)
    }
    let description = PixelDescription(
        rows: height, columns: width, samplesPerPixel: 1, bitsAllocated: 8, bitsStored: 8, highBit: 7,
        isSigned: false, photometricInterpretation: .monochrome2)
    let frame = NativeFrame(description: description, bytes: pixels)
    finder.forgetSeries()
    let before = finder.counters.readings
    let clock = ContinuousClock()
    var regions: [TextRegion] = []
    let duration = try clock.measure { regions = try finder.findText(in: frame, rendering: RenderingDescription()) }
    let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    let boxes = regions.map { [$0.region.x, $0.region.y, $0.region.width, $0.region.height] }
    let line: [String: Any] = [
        "seconds": seconds, "regions": boxes, "readings": finder.counters.readings - before, "evidence": evidence,
    ]
    print(String(decoding: try JSONSerialization.data(withJSONObject: line, options: .sortedKeys), as: UTF8.self))
}
