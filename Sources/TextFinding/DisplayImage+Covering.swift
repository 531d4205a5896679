public import DICOMModel

extension DisplayImage {
    /// The same picture with boxes painted over, for a report that shows where something was and not what.
    ///
    /// - Parameter regions: in stored pixels of the frame, whatever the picture's scale.
    public func covering(_ regions: [PixelRegion]) -> DisplayImage {
        var painted = pixels
        for region in regions {
            let left = max(0, Int((Double(region.x) * scale).rounded(.down)))
            let top = max(0, Int((Double(region.y) * scale).rounded(.down)))
            let right = min(width, Int((Double(region.maxX) * scale).rounded(.up)))
            let bottom = min(height, Int((Double(region.maxY) * scale).rounded(.up)))
            guard left < right, top < bottom else { continue }
            for row in top..<bottom {
                for column in left..<right {
                    // Stripes, so that a cover is not taken for something black in the image.
                    let level: UInt8 = (row + column) / 4 % 2 == 0 ? 0x90 : 0x60
                    let start = (row * width + column) * samplesPerPixel
                    for sample in 0..<samplesPerPixel { painted[start + sample] = level }
                }
            }
        }
        return DisplayImage(
            width: width, height: height, samplesPerPixel: samplesPerPixel, pixels: painted, scale: scale)
    }
}
