import DICOMModel
import Glibc

/// What speaks for a line being text: measures that small models weigh, fitted by `Models/training/judgement.py`.
struct LineEvidence {
    /// Those before the reading come first.
    static let names = [
        "strokes", "no-strokes", "network", "peak", "share", "other-sizes", "strength", "cells",
        "height", "length", "vertical", "slanted", "repeats", "repeats-beyond",
        "unread", "sure", "sure-letters", "sure-square", "letters", "crowd",
    ]
    private static let countBeforeReading = 14

    /// In the order of `names`.
    private(set) var measures: [Double]
    /// Text whatever it looks like otherwise. The bound was chosen by hand: see `Models/README.md`.
    let isCertain: Bool
    private static let certainStrength = 2.5
    /// What repeats itself so well is never certain, since the network is sure of many a ruler. Of lines of text fewer than
    /// one in 200 does.
    private static let certainlyRepeating = 0.7

    /// - Parameters:
    ///   - candidates: one or several views of one line, the best first.
    ///   - repetition: of the line where the best view was seen.
    init(candidates: [TextCandidate], repetition: Repetition) {
        let strokes = candidates.compactMap(\.strokes).max()
        let best = strokes.map { min(max($0, 0.001), 0.999) }
        let first = candidates[0]
        let support = candidates.map(\.support).max { $0.logOdds < $1.logOdds } ?? first.support
        let strength = candidates.map(\.support.strength).max() ?? 0
        isCertain = strength >= Self.certainStrength && max(repetition.own, repetition.beyond) < Self.certainlyRepeating
        let (along, across) =
            first.isVertical
            ? (first.region.height, first.region.width) : (first.region.width, first.region.height)
        measures = [
            best.map { log($0 / (1 - $0)) } ?? 0, strokes == nil ? 1 : 0,
            min(support.logOdds, 8), min(support.peak, 8), support.share, min(support.other, 8),
            min(strength, 8), log2(1 + support.cells),
            log2(Double(max(first.glyphHeight, 4)) / 12), min(log2(Double(max(along, 1)) / Double(max(across, 1))), 5),
            first.isVertical ? 1 : 0, first.slope == 0 ? 0 : 1, repetition.own, repetition.beyond, 1, 0, 0, 0, 0, 0,
        ]
    }

    mutating func add(_ reading: Reading) {
        let plausibility = Plausibility(of: reading.text)
        let sure = reading.confidence * plausibility.quality
        let count = Double(min(plausibility.letters, 8))
        measures.replaceSubrange(
            Self.countBeforeReading..<Self.countBeforeReading + 5,
            with: [reading.confidence < 0.3 ? 1 : 0, sure, sure * count, sure * sure, count])
    }

    /// A picture full of places that look a little like text is a texture.
    mutating func add(doubtful: Int, clear: Int) {
        measures[Self.names.count - 1] = log2(1 + Double(doubtful) / Double(1 + clear))
    }

    /// By the look alone.
    var logOddsUnread: Double { JudgementWeights.unread.logOdds(measures.prefix(Self.countBeforeReading)) }

    /// By everything.
    var logOdds: Double { JudgementWeights.all.logOdds(measures[...]) }
}

/// Log odds from measures: a weighed sum, and those of a few hidden units.
struct JudgementModel {
    /// Of the measures; the last is added to them.
    var direct: [Double]
    /// A row a unit: the weights of the measures, what is added to them, and the weight of the unit itself.
    var units: [[Double]]

    func logOdds(_ measures: ArraySlice<Double>) -> Double {
        func sum(_ weights: [Double]) -> Double {
            zip(measures, weights).reduce(weights[measures.count]) { $0 + $1.0 * $1.1 }
        }
        return units.reduce(sum(direct)) { $0 + tanh(sum($1)) * $1[measures.count + 1] }
    }
}

/// How much a reading looks like something that a person or a machine would write.
struct Plausibility {
    /// Letters and digits.
    var letters = 0
    /// 0…1: how large their share is.
    var quality: Double

    init(of text: String) {
        var others = 0
        for scalar in text.unicodeScalars where !scalar.properties.isWhitespace {
            if scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
                letters += 1
            } else if !"./:-,%()+*'=\"°^".unicodeScalars.contains(scalar) {
                others += 1
            }
        }
        quality = letters == 0 ? 0 : Double(letters) / Double(letters + 2 * others)
    }
}
