import Glibc

/// The logistic model that turns a line's measures into a score.
enum LineWeights {
    static let names = [
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

    private static let bias = -29.3057
    private static let linear: [Double] = [
        1.5780, 2.4759, -2.3666, -3.3339, -1.9661, -0.9035, -2.5634, 1.3756, 6.4650, 0.8855, 3.4234, 1.0187, -0.3857,
        5.7250, 27.4369, -0.4136, -0.9230, 0.4790,
    ]
    private static let square: [Double] = [
        -0.1846, -0.4019, 6.8346, 0.7873, -0.2055, 0.1924, -0.4339, -0.2055, -4.1871, -0.0473, -5.2213, -1.3049,
        -0.5830, -1.6090, -12.8596, -0.4136, -0.9230, 0.4790,
    ]
}
