import Glibc

/// Whether a candidate and what was read there make a text region.
struct TextJudgement {
    /// In log odds.
    private let evidence: Double
    /// Whether a reading was so poor that the look alone must tell.
    private let isUnread: Bool

    init(_ line: LineEvidence) {
        (evidence, isUnread) = (line.logOdds, line.isUnread)
    }

    /// How likely it is text, 0…1; nil where it isn't.
    func score(pass: InspectionPass) -> Double? {
        let probability = 1 / (1 + exp(-evidence))
        let least = (pass == .inspection ? 0.6 : 0.65) + (isUnread ? 0.1 : 0)
        return probability >= least ? probability : nil
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
