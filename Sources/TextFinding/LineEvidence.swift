import DICOMModel
import Glibc

/// What speaks for a line being text: measures that logistic models weigh, fitted by `Models/training/judgement.py`.
struct LineEvidence {
    static let names = [
        "strokes", "no-strokes", "network", "share", "height", "length", "vertical", "slanted", "unread", "sure",
        "sure-letters", "sure-square", "letters", "doubtful-lines", "likely-lines",
    ]
    /// Of the names, how many are known before the line is read.
    static let countBeforeReading = 8

    /// In the order of `names`.
    private(set) var measures: [Double]
    private(set) var isUnread = true

    /// - Parameter candidates: one or several views of one line, the best first.
    init(candidates: [TextCandidate]) {
        let strokes = candidates.compactMap(\.strokes).max()
        let best = strokes.map { min(max($0, 0.001), 0.999) }
        let support = candidates.compactMap(\.support).max { $0.logOdds < $1.logOdds }
        let first = candidates[0]
        let (along, across) =
            first.isVertical
            ? (first.region.height, first.region.width) : (first.region.width, first.region.height)
        measures = [
            best.map { log($0 / (1 - $0)) } ?? 0, strokes == nil ? 1 : 0,
            // Without a network its answer is taken to be a weak yes.
            min(support?.logOdds ?? 1.5, 8), support?.share ?? 0.6,
            log2(Double(max(first.glyphHeight, 4)) / 12), min(log2(Double(max(along, 1)) / Double(max(across, 1))), 5),
            first.isVertical ? 1 : 0, first.slope == 0 ? 0 : 1, 1, 0, 0, 0, 0, 0, 0,
        ]
    }

    mutating func add(_ reading: Reading) {
        let plausibility = TextJudgement.plausibility(of: reading.text)
        let sure = reading.confidence * plausibility.quality
        let count = Double(min(plausibility.letters, 8))
        isUnread = reading.confidence < 0.3
        measures.replaceSubrange(
            Self.countBeforeReading..<Self.countBeforeReading + 5, with: [0, sure, sure * count, sure * sure, count])
    }

    /// A picture full of places that look a little like text is a texture.
    mutating func add(doubtfulLines: Int, likelyLines: Int) {
        measures[Self.names.count - 2] = log2(1 + Double(doubtfulLines))
        measures[Self.names.count - 1] = log2(1 + Double(likelyLines))
    }

    var logOddsBeforeReading: Double { Self.sum(measures.prefix(Self.countBeforeReading), JudgementWeights.look) }
    var logOdds: Double { Self.sum(measures[...], JudgementWeights.all) }

    private static func sum(_ measures: ArraySlice<Double>, _ weights: (bias: Double, weights: [Double])) -> Double {
        zip(measures, weights.weights).reduce(weights.bias) { $0 + $1.0 * $1.1 }
    }
}
