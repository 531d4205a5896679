import DICOMModel

/// `coordinates x0,y0,x1,y1`, `ctpcoordinates x,y,w,h`, and the two with `keep`, which take back what was masked before.
enum DeidCoordinates {
    /// Nil for a line that is no such line.
    static func paint(_ line: String) throws(DeviceRuleError) -> RulePaint? {
        let words: [(String, RulePaint.Kind, isCTP: Bool)] = [
            ("ctpkeepcoordinates", .keep, true), ("ctpcoordinates", .mask, true), ("keepcoordinates", .keep, false),
            ("coordinates", .mask, false),
        ]
        guard let (word, kind, isCTP) = words.first(where: { line.lowercased().hasPrefix($0.0) }) else { return nil }
        let value = line.dropFirst(word.count).trimmingBlanks
        if value.lowercased() == "all", !isCTP { return RulePaint(kind, .everything) }
        if value.hasPrefix("from:"), !isCTP {
            guard value.dropFirst(5).trimmingBlanks == "SequenceOfUltrasoundRegions" else {
                throw DeviceRuleError("coordinates can be taken from SequenceOfUltrasoundRegions alone")
            }
            return RulePaint(kind, .ultrasoundRegions)
        }
        guard let box = isCTP ? RuleText.box(value) : RuleText.corners(value) else {
            throw DeviceRuleError(
                isCTP
                    ? "`\(value)` is no box: x, y, width and height are four whole numbers, with an area"
                    : "`\(value)` is no box: two corners are four whole numbers, with an area between")
        }
        return RulePaint(kind, .box(box))
    }
}
