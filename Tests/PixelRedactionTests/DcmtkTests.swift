import DICOMFile
import DICOMModel
import Foundation
import PixelRedaction
import Testing

/// Files encoded by dcmtk, masked here, decoded by dcmtk: another implementation on both sides.
@Suite(.enabled(if: Dcmtk.isInstalled)) struct DcmtkTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let encoder: [String]
        let decoder: [String]
        let description: PixelDescription
        let transferSyntax: TransferSyntax
        let fill: [Int]

        var testDescription: String {
            encoder.joined(separator: " ") + " " + description.photometricInterpretation.term
        }
    }

    static let grey = PixelDescription(rows: 40, columns: 53, bitsAllocated: 16, bitsStored: 12)
    static let byte = PixelDescription(
        rows: 40, columns: 53, bitsAllocated: 8, photometricInterpretation: .monochrome1)
    static let colour = PixelDescription(
        rows: 40, columns: 53, samplesPerPixel: 3, bitsAllocated: 8, photometricInterpretation: .rgb)

    static let cases: [Case] = [(grey, [0]), (byte, [255]), (colour, [0, 0, 0])].flatMap { description, fill in
        [
            (["dcmcrle"], ["dcmdrle"], TransferSyntax.rleLossless),
            (["dcmcjpls", "+el"], ["dcmdjpls"], .jpegLSLossless),
            (["dcmcjpls", "+en", "+md", "2"], ["dcmdjpls"], .jpegLSNearLossless),
            (["dcmcjpeg", "+e1"], ["dcmdjpeg"], .jpegLosslessSV1),
            (["dcmcjpeg", "+el", "+sv", "6"], ["dcmdjpeg"], .jpegLossless),
        ].map { Case(encoder: $0, decoder: $1, description: description, transferSyntax: $2, fill: fill) }
    }

    @Test(arguments: cases)
    func `dcmtk sees black inside and its own samples outside`(_ test: Case) throws {
        let folder = try Dcmtk.Folder()
        var synthetic = SyntheticObject(test.description)
        synthetic.numberOfFrames = 3
        try synthetic.object().write(toPath: folder["native"])
        try folder.run(test.encoder + [folder["native"], folder["compressed"]])
        try folder.run(test.decoder + [folder["compressed"], folder["before"]])
        let original = try DICOMObject.read(FileByteSource(path: folder["compressed"]))
        #expect(original.transferSyntax == test.transferSyntax)
        var object = original
        let box = PixelRegion(x: 9, y: 5, width: 30, height: 17)
        let frame = FrameNumber(index: 1)
        let summary = try PixelRedactor().redact(&object, regions: [frame: [box]])
        try object.write(toPath: folder["masked"])
        try folder.run(test.decoder + [folder["masked"], folder["after"]])
        let before = try ImageReader(DICOMObject.read(FileByteSource(path: folder["before"])))
        let after = try ImageReader(DICOMObject.read(FileByteSource(path: folder["after"])))
        #expect(summary.masked == [frame: [box]] && after.numberOfFrames == 3)
        for number in before.frameNumbers {
            let old = try before.frame(number)
            let new = try after.frame(number)
            var wrong = 0
            for pixel in 0..<test.description.pixelsPerFrame {
                let (y, x) = pixel.quotientAndRemainder(dividingBy: test.description.columns)
                for channel in 0..<test.description.samplesPerPixel {
                    let isInside = number == frame && box.contains(x: x, y: y)
                    let expected = isInside ? test.fill[channel] : old.value(x: x, y: y, channel: channel)
                    if new.value(x: x, y: y, channel: channel) != expected { wrong += 1 }
                }
            }
            #expect(wrong == 0)
        }
    }

    /// What dcmcjpeg makes of RGB and grey, with and without subsampling; dcmdjpeg converts to RGB.
    @Test(arguments: ["+s4", "+s2", "grey"])
    func `JPEG Baseline is black inside and the same two pixels off the mask`(_ sampling: String) throws {
        let folder = try Dcmtk.Folder()
        var description = sampling == "grey" ? Self.byte : Self.colour
        description.rows = 64
        description.columns = 80
        var synthetic = SyntheticObject(description)
        synthetic.numberOfFrames = 2
        synthetic.sample = { frame, pixel, channel in (pixel % 80) * 2 + pixel / 80 + frame * 9 + channel * 11 }
        try synthetic.object().write(toPath: folder["native"])
        let options = sampling == "grey" ? [] : [sampling]
        try folder.run(["dcmcjpeg", "+eb", "+q", "90"] + options + [folder["native"], folder["compressed"]])
        try folder.run(["dcmdjpeg", "+cp", folder["compressed"], folder["before"]])
        let original = try DICOMObject.read(FileByteSource(path: folder["compressed"]))
        var object = original
        let frame = FrameNumber(index: 1)
        let box = PixelRegion(x: 20, y: 17, width: 21, height: 14)
        let summary = try PixelRedactor().redact(&object, regions: [frame: [box]])
        try object.write(toPath: folder["masked"])
        let proof = try PixelComparison().compare(original: original, redacted: object, masked: summary.masked)
        #expect(proof.failures == [] && proof.identicalFrames == 1)
        try folder.run(["dcmdjpeg", "+cp", folder["masked"], folder["after"]])
        let really = try #require(summary.masked[frame]?.first)
        #expect(really.contains(box) && really.x % 8 == 0 && really.y % 8 == 0)
        let before = try ImageReader(DICOMObject.read(FileByteSource(path: folder["before"])))
        let after = try ImageReader(DICOMObject.read(FileByteSource(path: folder["after"])))
        #expect(try before.frame(FrameNumber(index: 0)) == after.frame(FrameNumber(index: 0)))
        let old = try before.frame(frame)
        let new = try after.frame(frame)
        let black = sampling == "grey" ? 255 : 0
        let margin = sampling == "+s2" ? 1 : 0
        let ring = really.expanded(by: margin, within: description.bounds)
        var wrong = 0
        for pixel in 0..<description.pixelsPerFrame {
            let (y, x) = pixel.quotientAndRemainder(dividingBy: description.columns)
            for channel in 0..<description.samplesPerPixel {
                let value = new.value(x: x, y: y, channel: channel)
                if x >= really.x + margin, x < really.maxX - margin, y >= really.y, y < really.maxY {
                    if abs(value - black) > 2 { wrong += 1 }
                } else if !ring.contains(x: x, y: y), value != old.value(x: x, y: y, channel: channel) {
                    wrong += 1
                }
            }
        }
        #expect(wrong == 0)
    }
}

/// Runs dcmtk's programs in a temporary folder that goes with it.
enum Dcmtk {
    static let isInstalled = ["dcmcrle", "dcmdrle", "dcmcjpls", "dcmdjpls", "dcmcjpeg", "dcmdjpeg"].allSatisfy {
        FileManager.default.isExecutableFile(atPath: "/usr/bin/" + $0)
    }

    struct Failed: Error {
        let program: String
        let status: Int32
    }

    final class Folder {
        private let path: String

        init() throws {
            path = NSTemporaryDirectory() + "/pixels-" + UUID().uuidString
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        subscript(name: String) -> String { path + "/" + name + ".dcm" }

        func file(_ name: String) -> String { path + "/" + name }

        func run(_ command: [String]) throws {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/" + command[0])
            process.arguments = Array(command.dropFirst())
            process.standardError = FileHandle.nullDevice
            process.standardOutput = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            guard process.terminationStatus == 0 else {
                throw Failed(program: command[0], status: process.terminationStatus)
            }
        }
    }
}
