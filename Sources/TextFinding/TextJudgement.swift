/// Whether a candidate and what was read there make a text region.
enum TextJudgement {
    /// Nil where it is noise; else how likely it is text.
    static func score(candidate: Double, reading: Reading?, pass: InspectionPass) -> Double? {
        let certain = pass == .inspection ? 0.85 : 0.92
        guard let reading else { return candidate >= certain ? candidate : nil }
        let plausible = plausibility(of: reading.text)
        let evidence = reading.confidence * plausible.quality
        let isText: Bool =
            switch plausible.letters {
            case ...0: false
            case 1: candidate >= 0.6 && evidence >= 0.8
            case 2: candidate >= 0.5 && evidence >= 0.75
            case 3: candidate >= 0.4 && evidence >= 0.65
            default: candidate >= 0.3 && evidence >= 0.55
            }
        if isText { return max(candidate, evidence) }
        return candidate >= certain ? candidate : nil
    }

    /// How many letters and digits there are, and 0…1 how large their share is.
    static func plausibility(of text: String) -> (letters: Int, quality: Double) {
        var (letters, others) = (0, 0)
        for scalar in text.unicodeScalars where !scalar.properties.isWhitespace {
            if scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
                letters += 1
            } else if !"./:-,%()+*'=\"°^".unicodeScalars.contains(scalar) {
                others += 1
            }
        }
        return (letters, letters == 0 ? 0 : Double(letters) / Double(letters + 2 * others))
    }
}
