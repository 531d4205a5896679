import DICOMFile
import DICOMModel
import Foundation
import PixelCodecs
import PixelRedaction
import TextFinding

/// An object whose frames are being looked at, so that its header isn't parsed again for each of them.
struct ViewedObject {
    /// Bits of an overlay or of unused bits, and where they stand in stored pixels.
    struct Layer {
        let plane: BitPlane
        var x = 0
        var y = 0
    }

    let token: String
    let reader: ImageReader
    /// On every frame.
    let layers: [Layer]
    /// Overlays of single frames.
    let overlays: [OverlayPlane]

    init(token: String, reader: ImageReader) throws {
        self.token = token
        self.reader = reader
        // What is embedded shows as unused bits.
        let planes = ((try? reader.overlayPlanes()) ?? []).filter { $0.embeddedBit == nil }
        layers = try planes.filter { $0.imageFrame == nil }.map(Self.layer)
        overlays = planes.filter { $0.imageFrame != nil }
    }

    /// What stands over a frame.
    func layers(over frame: NativeFrame, _ number: FrameNumber) throws -> [Layer] {
        try layers + overlays.filter { $0.imageFrame == number }.map(Self.layer)
            + reader.unusedBitPlanes(in: frame).map { Layer(plane: $0.plane) }
    }

    private static func layer(_ overlay: OverlayPlane) throws -> Layer {
        Layer(plane: try overlay.bitPlane(), x: overlay.x, y: overlay.y)
    }
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
        let opened = try ViewedObject(token: request.token, reader: try ImageReader(object))
        viewed = opened
        return opened
    }

    private func viewedFrame(_ number: FrameNumber, of object: ViewedObject) throws -> ViewedFrame {
        let frame = try object.reader.frame(number)
        let renderer = FrameRenderer(rendering: object.reader.rendering, description: frame.description)
        let view = try renderer.viewedSamples(of: frame, maximalPixels: Self.maximalPixels)
        let layer = Self.drawn(
            try object.layers(over: frame, number), stride: view.stride, width: view.width, height: view.height)
        return ViewedFrame(
            width: view.width, height: view.height, stride: view.stride, samplesPerPixel: view.samplesPerPixel,
            bytesPerSample: view.bytesPerSample, slope: view.slope, intercept: view.intercept,
            isInverted: view.isInverted, windows: view.windows.map { [$0.center, $0.width] },
            samples: Data(try DeflateCodec.deflate(view.bytes, level: 1)),
            layer: try layer.map { Data(try DeflateCodec.deflate($0, level: 1)) })
    }

    /// Layers together, 0 or 1 a pixel of the picture; nil where nothing stands in any.
    private static func drawn(_ layers: [ViewedObject.Layer], stride: Int, width: Int, height: Int) -> [UInt8]? {
        guard !layers.isEmpty else { return nil }
        var drawn = [UInt8](repeating: 0, count: width * height)
        var isEmpty = true
        for layer in layers {
            let plane = layer.plane
            for row in 0..<plane.rows {
                for column in 0..<plane.columns where plane.bits[row * plane.columns + column] != 0 {
                    let (x, y) = (layer.x + column, layer.y + row)
                    guard x >= 0, y >= 0, x / stride < width, y / stride < height else { continue }
                    drawn[y / stride * width + x / stride] = 1
                    isEmpty = false
                }
            }
        }
        return isEmpty ? nil : drawn
    }
}
