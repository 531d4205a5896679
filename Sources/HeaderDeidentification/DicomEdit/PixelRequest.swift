import DICOMModel

/// The arguments of `alterPixels`: `"rectangle", "l=10, t=0, r=200, b=24", "solid", "v=0"`.
///
/// Left and top belong to the rectangle, right and bottom don't (SimpleRectanglePixelEditHandler of NrgXnat dicom-edit6).
/// The fill is checked and then left to our own redaction, which knows what looks black in every Photometric
/// Interpretation.
struct PixelRequest: Hashable, Sendable {
    let region: PixelRegion

    struct Problem: Error {
        let message: String
    }

    init(shape: String, properties: String, fill: String, fillProperties: String) throws(Problem) {
        guard shape.trimmingBlanks.lowercased() == "rectangle" else {
            throw Problem(message: "only rectangles can be filled")
        }
        guard fill.trimmingBlanks.lowercased() == "solid" else { throw Problem(message: "the only fill is \"solid\"") }
        let sides = try Self.numbers(properties, names: ["l": "left", "t": "top", "r": "right", "b": "bottom"])
        guard let left = sides["l"], let top = sides["t"], let right = sides["r"], let bottom = sides["b"] else {
            throw Problem(message: "a rectangle has l=, t=, r= and b=")
        }
        // XNAT takes a rectangle with its sides exchanged for one of the same size elsewhere: nobody means that.
        guard left < right, top < bottom, right > 0, bottom > 0 else {
            throw Problem(message: "left is less than right and top less than bottom, counted from the top left corner")
        }
        region = PixelRegion(
            x: max(0, left), y: max(0, top), width: right - max(0, left), height: bottom - max(0, top))
        let samples = try Self.numbers(fillProperties, names: ["v": "value", "r": "red", "g": "green", "b": "blue"])
        let isGrey = samples["v"] != nil
        guard isGrey || (samples["r"] != nil && samples["g"] != nil && samples["b"] != nil),
            samples.values.allSatisfy({ (0...255).contains($0) })
        else { throw Problem(message: "a fill is v= or r=, g=, b=, each from 0 to 255") }
    }

    /// `name=number` pairs; `names` has the short name of each and the long one.
    private static func numbers(_ text: String, names: [String: String]) throws(Problem) -> [String: Int] {
        var numbers: [String: Int] = [:]
        for pair in text.filter({ !$0.isWhitespace }).split(separator: ",") {
            let parts = pair.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "=" || $0 == ":" }
            guard parts.count == 2, let number = Int32(parts[1]),
                let name = names.first(where: { $0.key == parts[0] || $0.value == parts[0] })?.key
            else { throw Problem(message: "not a property of pixels that can be read: name=whole number") }
            numbers[name] = Int(number)
        }
        return numbers
    }
}
