import DICOMModel

extension FrameRenderer {
    func monochromePlans(of values: StoredValues, pass: InspectionPass) -> [RenderingPlan] {
        let levels = GreyLevels(values, rendering: rendering)
        var chosen: [(kind: Rendering.Kind, grey: [Float])] = []
        for (kind, grey) in mappings(of: levels, pass: pass) {
            let isFlat = (grey.max() ?? 0) - (grey.min() ?? 0) < 1
            if chosen.isEmpty || !isFlat && !chosen.contains(where: { levels.areAlike($0.grey, grey) }) {
                chosen.append((kind, grey))
            }
        }
        let isInverted =
            (description.photometricInterpretation == .monochrome1) != (pass == .verification)
        return chosen.map { kind, grey in
            RenderingPlan(kind: kind) { levels.image(of: grey, isInverted: isInverted) }
        }
    }

    private func mappings(of levels: GreyLevels, pass: InspectionPass) -> [(Rendering.Kind, [Float])] {
        var mappings: [(Rendering.Kind, [Float])] = [(.fullRange, levels.fullRange())]
        switch pass {
        case .inspection:
            mappings += rendering.windows.prefix(4).map { (.window, levels.window($0)) }
            mappings += rendering.voiLUTs.prefix(2).compactMap { table in
                levels.voiLUT(table).map { (.voiLUT, $0) }
            }
            mappings.append((.percentiles, levels.percentiles(0.005, 0.995)))
            mappings.append((.equalised, levels.equalised()))
            mappings.append((.lowest, levels.lowest(4)))
            mappings.append((.highest, levels.highest(4)))
        case .verification:
            mappings += rendering.windows.prefix(2).map { window in
                (.window, levels.window(.init(center: window.center, width: window.width * 1.6)))
            }
            mappings.append((.percentiles, levels.percentiles(0.03, 0.97)))
            mappings.append((.equalised, levels.equalised(exponent: 0.35)))
            mappings.append((.lowest, levels.lowest(8)))
            mappings.append((.highest, levels.highest(8)))
        }
        return mappings
    }
}

/// The values present in a frame with their place on the Modality LUT's output, and mappings of them to grey 0…255.
struct GreyLevels {
    let values: StoredValues
    /// By position in `values.present`: after the Modality LUT or rescale.
    let modality: [Double]
    let isPadding: [Bool]
    let counts: [Double]

    init(_ values: StoredValues, rendering: RenderingDescription) {
        self.values = values
        let stored = values.present.map { values.value($0) }
        let slope = rendering.rescaleSlope.isFinite && rendering.rescaleSlope != 0 ? rendering.rescaleSlope : 1
        let intercept = rendering.rescaleIntercept.isFinite ? rendering.rescaleIntercept : 0
        modality = stored.map { value in
            if let table = rendering.modalityLUT {
                return Double(table[Int(min(max(value, -1e9), 1e9))] ?? 0)
            }
            // A hostile slope must not make infinities, whose differences aren't numbers.
            return min(max(value * slope + intercept, -1e15), 1e15)
        }
        isPadding = stored.map { rendering.paddingValues?.contains($0) ?? false }
        counts = values.present.map { Double(values.histogram[Int($0)]) }
    }

    // MARK: - Mappings

    func fullRange() -> [Float] {
        let visible = modality.indices.filter { !isPadding[$0] }.map { modality[$0] }
        return ramp(from: visible.min() ?? 0, to: visible.max() ?? 0)
    }

    /// PS3.3 C.11.2.1.2.1, the linear function. A width below 1 counts as 1.
    func window(_ window: RenderingDescription.Window) -> [Float] {
        let center = window.center.isFinite ? window.center : 0
        let width = window.width.isFinite ? max(window.width, 1) : 1
        return modality.map { value in
            if value <= center - 0.5 - (width - 1) / 2 { return 0 }
            if value > center - 0.5 + (width - 1) / 2 { return 255 }
            return Float(((value - (center - 0.5)) / (width - 1) + 0.5) * 255)
        }
    }

