public import DICOMModel

/// A picture of a frame as a person sees it.
public struct DisplayImage: Hashable, Sendable {
    public let width: Int
    public let height: Int
    /// 1 for grey, 3 for RGB.
    public let samplesPerPixel: Int
    /// Row by row, samples interleaved.
    public let pixels: [UInt8]
    /// Pixels of this picture for one stored pixel, at most 1.
    public let scale: Double

    /// - Throws: `TextFindingError` `.encodingFailed`.
    public func png() throws -> [UInt8] { try PNG.encode(pixels, width: width, height: height) }
}

extension FrameRenderer {
    /// The frame in colour, or in grey by its first window, else by its percentiles.
    ///
    /// - Parameter maximalEdge: in pixels; larger frames are reduced to it.
    /// - Throws: `TextFindingError` `.malformedFrame` or `.unsupported`.
    public func displayImage(of frame: NativeFrame, maximalEdge: Int? = nil) throws -> DisplayImage {
        let (width, height) = (frame.description.columns, frame.description.rows)
        let channels = try displayChannels(of: frame)
        let edge = max(width, height)
        let scale = maximalEdge.map { edge > $0 && $0 > 0 ? Double($0) / Double(edge) : 1 } ?? 1
        let newWidth = max(Int((Double(width) * scale).rounded()), 1)
        let newHeight = max(Int((Double(height) * scale).rounded()), 1)
        let reduced = channels.map { $0.scaled(toWidth: newWidth, height: newHeight).pixels }
        var pixels = [UInt8](repeating: 0, count: newWidth * newHeight * reduced.count)
        for (channel, samples) in reduced.enumerated() {
            for (index, sample) in samples.enumerated() { pixels[index * reduced.count + channel] = sample }
        }
        return DisplayImage(
            width: newWidth, height: newHeight, samplesPerPixel: reduced.count, pixels: pixels, scale: scale)
    }

    private func displayChannels(of frame: NativeFrame) throws -> [GrayImage] {
        if frame.description.samplesPerPixel == 1 {
            let values = try StoredValues(frame: frame)
            if frame.description.photometricInterpretation == .paletteColor, let palette = rendering.palette {
                return Self.channels(of: ColorPlanes(values, palette: palette))
            }
            let levels = GreyLevels(values, rendering: rendering)
            let grey =
                rendering.windows.first.map { levels.window($0) }
                ?? rendering.voiLUTs.first.flatMap { levels.voiLUT($0) } ?? levels.percentiles(0.005, 0.995)
            return [
                levels.image(of: grey, isInverted: description.photometricInterpretation == .monochrome1)
            ]
        }
        return Self.channels(of: try ColorPlanes(samplesOf: frame))
    }

    private static func channels(of planes: ColorPlanes) -> [GrayImage] {
        [planes.red, planes.green, planes.blue].map {
            GrayImage(checkedWidth: planes.width, height: planes.height, pixels: $0)
        }
    }
}
