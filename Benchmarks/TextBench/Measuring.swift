import DICOMModel
import Foundation
import TextFinding

/// Lets the finder load Tesseract's models and the network's weights, which it does when it first needs them.
func warmUp(_ finder: TextFinder) throws {
    let description = PixelDescription(rows: 64, columns: 64)
    let frame = NativeFrame(description: description, bytes: [UInt8](repeating: 9, count: 4096))
    _ = try finder.findText(in: frame, rendering: RenderingDescription())
    finder.forgetSeries()
}

func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// Of this program alone: `ru_maxrss` remembers the process that started it.
func peakMegabytes() -> Double {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return (line?.split(separator: " ").dropFirst().first).flatMap { Double($0) }.map { $0 / 1024 } ?? 0
}
