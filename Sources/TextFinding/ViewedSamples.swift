public import DICOMModel

/// A frame's samples in a form that a page turns into a picture itself, so that another window costs it one table.
public struct ViewedSamples: Hashable, Sendable {
    public let width: Int
    public let height: Int
    /// 1 for grey, 3 for RGB, interleaved.
    public let samplesPerPixel: Int
    /// 1 or 2, the latter little endian.
    public let bytesPerSample: Int
    /// Row by row from the top left corner. Grey samples ascend with the output of the Modality LUT.
    public let bytes: [UInt8]
    /// From a grey sample to the output of the Modality LUT (PS3.3 C.11.1): `sample * slope + intercept`.
    public let slope: Double
    public let intercept: Double
    /// Whether the lowest value is white.
    public let isInverted: Bool
    /// In units of the Modality LUT's output: the header's own first, then one over nearly all values and one over all.
    public let windows: [RenderingDescription.Window]
    /// How many stored pixels stand for one of these, in both directions.
    public let stride: Int
}

extension FrameRenderer {
    /// The frame for a page.
    ///
    /// - Parameter maximalPixels: a larger frame is reduced by leaving out columns and rows.
    /// - Throws: `TextFindingError` `.malformedFrame` or `.unsupported`.
    public func viewedSamples(of frame: NativeFrame, maximalPixels: Int) throws -> ViewedSamples {
        var stride = 1
        while frame.description.pixelsPerFrame / (stride * stride) > maximalPixels { stride += 1 }
        guard frame.description.samplesPerPixel == 1 else {
            return Self.colour(try ColorPlanes(samplesOf: frame), stride: stride)
        }
        let values = try StoredValues(frame: frame)
        if frame.description.photometricInterpretation == .paletteColor, let palette = rendering.palette {
            return Self.colour(ColorPlanes(values, palette: palette), stride: stride)
        }
        return grey(values, stride: stride)
    }

    private static func colour(_ planes: ColorPlanes, stride: Int) -> ViewedSamples {
        let (width, height) = (reduced(planes.width, by: stride), reduced(planes.height, by: stride))
        var bytes = [UInt8](repeating: 0, count: 3 * width * height)
        for (channel, plane) in [planes.red, planes.green, planes.blue].enumerated() {
            var place = channel
            for row in Swift.stride(from: 0, to: planes.height, by: stride) {
                for column in Swift.stride(from: 0, to: planes.width, by: stride) {
                    bytes[place] = plane[row * planes.width + column]
                    place += 3
                }
            }
        }
        return ViewedSamples(
            width: width, height: height, samplesPerPixel: 3, bytesPerSample: 1, bytes: bytes, slope: 1, intercept: 0,
            isInverted: false, windows: [RenderingDescription.Window(center: 128, width: 256)], stride: stride)
    }

    private func grey(_ values: StoredValues, stride: Int) -> ViewedSamples {
        let levels = GreyLevels(values, rendering: rendering)
        let samples = table(of: values, levels)
        let isWide = samples.highest > 255
        let (width, height) = (Self.reduced(values.width, by: stride), Self.reduced(values.height, by: stride))
        let length = isWide ? 2 : 1
        var bytes = [UInt8](repeating: 0, count: width * height * length)
        var place = 0
        for row in Swift.stride(from: 0, to: values.height, by: stride) {
            for column in Swift.stride(from: 0, to: values.width, by: stride) {
                let sample = samples.byIndex[Int(values.indices[row * values.width + column])]
                bytes[place] = UInt8(truncatingIfNeeded: sample)
                if isWide { bytes[place + 1] = UInt8(truncatingIfNeeded: sample >> 8) }
                place += length
            }
        }
        return ViewedSamples(
            width: width, height: height, samplesPerPixel: 1, bytesPerSample: isWide ? 2 : 1, bytes: bytes,
            slope: samples.slope, intercept: samples.intercept,
            isInverted: description.photometricInterpretation == .monochrome1,
            windows: windows(levels), stride: stride)
    }

    private static func reduced(_ length: Int, by stride: Int) -> Int { (length + stride - 1) / stride }

    /// What is sent for each index, and the way from that to the Modality LUT's output.
    private func table(
        of values: StoredValues, _ levels: GreyLevels
    ) -> (byIndex: [UInt16], highest: UInt16, slope: Double, intercept: Double) {
        var byIndex = [UInt16](repeating: 0, count: values.histogram.count)
        let isLinear = rendering.modalityLUT == nil && values.histogram.count <= 65536
        let lowest = levels.modality.min() ?? 0
        let range = (levels.modality.max() ?? 0) - lowest
        let slope = rendering.rescaleSlope
        if isLinear, slope.isFinite, slope > 0, range / slope <= 65535 {
            for (position, index) in values.present.enumerated() {
                byIndex[Int(index)] = UInt16(
                    min(max(((levels.modality[position] - lowest) / slope).rounded(), 0), 65535))
            }
            return (byIndex, byIndex.max() ?? 0, slope, lowest)
        }
        // A table, or a slope that turns the order round: the output itself, in equal steps.
        let step = max(range / 65535, 1e-9)
        for (position, index) in values.present.enumerated() {
            byIndex[Int(index)] = UInt16(min(max(((levels.modality[position] - lowest) / step).rounded(), 0), 65535))
        }
        return (byIndex, byIndex.max() ?? 0, step, lowest)
    }

    private func windows(_ levels: GreyLevels) -> [RenderingDescription.Window] {
        let given = rendering.windows.prefix(4).filter { $0.center.isFinite && $0.width.isFinite && $0.width >= 1 }
        func window(from low: Double, to high: Double) -> RenderingDescription.Window {
            RenderingDescription.Window(center: (low + high) / 2 + 0.5, width: max(high - low + 1, 1))
        }
        let order = levels.modality.indices.filter { !levels.isPadding[$0] }
            .sorted { levels.modality[$0] < levels.modality[$1] }
        let total = order.reduce(0) { $0 + levels.counts[$1] }
        guard let first = order.first, let last = order.last else { return Array(given) }
        var (low, high, seen) = (levels.modality[first], levels.modality[last], 0.0)
        for index in order {
            if seen <= total * 0.005 { low = levels.modality[index] }
            if seen <= total * 0.995 { high = levels.modality[index] }
            seen += levels.counts[index]
        }
        return given + [
            window(from: low, to: high), window(from: levels.modality[first], to: levels.modality[last]),
        ]
    }
}
