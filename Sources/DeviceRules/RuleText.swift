import DICOMFile
import DICOMModel

/// What the forms of other programs have in common.
enum RuleText {
    /// `x, y, width, height`: whole numbers, an area, nothing that overflows.
    static func box(_ text: String) -> PixelRegion? {
        guard let numbers = numbers(text), numbers[2] > 0, numbers[3] > 0 else { return nil }
        return PixelRegion(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
    }

    /// `x0, y0, x1, y1`, the latter just outside.
    static func corners(_ text: String) -> PixelRegion? {
        guard let numbers = numbers(text), numbers[2] > numbers[0], numbers[3] > numbers[1] else { return nil }
        return PixelRegion(
            x: numbers[0], y: numbers[1], width: numbers[2] - numbers[0], height: numbers[3] - numbers[1])
    }

    private static func numbers(_ text: String) -> [Int]? {
        let fields = text.split(separator: ",", omittingEmptySubsequences: false)
        let numbers = fields.compactMap { Int($0.trimmingBlanks) }
        guard fields.count == 4, numbers.count == 4, numbers.allSatisfy({ (0...65_535).contains($0) }) else {
            return nil
        }
        return numbers
    }

    /// An Attribute by its keyword, as the standard or as dcm4che has it, whose names are older: `…Seq`, `SoftwareVersion`.
    static func tag(keyword: String) -> Tag? {
        let others = [
            keyword, keyword + "s", keyword.hasSuffix("Seq") ? keyword.dropLast(3) + "Sequence" : keyword,
        ]
        return others.lazy.compactMap { DataDictionary.tag(keyword: $0) }.first
            // Repeating groups are not found by their keywords: that of the first Overlay Plane.
            ?? (keyword == "OverlayDescription" ? Tag(0x6000, 0x0022) : nil)
    }
}
