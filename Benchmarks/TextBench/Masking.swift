import DICOMFile
import DICOMModel
import Foundation
import PixelRedaction

/// Masks one box on every frame of a file and writes the result, without looking for text; where asked, reads it afresh
/// and proves it. Prints a line of JSON: frames, seconds of masking and writing and of the proof, the process's peak
/// memory in MB.
///
/// - Parameter arguments: input, output, and x, y, width and height of the box.
func measureMasking(_ arguments: [String], verifying: Bool) throws {
    let numbers = arguments.dropFirst(2).compactMap { Int($0) }
    guard arguments.count == 6, numbers.count == 4 else { throw BenchError("--mask INPUT OUTPUT X Y WIDTH HEIGHT") }
    let box = PixelRegion(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
    let clock = ContinuousClock()
    let start = clock.now
    let original = try DICOMObject.read(FileByteSource(path: arguments[0]))
    var object = original
    let frames = try ImageReader(object).frameNumbers
    let summary = try PixelRedactor().redact(
        &object, regions: Dictionary(uniqueKeysWithValues: frames.map { ($0, [box]) }))
    try object.write(toPath: arguments[1])
    let masked = clock.now
    var line: [String: Any] = [
        "frames": frames.count, "seconds": (masked - start) / .seconds(1), "megabytes": peakMegabytes(),
    ]
    if verifying {
        let written = try DICOMObject.read(FileByteSource(path: arguments[1]))
        let proof = try PixelComparison().compare(original: original, redacted: written, masked: summary.masked)
        line["proven"] = proof.isProven
        line["proofSeconds"] = (clock.now - masked) / .seconds(1)
        line["proofMegabytes"] = peakMegabytes()
    }
    print(String(decoding: try JSONSerialization.data(withJSONObject: line, options: .sortedKeys), as: UTF8.self))
}
