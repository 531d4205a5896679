import DICOMFile
import DICOMModel
import Foundation
import PixelCodecs
import PixelRedaction
import TextFinding

/// An object whose frames are being looked at, so that its header isn't parsed again for each of them.
struct ViewedObject {
    let token: String
    let reader: ImageReader
    let overlays: [OverlayPlane]
}

extension WorkerTasks {
    /// A frame's pixels as they are shown: larger frames are reduced, so that a page stays usable.
    private static let maximalPixels = 24 << 20
    /// A reply that grows larger ends early, and its caller asks for the rest.
    private static let maximalReply = 48 << 20

    /// Frames for a person to look at, with what Overlay Planes and unused bits show.
    func view(_ request: ViewRequest) throws -> ViewedFrames {
        let object = try viewedObject(request)
        let count = object.reader.numberOfFrames
        guard request.firstFrame >= 1, request.firstFrame <= count else { throw WorkerStepError("invalid-region") }
        var answer = ViewedFrames(
            rows: object.reader.description.rows, columns: object.reader.description.columns, numberOfFrames: count,
            frames: [])
        var size = 0
        for number in request.firstFrame...min(request.lastFrame, count) {
            let frame = try viewedFrame(FrameNumber(index: number - 1), of: object)
            answer.frames.append(frame)
            size += frame.samples.count
            if size > Self.maximalReply { break }
        }
        return answer
    }

    private func viewedObject(_ request: ViewRequest) throws -> ViewedObject {
        if let viewed, viewed.token == request.token { return viewed }
        let object = try read(request.path)
        guard ImageReader.hasPixels(object) else { throw WorkerStepError("no-pixels") }
        let reader = try ImageReader(object)
        let overlays = (try? reader.overlayPlanes()) ?? []
        let opened = ViewedObject(
            token: request.token, reader: reader, overlays: overlays.filter { $0.embeddedBit == nil })
        viewed = opened
        return opened
    }

    private func viewedFrame(_ number: FrameNumber, of object: ViewedObject) throws -> ViewedFrame {
        let frame = try object.reader.frame(number)
        let renderer = FrameRenderer(rendering: object.reader.rendering, description: frame.description)
        let view = try renderer.viewedSamples(of: frame, maximalPixels: Self.maximalPixels)
        let layer = try hiddenLayer(
            of: frame, number, object, stride: view.stride, width: view.width, height: view.height)
        return ViewedFrame(
            width: view.width, height: view.height, stride: view.stride, samplesPerPixel: view.samplesPerPixel,
            bytesPerSample: view.bytesPerSample, slope: view.slope, intercept: view.intercept,
            isInverted: view.isInverted, windows: view.windows.map { [$0.center, $0.width] },
            samples: Data(try DeflateCodec.deflate(view.bytes, level: 1)),
            layer: try layer.map { Data(try DeflateCodec.deflate($0, level: 1)) })
    }

    /// What stands in Overlay Planes and unused bits, 0 or 1 a pixel of the picture; nil where nothing does.
    private func hiddenLayer(
        of frame: NativeFrame, _ number: FrameNumber, _ object: ViewedObject, stride: Int, width: Int, height: Int
    ) throws -> [UInt8]? {
        var layer = [UInt8](repeating: 0, count: width * height)
        var isEmpty = true
        func draw(_ plane: BitPlane, atX x: Int, y: Int) {
            for row in 0..<plane.rows {
                for column in 0..<plane.columns where plane.bits[row * plane.columns + column] != 0 {
                    let (left, top) = ((x + column) / stride, (y + row) / stride)
                    guard x + column >= 0, y + row >= 0, left < width, top < height else { continue }
                    layer[top * width + left] = 1
                    isEmpty = false
                }
            }
        }
        for overlay in object.overlays where overlay.imageFrame == nil || overlay.imageFrame == number {
            draw(try overlay.bitPlane(), atX: overlay.x, y: overlay.y)
        }
        for unused in object.reader.unusedBitPlanes(in: frame) { draw(unused.plane, atX: 0, y: 0) }
        return isEmpty ? nil : layer
    }
}
