import DICOMFile
import DICOMModel

extension Tag {
    static let sharedFunctionalGroupsSequence = Tag(0x5200, 0x9229)
    static let perFrameFunctionalGroupsSequence = Tag(0x5200, 0x9230)
    static let pixelValueTransformationSequence = Tag(0x0028, 0x9145)
    static let frameVOILUTSequence = Tag(0x0028, 0x9132)
}

extension RenderingDescription {
    /// Windows beyond this many are not kept: an enhanced object may carry one for each of thousands of frames.
    private static let mostWindows = 64

    /// Reads it from the root of a Data Set and, for enhanced objects, from the Shared and the Per-frame Functional
    /// Groups. What can't be read counts as absent; only a PALETTE COLOR image can't do without its tables.
    init(_ dataSet: DataSet, description: PixelDescription) throws {
        self.init()
        let groups = Self.functionalGroups(dataSet)
        readModality(dataSet, groups: groups, isSigned: description.isSigned)
        readWindows(dataSet, groups: groups)
        voiLUTs = dataSet.items(.voiLUTSequence).prefix(Self.mostWindows).compactMap {
            LookupTable(item: $0, isSigned: description.isSigned || rescaleIntercept < 0)
        }
        palette = Palette(dataSet)
        if description.photometricInterpretation == .paletteColor, palette == nil {
            throw ImagePixelModule.unsupported("a Palette Color table is absent or malformed")
        }
        paddingValues = Self.padding(dataSet, description: description)
    }

    /// The items that describe frames: shared first, then one a frame.
    private static func functionalGroups(_ dataSet: DataSet) -> [DataSet] {
        Array(dataSet.items(.sharedFunctionalGroupsSequence).prefix(1))
            + dataSet.items(.perFrameFunctionalGroupsSequence)
    }

    private mutating func readModality(_ dataSet: DataSet, groups: [DataSet], isSigned: Bool) {
        let transformations = groups.lazy.flatMap { $0.items(.pixelValueTransformationSequence) }
        for place in [dataSet] + transformations.prefix(1) {
            guard let slope = place.decimals(.rescaleSlope).first, slope.isFinite, slope != 0 else { continue }
            rescaleSlope = slope
            let intercept = place.decimals(.rescaleIntercept).first ?? 0
            rescaleIntercept = intercept.isFinite ? intercept : 0
            break
        }
        modalityLUT = dataSet.items(.modalityLUTSequence).first.flatMap { LookupTable(item: $0, isSigned: isSigned) }
    }

    private mutating func readWindows(_ dataSet: DataSet, groups: [DataSet]) {
        var seen = Set<Window>()
        for place in [dataSet] + groups.flatMap({ $0.items(.frameVOILUTSequence) }) {
            let centers = place.decimals(.windowCenter)
            let widths = place.decimals(.windowWidth)
            for (center, width) in zip(centers, widths) where center.isFinite && width.isFinite && width >= 1 {
                let window = Window(center: center, width: width)
                guard windows.count < Self.mostWindows, seen.insert(window).inserted else { continue }
                windows.append(window)
            }
        }
    }

    private static func padding(_ dataSet: DataSet, description: PixelDescription) -> ClosedRange<Double>? {
        if description.isFloat {
            return floatPadding(dataSet, isDouble: description.bitsAllocated == 64)
        }
        guard description.samplesPerPixel == 1,
            let value = stored(.pixelPaddingValue, in: dataSet, description: description)
        else { return nil }
        let limit = stored(.pixelPaddingRangeLimit, in: dataSet, description: description) ?? value
        return Double(min(value, limit))...Double(max(value, limit))
    }

    /// (Double) Float Pixel Padding Value and Range Limit (PS3.3 C.7.6.24, C.7.6.25).
    private static func floatPadding(_ dataSet: DataSet, isDouble: Bool) -> ClosedRange<Double>? {
        let tags: [UInt16] = isDouble ? [0x0123, 0x0125] : [0x0122, 0x0124]
        let ends = tags.compactMap { dataSet.decimals(Tag(0x0028, $0)).first }.filter(\.isFinite)
        guard let low = ends.min(), let high = ends.max() else { return nil }
        return low...high
    }

    /// A value of VR "US or SS" as Pixel Representation says it is meant, whatever VR the file gives it.
    private static func stored(_ tag: Tag, in dataSet: DataSet, description: PixelDescription) -> Int? {
        guard let value = dataSet.integer(tag), (-0x8000...0xFFFF).contains(value) else { return nil }
        let word = value & 0xFFFF
        return description.isSigned && word >= 0x8000 ? word - 0x1_0000 : word
    }
}

extension RenderingDescription.Palette {
    init?(_ dataSet: DataSet) {
        let tables = (0..<3).compactMap { (channel: UInt16) in
            LookupTable(
                palette: Tag(0x0028, 0x1101 + channel), data: Tag(0x0028, 0x1201 + channel),
                segmented: Tag(0x0028, 0x1221 + channel), in: dataSet)
        }
        guard tables.count == 3 else { return nil }
        self.init(red: tables[0], green: tables[1], blue: tables[2])
    }
}
