import Glibc

/// Whether a candidate and what was read there make a text region: by its strokes and the reading, or where the
/// network is sure, by all together.
struct TextJudgement {
    /// In log odds, by strokes and reading.
    private let evidence: Double
    private var line: LineEvidence

    /// - Parameter strokes: 0…1.
    init(_ line: LineEvidence, strokes: Double, reading: Reading?) {
        self.line = line
        let look = log(max(strokes, 0.001) / (1 - min(strokes, 0.999)))
        guard let reading else {
            evidence = 1.1733 * look - 2.33
            return
        }
        let plausibility = Self.plausibility(of: reading.text)
        let sure = reading.confidence * plausibility.quality
        let count = Double(min(plausibility.letters, 8))
        evidence =
            1.1733 * look + 0.325 * sure + 0.0105 * count + 0.691 * sure * count + 0.6556 * sure * sure - 2.33
    }

    /// Text beyond reasonable doubt, by itself.
    var isClear: Bool { evidence > 1.39 || line.isSure }

    /// How likely it is text, 0…1, in so crowded a picture; nil where it isn't.
    func score(crowd: Double, pass: InspectionPass) -> Double? {
        var whole = line
        whole.add(crowd: crowd)
        let odds = max(evidence - crowd, line.isSure ? whole.logOdds : -.infinity)
        let probability = 1 / (1 + exp(-odds))
        let least = (pass == .inspection ? 0.6 : 0.65) + (line.isUnread ? 0.1 : 0)
        return probability >= least ? probability : nil
    }

    /// A picture full of places that look a little like text is a texture: each counts for less, in log odds.
    static func crowd(doubtful: Int, clear: Int) -> Double {
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
