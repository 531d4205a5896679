import DICOMFile
import DICOMModel
import PixelRedaction
import Testing

/// Every combination that the codecs allow: outside the region nothing changes, inside everything is black, other frames
/// keep their bytes.
@Suite struct TransferSyntaxMatrixTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let transferSyntax: TransferSyntax
        let description: PixelDescription
        let frames: Int
        /// What black is, by hand.
        let fill: [Int]

        var testDescription: String {
            "\(transferSyntax.name), \(description.photometricInterpretation.term), "
                + "\(description.bitsAllocated)/\(description.bitsStored), signed \(description.isSigned), "
                + "planar \(description.isPlanar), \(frames) frames"
        }
    }

    static let native: [TransferSyntax] = [
        .implicitVRLittleEndian, .explicitVRLittleEndian, .explicitVRBigEndian, .deflatedExplicitVRLittleEndian,
    ]
    static let lossless: [TransferSyntax] = [
        .rleLossless, .jpegLossless, .jpegLosslessSV1, .jpegLSLossless, .jpegLSNearLossless, .jpeg2000Lossless,
        .jpeg2000,
    ]

    static func layout(
        _ photometric: PhotometricInterpretation, _ allocated: Int, _ stored: Int, signed: Bool = false,
        planar: Bool = false, columns: Int = 14
    ) -> PixelDescription {
        PixelDescription(
            rows: 11, columns: columns, samplesPerPixel: photometric.samplesPerPixel ?? 1, bitsAllocated: allocated,
            bitsStored: stored, isSigned: signed, isPlanar: planar, photometricInterpretation: photometric)
    }

    static let grey: [(PixelDescription, [Int])] = [
        (layout(.monochrome2, 8, 8), [0]), (layout(.monochrome1, 8, 8, columns: 13), [255]),
        (layout(.monochrome2, 16, 12), [0]), (layout(.monochrome2, 16, 16, columns: 13), [0]),
    ]
    static let colour: [(PixelDescription, [Int])] = [(layout(.rgb, 8, 8, columns: 13), [0, 0, 0])]

    static let cases: [Case] = {
        var result: [Case] = []
        for syntax in native {
            let more: [(PixelDescription, [Int])] = [
                (layout(.monochrome2, 1, 1, columns: 13), [0]), (layout(.monochrome1, 1, 1, columns: 13), [1]),
                (layout(.monochrome2, 8, 8, signed: true), [-128]), (layout(.monochrome2, 32, 32), [0]),
                (layout(.rgb, 8, 8, planar: true, columns: 13), [0, 0, 0]), (layout(.rgb, 16, 16), [0, 0, 0]),
                (layout(.rgb, 32, 32, columns: 13), [0, 0, 0]), (layout(.ybrFull, 8, 8), [0, 128, 128]),
                (layout(.ybrFull, 8, 8, planar: true), [0, 128, 128]), (layout(.ybrFull422, 8, 8), [0, 128, 128]),
            ]
            // 32 bits in big endian are refused.
            let layouts = (grey + colour + more).filter { $0.0.bitsAllocated < 32 || !syntax.isBigEndian }
            for (description, fill) in layouts {
                for frames in [1, 3] {
                    result.append(
                        Case(transferSyntax: syntax, description: description, frames: frames, fill: fill))
                }
            }
        }
        for syntax in lossless {
            for (small, fill) in grey + colour {
                var description = small
                // A codestream's header alone has more bytes than the small pictures.
                if syntax == .jpeg2000 { (description.rows, description.columns) = (53, 64) }
                for frames in [1, 3] {
                    result.append(
                        Case(transferSyntax: syntax, description: description, frames: frames, fill: fill))
                }
            }
        }
        let ybr = (layout(.ybrFull, 8, 8), [0, 128, 128])
        for syntax in [TransferSyntax.rleLossless, .jpegLSLossless, .jpegLosslessSV1] {
            result.append(Case(transferSyntax: syntax, description: ybr.0, frames: 2, fill: ybr.1))
        }
        for description in [layout(.rgb, 16, 16), layout(.rgb, 8, 8, planar: true), layout(.rgb, 32, 32)] {
            result.append(
                Case(transferSyntax: .rleLossless, description: description, frames: 2, fill: [0, 0, 0]))
        }
        return result
    }()

    @Test(arguments: cases)
    func `a region on one frame is black and nothing else changes`(_ test: Case) throws {
        var synthetic = SyntheticObject(test.description)
        synthetic.transferSyntax = test.transferSyntax
        synthetic.numberOfFrames = test.frames
        let original = try synthetic.object().reread()
        let frame = FrameNumber(index: test.frames - 1)
        let box = PixelRegion(x: 4, y: 3, width: 6, height: 5)
        var redacted = original
        let summary = try PixelRedactor().redact(&redacted, regions: [frame: [box]])
        let fresh = try redacted.reread()
        #expect(summary.changedFrames == [frame])
        #expect(fresh.transferSyntax == test.transferSyntax)

        let before = try ImageReader(original)
        let after = try ImageReader(fresh)
        for number in before.frameNumbers {
            let old = try before.frame(number)
            let new = try after.frame(number)
            let regions = summary.masked[number] ?? []
            #expect(regions.isEmpty == (number != frame))
            #expect(difference(old, new, regions: regions, fill: test.fill) == [])
            if number != frame { #expect(old == new) }
        }
        let result = try PixelComparison().compare(original: original, redacted: fresh, masked: summary.masked)
        #expect(result.failures == [])
    }

    /// What is wrong, sample by sample, without any code of the module.
    private func difference(
        _ old: NativeFrame, _ new: NativeFrame, regions: [PixelRegion], fill: [Int]
    ) -> [String] {
        var problems: [String] = []
        for y in 0..<old.description.rows {
            for x in 0..<old.description.columns {
                let isInside = regions.contains { $0.contains(x: x, y: y) }
                for channel in 0..<old.description.samplesPerPixel {
                    let now = new.value(x: x, y: y, channel: channel)
                    let expected = isInside ? fill[channel] : old.value(x: x, y: y, channel: channel)
                    // Grey, dark at its high end or signed, in more than 8 bits has its own tests.
                    if now != expected { problems.append("(\(x),\(y))[\(channel)] \(now) for \(expected)") }
                }
            }
        }
        return problems
    }

    @Test(arguments: native + lossless)
    func `an object without regions keeps its Pixel Data byte for byte`(_ syntax: TransferSyntax) throws {
        var synthetic = SyntheticObject(Self.layout(.monochrome2, 16, 12))
        synthetic.transferSyntax = syntax
        synthetic.numberOfFrames = 2
        let original = try synthetic.object().reread()
        var redacted = original
        let summary = try PixelRedactor().redact(&redacted, regions: [:])
        #expect(summary.changedFrames.isEmpty && summary.changes.isEmpty)
        #expect(try original.serialized() == redacted.serialized())
    }
}
