import DICOMFile
import DICOMModel
import Foundation
import PixelRedaction
import TextFinding

/// Decodes all frames of one Series' files and, where asked, looks for text on them. Prints a line of JSON: frames,
/// processor seconds without start-up, and the process's peak memory in MB.
func measureSpeed(of paths: [String], inspecting: Bool) throws {
    let finder = inspecting ? try TextFinder() : nil
    if let finder { try warmUp(finder) }
    var (frames, regions) = (0, 0)
    let before = processorSeconds()
    for path in paths {
        let object = try DICOMObject.read(try FileByteSource(path: path))
        let reader = try ImageReader(object)
        for number in reader.frameNumbers {
            let frame = try reader.frame(number)
            frames += 1
            if let finder { regions += try finder.findText(in: frame, rendering: reader.rendering).count }
        }
    }
    let seconds = processorSeconds() - before
    let line: [String: Any] = [
        "frames": frames, "regions": regions, "seconds": seconds, "megabytes": peakMegabytes(),
        "readings": finder?.counters.readings ?? 0, "whole": finder?.counters.framesSearched ?? 0,
    ]
    print(String(decoding: try JSONSerialization.data(withJSONObject: line, options: .sortedKeys), as: UTF8.self))
}
