// Written by Models/training/judgement.py; not by hand.

/// The weights of `LineEvidence`, in the order of its names.
enum JudgementWeights {
    static let look: (bias: Double, weights: [Double]) = (
        -2.1349,
        [
            0.3036, 0.0557, 1.6090, 0.0403, -0.1010, 0.1562, 0.5089, 0.0559,
        ]
    )
    static let all: (bias: Double, weights: [Double]) = (
        -1.9007,
        [
            0.2600, 0.0488, 1.5546, -0.0307, -0.0992, 0.1472, 0.4558, 0.0264, -0.2664, -1.1118,
            0.5948, 0.8240, -0.1336,
        ]
    )
}
