/// Grey morphology with a square, by doubling: a few passes that the compiler vectorises, whatever the square's size.
enum Morphology {
    /// The highest pixel within `size` × `size` around each, `size` odd.
    static func dilated(_ image: GrayImage, size: Int) -> GrayImage {
        filtered(image, size: size, isMaximum: true)
    }

    /// The lowest pixel within `size` × `size` around each.
    static func eroded(_ image: GrayImage, size: Int) -> GrayImage {
        filtered(image, size: size, isMaximum: false)
    }

    /// What of the picture is lighter than its surroundings and fits into no square of `size`: thin strokes.
    static func topHat(_ image: GrayImage, size: Int) -> GrayImage {
        let opened = dilated(eroded(image, size: size), size: size)
        let pixels = [UInt8](unsafeUninitializedCapacity: image.pixels.count) { target, count in
            image.pixels.withUnsafeBufferPointer { source in
                opened.pixels.withUnsafeBufferPointer { opened in
                    for index in 0..<source.count { target[index] = source[index] &- min(opened[index], source[index]) }
                }
            }
            count = image.pixels.count
        }
        return GrayImage(checkedWidth: image.width, height: image.height, pixels: pixels)
    }

    private static func filtered(_ image: GrayImage, size: Int, isMaximum: Bool) -> GrayImage {
        let radius = size / 2
        let (width, height) = (image.width, image.height)
        // A border that never wins. Rows keep `size` bytes of it at their end for the shifted reads.
        let border: UInt8 = isMaximum ? 0 : 255
        let stride = width + 2 * radius
        let padded = stride * (height + 2 * radius) + size
        var buffer = [UInt8](repeating: border, count: padded)
        var result = [UInt8](repeating: 0, count: width * height)
        buffer.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            image.pixels.withUnsafeBufferPointer { source in
                guard let from = source.baseAddress else { return }
                for row in 0..<height {
                    (base + (row + radius) * stride + radius).update(from: from + row * width, count: width)
                }
            }
            spread(base, count: padded, step: 1, size: size, isMaximum: isMaximum)
            spread(base, count: padded, step: stride, size: size, isMaximum: isMaximum)
            result.withUnsafeMutableBufferPointer { target in
                guard let to = target.baseAddress else { return }
                for row in 0..<height { (to + row * width).update(from: base + row * stride, count: width) }
            }
        }
        return GrayImage(checkedWidth: width, height: height, pixels: result)
    }

    /// Each byte becomes the extreme of `size` bytes from itself on, `step` apart; the last ones see fewer.
    private static func spread(
        _ base: UnsafeMutablePointer<UInt8>, count: Int, step: Int, size: Int, isMaximum: Bool
    ) {
        var reach = 1
        while reach < size {
            let shift = min(reach, size - reach)
            let offset = shift * step
            guard count > offset else { return }
            let other = base + offset
            // In place is right: what is read at `offset` ahead has not been written yet.
            if isMaximum {
                for index in 0..<(count - offset) { base[index] = max(base[index], other[index]) }
            } else {
                for index in 0..<(count - offset) { base[index] = min(base[index], other[index]) }
            }
            reach += shift
        }
    }
}
