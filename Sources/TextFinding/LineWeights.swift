import Glibc

/// The logistic model that turns a line's measures into a score.
package enum LineWeights {
    package static let names = [
        "letters", "height", "height-spread", "bottom-spread", "top-spread", "contrast", "contrast-deviation",
        "contrast-to-noise", "ink", "stroke", "stroke-deviation", "gap-deviation", "clutter", "runs", "flatness",
        "single", "vertical", "reduced",
    ]

    static func score(_ measures: [Double]) -> Double {
        var sum = 0.0
        for (index, measure) in measures.enumerated() where index < linear.count {
            sum += linear[index] * measure + square[index] * measure * measure
        }
        return 1 / (1 + exp(-(sum + bias)))
    }

    private static let bias = -17.3906
    private static let linear: [Double] = [
        2.0047, 0.6788, 0.9045, -3.0102, -1.6431, 0.3741, -16.7133, -0.1211, 2.5328, 2.9832, 1.8727, 0.1424, -1.0438,
        4.9412, -0.6904, -0.5851, -0.2974, 0.8843,
    ]
    private static let square: [Double] = [
        -0.2263, -0.1495, 2.6096, 0.5751, -0.1827, 0.0504, 27.4903, 0.0134, -0.4903, -1.0235, -4.1138, 0.0563,
        -0.4089, -0.7263, 3.9857, -0.5851, -0.2974, 0.8843,
    ]
}
