import DICOMModel
import Glibc

/// What speaks for a line being text: measures that logistic models weigh, fitted by `Models/training/judgement.py`.
struct LineEvidence {
    static let names = [
        "strokes", "no-strokes", "network", "share", "height", "length", "vertical", "slanted", "unread", "sure",
        "sure-letters", "sure-square", "letters", "crowd",
    ]
    /// Of the names, how many are known before the line is read.
    private static let countBeforeReading = 8

    /// In the order of `names`.
    private(set) var measures: [Double]
    private(set) var isUnread = true
    /// The network needs no strokes to tell.
    let isSure: Bool

    /// - Parameter candidates: one or several views of one line, the best first.
    init(candidates: [TextCandidate]) {
        let strokes = candidates.compactMap(\.strokes).max()
        let best = strokes.map { min(max($0, 0.001), 0.999) }
        let support = candidates.compactMap(\.support).max { $0.logOdds < $1.logOdds }
        isSure = support?.isSure == true
        let first = candidates[0]
        let (along, across) =
            first.isVertical
            ? (first.region.height, first.region.width) : (first.region.width, first.region.height)
        measures = [
            best.map { log($0 / (1 - $0)) } ?? 0, strokes == nil ? 1 : 0,
            // Without a network its answer is taken to be a weak yes.
            min(support?.logOdds ?? 1.5, 8), support?.share ?? 0.6,
            log2(Double(max(first.glyphHeight, 4)) / 12), min(log2(Double(max(along, 1)) / Double(max(across, 1))), 5),
            first.isVertical ? 1 : 0, first.slope == 0 ? 0 : 1, 1, 0, 0, 0, 0, 0,
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

    /// - Parameter crowd: see `TextJudgement.crowd(doubtful:clear:)`.
    mutating func add(crowd: Double) { measures[Self.names.count - 1] = crowd }

    /// By the network, the strokes and the reading together.
    var logOdds: Double {
        zip(measures, JudgementWeights.all.weights).reduce(JudgementWeights.all.bias) { $0 + $1.0 * $1.1 }
    }
}
