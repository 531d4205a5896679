import DICOMModel

extension PixelRegion {
    /// Boxes that meet become one, until none do.
    static func united(_ boxes: [PixelRegion]) -> [PixelRegion] {
        var result: [PixelRegion] = []
        for box in boxes {
            var joined = box
            while let index = result.firstIndex(where: { $0.intersects(joined) }) {
                joined = joined.union(result.remove(at: index))
            }
            result.append(joined)
        }
        return result
    }
}
