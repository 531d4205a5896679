public import DICOMFile
public import DICOMModel

/// What the comparison of an original and its redacted object found.
public struct PixelComparisonResult: Hashable, Sendable {
    /// Something that must not be.
    public struct Failure: Hashable, Sendable {
        public struct Code: Hashable, Sendable {
            public let name: String

            public init(_ name: String) {
                self.name = name
            }

            public static let framesMissing = Code("frames-missing")
            /// Rows, columns, channels, bits or sign differ.
            public static let descriptionChanged = Code("description-changed")
            public static let transferSyntaxChanged = Code("transfer-syntax-changed")
            /// A sample outside of the masked regions differs.
            public static let outsideChanged = Code("outside-changed")
            /// A masked region isn't all fill.
            public static let insideNotFilled = Code("inside-not-filled")
            /// A frame without a region has other samples.
            public static let unmaskedFrameChanged = Code("unmasked-frame-changed")
            /// Bits outside the stored ones still hold something.
            public static let unusedBitsSet = Code("unused-bits-set")
            /// A stream carries something besides its picture.
            public static let besidePicture = Code("beside-picture")
            /// A frame can't be decoded any more.
            public static let undecodable = Code("undecodable")
        }

        public let code: Code
        /// Nil where it concerns the whole object.
        public let frame: FrameNumber?

        public var reason: ReasonCode { ReasonCode(rawValue: code.name) }
    }

    public internal(set) var failures: [Failure] = []
    /// Frames whose bytes are the same in both.
    public internal(set) var identicalFrames = 0
    /// Frames that were decoded and compared sample by sample.
    public internal(set) var comparedFrames = 0

    public var isProven: Bool { failures.isEmpty }
}

/// Proves that masking changed what it should and nothing else.
///
/// Frames without a region must have the same bytes, or, where unused bits or comments were taken out, the same stored
/// values. Unused bits are clear afterwards. In frames with regions every sample inside is the fill and every sample outside is the original one. JPEG
/// streams are compared as YBR before colour conversion: inside, a difference of 2 from the fill is rounding; where
/// chroma is subsampled, decoders interpolate it across the border of the mask, so the two colour differences are not
/// compared in the pixels next to the border, one on either side; luminance is, and so is every other pixel.
public struct PixelComparison: Sendable {
    /// What the redacted object has to be encoded in, where it isn't what the original is encoded in.
    public var transferSyntax: TransferSyntax?

    public init(transferSyntax: TransferSyntax? = nil) {
        self.transferSyntax = transferSyntax
    }

    /// - Parameter masked: the regions as `PixelRedactionSummary.masked` reports them.
    /// - Throws: `PixelRedactionError` where one of the objects can't be read as an image.
    public func compare(
        original: DICOMObject, redacted: DICOMObject, masked: [FrameNumber: [PixelRegion]]
    ) throws -> PixelComparisonResult {
        var result = PixelComparisonResult()
        let before = try ImageReader(original)
        let after = try ImageReader(redacted)
        guard before.numberOfFrames == after.numberOfFrames,
            masked.keys.allSatisfy({ $0.value <= before.numberOfFrames })
        else {
            result.add(.framesMissing, nil)
            return result
        }
        let expected = transferSyntax ?? before.transferSyntax
        if expected != after.transferSyntax { result.add(.transferSyntaxChanged, nil) }
        var description = before.description
        if expected != before.transferSyntax {
            // Frames say what their samples are, and that is compared frame by frame.
            description.photometricInterpretation = after.description.photometricInterpretation
            description.isPlanar = after.description.isPlanar
        }
        guard description == after.description else {
            result.add(.descriptionChanged, nil)
            return result
        }
        for number in before.frameNumbers {
            try compare(number, before, after, regions: masked[number] ?? [], result: &result)
        }
        return result
    }

    private func compare(
        _ number: FrameNumber, _ before: ImageReader, _ after: ImageReader, regions: [PixelRegion],
        result: inout PixelComparisonResult
    ) throws {
        let original = try before.storedBytes(number)
        let stored = try after.storedBytes(number)
        if after.carriesMoreThanPicture(stored) { result.add(.besidePicture, number) }
        let isIdentical = before.transferSyntax == after.transferSyntax && original == stored
        if isIdentical, regions.isEmpty, !after.mayHoldUnusedBits(stored) {
            result.identicalFrames += 1
            return
        }
        guard let new = try? after.frame(number, from: stored) else {
            result.add(.undecodable, number)
            return
        }
        let old = isIdentical ? new : try before.frame(number, from: original)
        if isIdentical { result.identicalFrames += 1 } else { result.comparedFrames += 1 }
        guard old.description == new.description, old.bytes.count == new.bytes.count else {
            result.add(.descriptionChanged, number)
            return
        }
        if !before.isLossyJPEG, new.hasUnusedBitsSet { result.add(.unusedBitsSet, number) }
        let comparison = FrameComparison(
            old: old, new: new, regions: regions, rendering: before.rendering,
            lossyPrecision: after.isLossyJPEG ? before.lossyPrecision(original) : nil)
        let outcome = comparison.run()
        if outcome.outsideChanged { result.add(regions.isEmpty ? .unmaskedFrameChanged : .outsideChanged, number) }
        if outcome.insideNotFilled { result.add(.insideNotFilled, number) }
    }
}

extension PixelComparisonResult {
    mutating func add(_ code: Failure.Code, _ frame: FrameNumber?) {
        failures.append(Failure(code: code, frame: frame))
    }
}
