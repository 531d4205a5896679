import DICOMModel

/// Which stored values a masked region gets: those that look black.
///
/// - RGB: 0, 0, 0. YBR_FULL and YBR_FULL_422: Y = 0, CB = CR = the middle, 2^(Bits Stored − 1); a 0 there would be
///   green. YBR_PARTIAL_420: Y = 16 (scaled to the bits), CB = CR = the middle. YBR_ICT and YBR_RCT: as RGB, which is
///   what their streams decode to.
/// - PALETTE COLOR: the index, among those that Bits Stored can express, of the darkest entry; the first of equals.
/// - Grey with a Modality LUT or VOI LUT Sequence: the stored value that the tables and MONOCHROME1 / 2 make darkest.
/// - Other grey: MONOCHROME2 is dark at its low end, MONOCHROME1 at its high one, and a negative Rescale Slope turns
///   that round. The value is 0 where an unsigned image is dark at its low end, and the end of the stored range in
///   images of up to 8 bits. Elsewhere the end of a 16-bit range would wash out every viewer that stretches contrast
///   over the values in use, so it is the darkest value in use in that frame, or, where that isn't dark enough to be
///   black under every window of the header, the end of those windows.
/// - Float values: likewise, of the finite values in use; 0 in a frame without any.
struct FillRule {
    let description: PixelDescription
    let rendering: RenderingDescription

    /// Whether the fill depends on the values that the frame uses.
    var dependsOnValuesInUse: Bool {
        let isGrey = description.photometricInterpretation.isMonochrome
        return isGrey && !hasTables && description.bitsStored > 8 && !(isDarkLow && !description.isSigned)
    }

    /// One stored value for each channel of a frame.
    func values(in frame: NativeFrame) -> [Int] {
        values(inUse: dependsOnValuesInUse ? frame.storedValueRange : nil)
    }

    /// - Parameter inUse: the smallest and largest stored value of the frame, where the fill depends on them.
    func values(inUse: ClosedRange<Int>?) -> [Int] {
        let middle = 1 << (description.bitsStored - 1)
        switch description.photometricInterpretation {
        case .rgb, .ybrICT, .ybrRCT: return [0, 0, 0]
        case .ybrFull, .ybrFull422: return [0, middle, middle]
        case .ybrPartial420: return [description.bitsStored >= 8 ? middle / 8 : 0, middle, middle]
        case .paletteColor: return [darkestPaletteIndex]
        case .monochrome1, .monochrome2: return [hasTables ? darkestByTables : grey(inUse: inUse)]
        case .other: return [Int](repeating: 0, count: description.samplesPerPixel)
        }
    }

    // MARK: - Grey

    private var range: ClosedRange<Int> { StoredBits(description).range }
    private var hasTables: Bool { rendering.modalityLUT != nil || !rendering.voiLUTs.isEmpty }

    /// Whether the low end of the stored values is the dark one, tables aside.
    private var isDarkLow: Bool {
        (description.photometricInterpretation == .monochrome1) == (rendering.rescaleSlope < 0)
    }

    /// Whether black is at the low end, tables considered: what a grey JPEG stream has to be told.
    var isBlackAtLowEnd: Bool {
        guard description.photometricInterpretation.isMonochrome else { return true }
        guard hasTables else { return isDarkLow }
        return output(range.lowerBound) <= output(range.upperBound)
    }

    /// The sample that lossy JPEG of a grey image is told to show, and how far a decoder may be from `values(inUse:)`.
    ///
    /// At both ends of the stream's range coefficients are rounded outwards and clamped. Where black is at the top of
    /// fewer Bits Stored, a step beyond it would be white to viewers that drop the bits above: it is rounded down, by a
    /// quantiser of at most 255 (an eighth of which is what a step of DC is worth in samples), from 2 below the top, since
    /// a decoder may be 2 above.
    func lossyJPEG(precision: Int) -> (fill: Int, level: Int?, tolerance: Int) {
        if isBlackAtLowEnd { return (range.lowerBound, 0, 2) }
        if description.bitsStored >= precision { return ((1 << precision) - 1, (1 << precision) - 1, 2) }
        return (range.upperBound, max(range.upperBound - 2, 0), 2 + 2 + 255 / 8)
    }

