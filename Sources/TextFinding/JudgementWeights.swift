// Written by Models/training/judgement.py; not by hand.

/// The weights of `LineEvidence`, in the order of its names.
enum JudgementWeights {
    static let all: (bias: Double, weights: [Double]) = (
        -0.2056,
        [
            -0.0000, 4.4129, 0.5537, 1.3612, 0.1308, -0.0534, 0.3039, 0.2724, -0.4155, -2.3734,
            0.2065, 2.7914, 0.0737, -0.7643,
        ]
    )
}
