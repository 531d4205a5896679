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

    /// Text beyond reasonable doubt, by itself.
    var isClear: Bool { evidence > 1.39 }

    /// How likely it is text, 0…1, in surroundings so noisy; nil where it isn't.
    ///
    /// - Parameter noise: see `noise(doubtful:clear:)`.
    func score(noise: Double, pass: InspectionPass) -> Double? {
        let odds = evidence - noise
        let probability = 1 / (1 + exp(-odds))
        let least = (pass == .inspection ? 0.6 : 0.65) + (isUnread ? 0.1 : 0)
        return probability >= least ? probability : nil
    }

    /// A picture full of places that look a little like text is a texture: each counts for less, in log odds.
    static func noise(doubtful: Int, clear: Int) -> Double {
        log2(max(1, Double(doubtful) / 12 / Double(1 + clear)))
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
