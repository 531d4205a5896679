import DICOMModel

extension GrayImage {
    /// Half as wide and high, each pixel the mean of four; nil where a side would vanish.
    func halved() -> GrayImage? {
        let (narrow, low) = (width / 2, height / 2)
        guard narrow > 0, low > 0 else { return nil }
        let result = [UInt8](unsafeUninitializedCapacity: narrow * low) { target, count in
            pixels.withUnsafeBufferPointer { source in
                for row in 0..<low {
                    let (upper, out) = (2 * row * width, row * narrow)
                    let lower = upper + width
                    for column in 0..<narrow {
                        let left = 2 &* column
                        let sum =
                            UInt16(source[upper &+ left]) &+ UInt16(source[upper &+ left &+ 1])
                            &+ UInt16(source[lower &+ left]) &+ UInt16(source[lower &+ left &+ 1])
                        target[out &+ column] = UInt8(truncatingIfNeeded: (sum &+ 2) >> 2)
                    }
                }
            }
            count = narrow * low
        }
        return GrayImage(checkedWidth: narrow, height: low, pixels: result)
    }

    /// Brought to a size: between pixels when growing, means of areas when shrinking to less than half.
    package func scaled(toWidth newWidth: Int, height newHeight: Int) -> GrayImage {
        if newWidth == width, newHeight == height { return self }
        var source = self
        while source.width >= 2 * newWidth, source.height >= 2 * newHeight, let half = source.halved() { source = half }
        return source.interpolated(toWidth: max(newWidth, 1), height: max(newHeight, 1))
    }

    private func interpolated(toWidth newWidth: Int, height newHeight: Int) -> GrayImage {
        let columns = Self.positions(count: newWidth, of: width)
        let rows = Self.positions(count: newHeight, of: height)
        let result = [UInt8](unsafeUninitializedCapacity: newWidth * newHeight) { target, count in
            pixels.withUnsafeBufferPointer { source in
                columns.withUnsafeBufferPointer { columns in
                    for (row, place) in rows.enumerated() {
                        let upper = place.first * width
                        let lower = place.second * width
                        for column in 0..<newWidth {
                            let x = columns[column]
                            let top =
                                Int(source[upper &+ x.first]) &* (256 &- x.part)
                                &+ Int(source[upper &+ x.second]) &* x.part
                            let bottom =
                                Int(source[lower &+ x.first]) &* (256 &- x.part)
                                &+ Int(source[lower &+ x.second]) &* x.part
                            let sum = top &* (256 &- place.part) &+ bottom &* place.part &+ 32768
                            target[row &* newWidth &+ column] = UInt8(truncatingIfNeeded: sum >> 16)
                        }
                    }
                }
            }
            count = newWidth * newHeight
        }
        return GrayImage(checkedWidth: newWidth, height: newHeight, pixels: result)
    }

    /// For each new position the two old ones around its centre, and how near the second is, in 1 / 256.
    private static func positions(count: Int, of old: Int) -> [(first: Int, second: Int, part: Int)] {
        let factor = Double(old) / Double(count)
        return (0..<count).map { index in
            let position = max((Double(index) + 0.5) * factor - 0.5, 0)
            let first = min(Int(position), old - 1)
            return (first, min(first + 1, old - 1), Int((position - Double(first)) * 256))
        }
    }

    /// A quarter turn, so that a line that runs upwards (`clockwise`) or downwards becomes level.
    package func turned(clockwise: Bool) -> GrayImage {
        // From one pixel of a new row to the next, and from row to row.
        let (first, column, row) =
            clockwise ? ((height - 1) * width, -width, 1) : (width - 1, width, -1)
        let turned = [UInt8](unsafeUninitializedCapacity: pixels.count) { target, count in
            pixels.withUnsafeBufferPointer { source in
                for across in 0..<width {
                    for down in 0..<height {
                        target[across &* height &+ down] = source[first &+ across &* row &+ down &* column]
                    }
                }
            }
            count = pixels.count
        }
        return GrayImage(checkedWidth: height, height: width, pixels: turned)
    }
}
