import CFrames
import DICOMModel

extension FrameRenderer {
    func colorPlans(of planes: ColorPlanes, pass: InspectionPass) -> [RenderingPlan] {
        let (width, height) = (planes.width, planes.height)
        func picture(_ pixels: [UInt8]) -> GrayImage {
            GrayImage(checkedWidth: width, height: height, pixels: pixels)
        }
        // Luminance once more under the windows of grey images: text in nearly the colour of its ground.
        let description = PixelDescription(rows: height, columns: width)
        let renderer = FrameRenderer(rendering: RenderingDescription(), description: description)
        let luminance = planes.luminance()
        var renderings = [Rendering(kind: .luminance, image: picture(luminance))]
        if let values = try? StoredValues(frame: NativeFrame(description: description, bytes: luminance)) {
            for plan in renderer.monochromePlans(of: values, pass: pass) {
                Self.append(Rendering(kind: plan.kind, image: plan.image()), to: &renderings)
            }
        }
        if planes.isColourful {
            for kind in Self.colourKinds(for: pass) {
                Self.append(
                    Rendering(kind: kind, image: picture(planes.picture(kind, luminance: luminance))), to: &renderings)
            }
        }
        return renderings.map { rendering in RenderingPlan(kind: rendering.kind) { rendering.image } }
    }

    private static func colourKinds(for pass: InspectionPass) -> [Rendering.Kind] {
        switch pass {
        case .inspection: [.maximumChannel, .blueDifference, .redDifference]
        case .verification: [.saturation, .redDifference]
        }
    }

    /// Unless a picture is there already that looks the same, light and dark perhaps exchanged.
    private static func append(_ rendering: Rendering, to renderings: inout [Rendering]) {
        for other in renderings where areAlike(rendering.image.pixels, other.image.pixels) { return }
        renderings.append(rendering)
    }

    private static func areAlike(_ first: [UInt8], _ second: [UInt8]) -> Bool {
        guard first.count == second.count, !first.isEmpty else { return false }
        return first.withUnsafeBufferPointer { first in
            second.withUnsafeBufferPointer { second in
                var (same, inverse) = (Distance(), Distance())
                for start in stride(from: 0, to: first.count, by: 4096) {
                    let part = start..<min(start + 4096, first.count)
                    same.add(first, second, in: part, isInverted: false)
                    inverse.add(first, second, in: part, isInverted: true)
                    if !same.isSmall(of: first.count), !inverse.isSmall(of: first.count) { return false }
                }
                return true
            }
        }
    }

    /// How far two pictures are from each other.
    private struct Distance {
        private var sum = 0
        private var far = 0

        mutating func add(
            _ first: UnsafeBufferPointer<UInt8>, _ second: UnsafeBufferPointer<UInt8>, in part: Range<Int>,
            isInverted: Bool
        ) {
            let difference = frames_differ(
                first.baseAddress.map { $0 + part.lowerBound }, second.baseAddress.map { $0 + part.lowerBound },
                part.count, isInverted ? 255 : 0, 24)
            sum += Int(difference.sum)
            far += difference.far
        }

        /// A short word covers a few dozen pixels: so few may not differ unnoticed.
        func isSmall(of count: Int) -> Bool { sum < count * 3 && far < 8 }
    }
}

/// Pictures of a colour frame in which text may stand out.
extension ColorPlanes {
    /// Whether more than a few pixels have a colour.
    var isColourful: Bool {
        red.withUnsafeBufferPointer { red in
            green.withUnsafeBufferPointer { green in
                blue.withUnsafeBufferPointer { blue in
                    var coloured = 0
                    for index in 0..<red.count {
                        let (highest, lowest) = (
                            max(red[index], green[index], blue[index]), min(red[index], green[index], blue[index])
                        )
                        coloured &+= highest &- lowest > 24 ? 1 : 0
                    }
                    return coloured >= 20
                }
            }
        }
    }

    /// ITU-R BT.601, in units of 1 / 65536.
    func luminance() -> [UInt8] {
        mapped { red, green, blue in (19595 &* red &+ 38470 &* green &+ 7471 &* blue &+ 32768) >> 16 }
    }

    /// One of the pictures that show colour; 128 is neutral in the differences.
    func picture(_ kind: Rendering.Kind, luminance: [UInt8]) -> [UInt8] {
        switch kind {
        case .maximumChannel: mapped { max($0, $1, $2) }
        case .saturation: mapped { max($0, $1, $2) &- min($0, $1, $2) }
        case .blueDifference: difference(of: blue, luminance)
        case .redDifference: difference(of: red, luminance)
        default: luminance
        }
    }

    private func difference(of channel: [UInt8], _ luminance: [UInt8]) -> [UInt8] {
        zip(channel, luminance).map { value, grey in
            UInt8(truncatingIfNeeded: min(max((Int32(value) &- Int32(grey)) / 2 &+ 128, 0), 255))
        }
    }

    @inline(__always)
    private func mapped(_ value: (_ red: Int32, _ green: Int32, _ blue: Int32) -> Int32) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: self.red.count) { target, count in
            red.withUnsafeBufferPointer { red in
                green.withUnsafeBufferPointer { green in
                    blue.withUnsafeBufferPointer { blue in
                        for index in 0..<red.count {
                            let result = value(Int32(red[index]), Int32(green[index]), Int32(blue[index]))
                            target[index] = UInt8(truncatingIfNeeded: min(result, 255))
                        }
                    }
                }
            }
            count = self.red.count
        }
    }
}
