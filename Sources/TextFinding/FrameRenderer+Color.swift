import DICOMModel

extension FrameRenderer {
    func colorRenderings(of planes: ColorPlanes, pass: InspectionPass) -> [Rendering] {
        let channels = ColorChannels(planes)
        let (width, height) = (planes.width, planes.height)
        func picture(_ pixels: [UInt8]) -> GrayImage {
            GrayImage(checkedWidth: width, height: height, pixels: pixels)
        }
        // Luminance once more under the windows of grey images: text in nearly the colour of its ground.
        let description = PixelDescription(rows: height, columns: width)
        let renderer = FrameRenderer(rendering: RenderingDescription(), description: description)
        var renderings = [Rendering(kind: .luminance, image: picture(channels.luminance))]
        if let values = try? StoredValues(frame: NativeFrame(description: description, bytes: channels.luminance)) {
            for rendering in renderer.monochromeRenderings(of: values, pass: pass) {
                Self.append(rendering, to: &renderings)
            }
        }
        guard channels.isColourful else { return renderings }
        let extra: [(Rendering.Kind, [UInt8])] =
            switch pass {
            case .inspection:
                [
                    (.maximumChannel, channels.maximum), (.blueDifference, channels.blueDifference),
                    (.redDifference, channels.redDifference),
                ]
            case .verification:
                [(.saturation, channels.saturation), (.redDifference, channels.redDifference)]
            }
        for (kind, pixels) in extra {
            Self.append(Rendering(kind: kind, image: picture(pixels)), to: &renderings)
        }
        return renderings
    }

    /// Unless a picture is there already that looks the same, light and dark perhaps exchanged.
    private static func append(_ rendering: Rendering, to renderings: inout [Rendering]) {
        for other in renderings where areAlike(rendering.image.pixels, other.image.pixels) { return }
        renderings.append(rendering)
    }

    private static func areAlike(_ first: [UInt8], _ second: [UInt8]) -> Bool {
        guard first.count == second.count, !first.isEmpty else { return false }
        var (same, inverse, sameFar, inverseFar) = (0, 0, 0, 0)
        first.withUnsafeBufferPointer { first in
            second.withUnsafeBufferPointer { second in
                for index in 0..<first.count {
                    let (left, right) = (Int(first[index]), Int(second[index]))
                    let (difference, opposite) = (abs(left &- right), abs(left &+ right &- 255))
                    same &+= difference
                    inverse &+= opposite
                    sameFar &+= difference > 24 ? 1 : 0
                    inverseFar &+= opposite > 24 ? 1 : 0
                }
            }
        }
        // A short word covers a few dozen pixels: so few may not differ unnoticed.
        return (same < first.count * 3 && sameFar < 8) || (inverse < first.count * 3 && inverseFar < 8)
    }
}

/// Pictures of a colour frame in which text may stand out.
struct ColorChannels {
    var luminance: [UInt8]
    var maximum: [UInt8]
    var saturation: [UInt8]
    /// 128 is neutral.
    var blueDifference: [UInt8]
    var redDifference: [UInt8]
    /// Whether more than a few pixels have a colour.
    var isColourful: Bool

    init(_ planes: ColorPlanes) {
        let count = planes.red.count
        luminance = [UInt8](repeating: 0, count: count)
        maximum = luminance
        saturation = luminance
        blueDifference = luminance
        redDifference = luminance
        var coloured = 0
        for index in 0..<count {
            let (red, green, blue) = (Int32(planes.red[index]), Int32(planes.green[index]), Int32(planes.blue[index]))
            let (highest, lowest) = (max(red, green, blue), min(red, green, blue))
            // ITU-R BT.601, in units of 1 / 65536.
            let grey = (19595 &* red &+ 38470 &* green &+ 7471 &* blue &+ 32768) >> 16
            luminance[index] = UInt8(truncatingIfNeeded: min(grey, 255))
            maximum[index] = UInt8(truncatingIfNeeded: highest)
            saturation[index] = UInt8(truncatingIfNeeded: highest &- lowest)
            blueDifference[index] = UInt8(truncatingIfNeeded: min(max((blue &- grey) / 2 &+ 128, 0), 255))
            redDifference[index] = UInt8(truncatingIfNeeded: min(max((red &- grey) / 2 &+ 128, 0), 255))
            coloured &+= highest &- lowest > 24 ? 1 : 0
        }
        isColourful = coloured >= 20
    }
}
