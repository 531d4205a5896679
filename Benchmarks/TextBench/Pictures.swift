import DICOMModel
import Foundation
import PHIClassification
import TextFinding

/// Reads a `PictureRequest` a line and prints a line of JSON for each: the regions that the inspection of such a frame
/// finds, what each is taken for beside the header given, how many lines were read, and how many processor seconds the
/// search took.
///
/// - Parameter showingEvidence: also what each line was judged by.
func findTextInPictures(showingEvidence: Bool) throws {
    let finder = try TextFinder()
    try warmUp(finder)
    var evidence: [[Double]] = []
    if showingEvidence {
        finder.observer = { lines in
            evidence += lines.map { line in
                [line.region.x, line.region.y, line.region.width, line.region.height].map(Double.init) + line.measures
            }
        }
    }
    while let line = readLine() {
        let request = try PictureRequest(line)
        guard let picture = PGM(at: request.path) else { throw BenchError("not an 8-bit PGM picture: \(request.path)") }
        evidence = []
        if !request.followsTheLast { finder.forgetSeries() }
        let readings = finder.counters.readings
        let before = processorSeconds()
        let found = try finder.findText(in: picture.frame, rendering: RenderingDescription())
        let seconds = processorSeconds() - before
        let classifier = TextClassifier(identifiers: request.headerIdentifiers)
        let answer: [String: Any] = [
            "seconds": seconds,
            "scores": found.map(\.score),
            "regions": found.map { [$0.region.x, $0.region.y, $0.region.width, $0.region.height] },
            "categories": found.map { classifier.classify($0.text, confidence: $0.confidence).category.rawValue },
            "readings": finder.counters.readings - readings, "evidence": evidence,
        ]
        print(String(decoding: try JSONSerialization.data(withJSONObject: answer, options: .sortedKeys), as: UTF8.self))
    }
}

struct BenchError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
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
