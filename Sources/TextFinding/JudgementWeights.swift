// Written by Models/training/judgement.py; not by hand.

/// The weights of `LineEvidence`, in the order of its names.
enum JudgementWeights {
    static let look: (bias: Double, weights: [Double]) = (
        -0.8189,
        [
            -0.0915, -1.0282, 1.2854, -0.3145, 0.0543, 0.1817, 0.4084, -0.0158,
        ]
    )
    static let all: (bias: Double, weights: [Double]) = (
        -2.4797,
        [
            -0.0647, -0.9087, 1.0568, -0.2656, 0.0775, 0.1869, 0.3166, 0.0388, -0.2605, -1.3916,
            0.4082, 1.8496, -0.0195, -0.1403, 0.5385,
        ]
    )
}