    /// PS3.3 C.11.2.1.1: the table's input is the output of the Modality LUT.
    func voiLUT(_ table: LookupTable) -> [Float]? {
        guard let highest = table.entries.max(), highest > 0 else { return nil }
        let top = Float(max(Int(highest), (1 << min(max(table.bitsPerEntry, 1), 16)) - 1))
        return modality.map { value in
            Float(table[Int(min(max(value.rounded(), -1e9), 1e9))] ?? 0) / top * 255
        }
    }

    /// The value that holds the most pixels is often a background; it has no say.
    func percentiles(_ low: Double, _ high: Double) -> [Float] {
        let background = counts.indices.max { counts[$0] < counts[$1] }
        let order = modality.indices.filter { !isPadding[$0] && $0 != background }
            .sorted { modality[$0] < modality[$1] }
        let total = order.reduce(0) { $0 + counts[$1] }
        guard total > 0, let first = order.first, let last = order.last else { return fullRange() }
        var (bottom, top) = (modality[first], modality[last])
        var seen = 0.0
        for index in order {
            let next = seen + counts[index]
            if seen <= total * low, next > total * low { bottom = modality[index] }
            if seen <= total * high, next > total * high { top = modality[index] }
            seen = next
        }
        return ramp(from: bottom, to: top)
    }

    /// Histogram equalisation in which a level's weight grows slower than its count: a few pixels of text keep their
    /// distance from a background of thousands.
    func equalised(exponent: Double = 0.5) -> [Float] {
        let order = modality.indices.sorted { modality[$0] < modality[$1] }
        var grey = [Float](repeating: 0, count: modality.count)
        let weights = counts.map { $0 == 0 ? 0 : power($0, exponent) }
        let total = weights.reduce(0, +)
        var seen = 0.0
        for index in order {
            grey[index] = total > 0 ? Float((seen + weights[index] / 2) / total * 255) : 0
            seen += weights[index]
        }
        let (low, high) = (grey.min() ?? 0, grey.max() ?? 0)
        return high > low ? grey.map { ($0 - low) / (high - low) * 255 } : grey
    }

    /// The first `count` values in steps, all higher ones white.
    func lowest(_ count: Int) -> [Float] {
        let steps = min(count, max(modality.count - 1, 1))
        return (0..<modality.count).map { Float(min($0, steps)) * 255 / Float(steps) }
    }

    /// The last `count` values in steps, all lower ones black.
    func highest(_ count: Int) -> [Float] {
        let steps = min(count, max(modality.count - 1, 1))
        return (0..<modality.count).map { Float(max(steps - (modality.count - 1 - $0), 0)) * 255 / Float(steps) }
    }

    private func ramp(from bottom: Double, to top: Double) -> [Float] {
        let width = top - bottom
        guard width > 0 else { return modality.map { $0 <= bottom ? 0 : 255 } }
        return modality.map { Float(min(max(($0 - bottom) / width, 0), 1) * 255) }
    }

    private func power(_ value: Double, _ exponent: Double) -> Double {
        // Without Foundation: square roots alone, 0.25 standing for everything below a half.
        exponent >= 0.5 ? value.squareRoot() : value.squareRoot().squareRoot()
    }

    // MARK: - Pictures

    /// Whether one mapping shows nothing that the other doesn't: neither in the mean nor at any level present.
    func areAlike(_ first: [Float], _ second: [Float]) -> Bool {
        var (sum, total): (Double, Double) = (0, 0)
        for index in counts.indices {
            let difference = abs(first[index] - second[index])
            if difference > 12 { return false }
            sum += Double(difference) * counts[index]
            total += counts[index]
        }
        return total == 0 || sum / total < 3
    }

    func image(of grey: [Float], isInverted: Bool) -> GrayImage {
        var lookup = [UInt8](repeating: 0, count: values.histogram.count)
        for (position, index) in values.present.enumerated() {
            let shade = grey[position].isFinite ? grey[position].rounded() : 0
            let level = UInt8(min(max(shade, 0), 255))
            lookup[Int(index)] = isInverted ? 255 - level : level
        }
        let pixels = values.indices.withUnsafeBufferPointer { source in
            lookup.withUnsafeBufferPointer { lookup in
                [UInt8](unsafeUninitializedCapacity: source.count) { target, count in
                    for index in 0..<source.count { target[index] = lookup[Int(source[index])] }
                    count = source.count
                }
            }
        }
        return GrayImage(checkedWidth: values.width, height: values.height, pixels: pixels)
    }
}
