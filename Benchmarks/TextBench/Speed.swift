import DICOMFile
import DICOMModel
import Foundation
import PixelRedaction
import TextFinding

/// Decodes all frames of one Series' files and, where asked, looks for text on them. Prints a line of JSON: frames,
/// processor seconds without start-up, and the process's peak memory in MB.
func measureSpeed(of paths: [String], inspecting: Bool) throws {
    let finder = inspecting ? try TextFinder() : nil
    if let finder {  // Tesseract's models, and the network's weights, are loaded when first used
        let description = PixelDescription(rows: 64, columns: 64)
        let frame = NativeFrame(description: description, bytes: [UInt8](repeating: 9, count: 4096))
        _ = try finder.findText(in: frame, rendering: RenderingDescription())
        finder.forgetSeries()
    }
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
        "readings": finder?.counters.readings ?? 0,
    ]
    print(String(decoding: try JSONSerialization.data(withJSONObject: line, options: .sortedKeys), as: UTF8.self))
}

private func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// Of this program alone: `ru_maxrss` remembers the process that started it.
private func peakMegabytes() -> Double {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return (line?.split(separator: " ").dropFirst().first).flatMap { Double($0) }.map { $0 / 1024 } ?? 0
}
