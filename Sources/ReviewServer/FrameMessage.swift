import Foundation
import Pipeline

/// Frames on their way to the page: four bytes, little endian, with the length of a JSON head, the head, then the samples
/// of each frame and its layer, in the order of the head, raw deflate streams all of them.
enum FrameMessage {
    private struct Head: Encodable {
        struct Frame: Encodable {
            var number: Int
            var width: Int
            var height: Int
            var stride: Int
            var samplesPerPixel: Int
            var bytesPerSample: Int
            var slope: Double
            var intercept: Double
            var isInverted: Bool
            var windows: [[Double]]
            var byteCount: Int
            /// 0 where there is none.
            var layerByteCount: Int
        }

        var rows: Int
        var columns: Int
        var numberOfFrames: Int
        var frames: [Frame]
    }

    static func bytes(_ viewed: ViewedFrames, from first: Int) throws -> Data {
        let frames = viewed.frames.enumerated().map { offset, frame in
            Head.Frame(
                number: first + offset, width: frame.width, height: frame.height, stride: frame.stride,
                samplesPerPixel: frame.samplesPerPixel, bytesPerSample: frame.bytesPerSample, slope: frame.slope,
                intercept: frame.intercept, isInverted: frame.isInverted, windows: frame.windows,
                byteCount: frame.samples.count, layerByteCount: frame.layer?.count ?? 0)
        }
        let head = try JSONEncoder().encode(
            Head(rows: viewed.rows, columns: viewed.columns, numberOfFrames: viewed.numberOfFrames, frames: frames))
        var bytes = withUnsafeBytes(of: UInt32(head.count).littleEndian) { Data($0) }
        bytes += head
        for frame in viewed.frames {
            bytes += frame.samples
            if let layer = frame.layer { bytes += layer }
        }
        return bytes
    }
}