    private func grey(inUse: ClosedRange<Int>?) -> Int {
        let end = isDarkLow ? range.lowerBound : range.upperBound
        guard dependsOnValuesInUse, let inUse else { return isDarkLow && !description.isSigned ? 0 : end }
        let edges = rendering.windows.compactMap(darkEdge)
        let darkest = isDarkLow ? ([inUse.lowerBound] + edges).min() : ([inUse.upperBound] + edges).max()
        return min(max(darkest ?? end, range.lowerBound), range.upperBound)
    }

    /// The stored value from which on a window is black (PS3.3 C.11.2.1.2), rounded towards the dark.
    private func darkEdge(_ window: RenderingDescription.Window) -> Int? {
        // A bound keeps the conversion in what an Int holds; the result is cut to the stored range anyway.
        guard let edge = exactDarkEdge(window) else { return nil }
        let bounded = min(max(edge, -1e12), 1e12)
        return Int(isDarkLow ? bounded.rounded(.down) : bounded.rounded(.up))
    }

    private func exactDarkEdge(_ window: RenderingDescription.Window) -> Double? {
        let isMonochrome1 = description.photometricInterpretation == .monochrome1
        let half = window.width / 2
        let edge = isMonochrome1 ? window.center + half : window.center - half
        let stored = (edge - rendering.rescaleIntercept) / rendering.rescaleSlope
        return stored.isFinite ? stored : nil
    }

    // MARK: - Float

    /// The word that looks black in a frame of float values.
    func floatWord(in frame: NativeFrame) -> UInt64 {
        let edges = rendering.windows.compactMap(exactDarkEdge)
        let values = frame.floatValues.lazy.filter(\.isFinite)
        let inUse = isDarkLow ? values.min() : values.max()
        let candidates = edges + (inUse.map { [$0] } ?? [])
        let darkest = (isDarkLow ? candidates.min() : candidates.max()) ?? 0
        if description.bitsAllocated == 64 { return darkest.bitPattern }
        let limit = Double(Float.greatestFiniteMagnitude)
        let single = Float(min(max(darkest, -limit), limit))
        // Rounding must not make it brighter than what is there.
        let isBrighter = isDarkLow ? Double(single) > darkest : Double(single) < darkest
        return UInt64((isBrighter ? (isDarkLow ? single.nextDown : single.nextUp) : single).bitPattern)
    }

    /// What the tables make of a stored value; the smaller, the darker.
    private func output(_ stored: Int) -> Double {
        var value = Double(stored) * rendering.rescaleSlope + rendering.rescaleIntercept
        if let modality = rendering.modalityLUT, let entry = modality[stored] { value = Double(entry) }
        if let voi = rendering.voiLUTs.first, let entry = voi[Int(min(max(value, -1e9), 1e9))] { value = Double(entry) }
        return description.photometricInterpretation == .monochrome1 ? -value : value
    }

    private var darkestByTables: Int {
        let table = rendering.modalityLUT ?? rendering.voiLUTs.first
        let first = table?.firstMappedValue ?? 0
        let mapped =
            rendering.modalityLUT == nil && rendering.rescaleSlope != 0
            ? Int(min(max((Double(first) - rendering.rescaleIntercept) / rendering.rescaleSlope, -1e9), 1e9)) : first
        let count = table?.entries.count ?? 0
        let candidates = [range.lowerBound, range.upperBound] + (mapped - count...mapped + count)
        var best = (value: range.lowerBound, output: output(range.lowerBound))
        for candidate in candidates where range.contains(candidate) {
            let result = output(candidate)
            if result < best.output { best = (candidate, result) }
        }
        return best.value
    }

    // MARK: - Palette

    private var darkestPaletteIndex: Int {
        guard let palette = rendering.palette else { return 0 }
        let first = palette.red.firstMappedValue
        let count = palette.red.entries.count
        var best: (index: Int, luminance: Double)?
        // Values below and above the table show its first and last entry, so those inside are all there is.
        for index in max(first, 0)..<max(first + count, first, 0) where range.contains(index) {
            let luminance =
                0.299 * Self.level(palette.red, index) + 0.587 * Self.level(palette.green, index)
                + 0.114 * Self.level(palette.blue, index)
            if luminance < best?.luminance ?? .infinity { best = (index, luminance) }
        }
        return best?.index ?? 0
    }

    private static func level(_ table: LookupTable, _ index: Int) -> Double {
        Double(table[index] ?? 0) / Double((1 << table.bitsPerEntry) - 1)
    }
}
