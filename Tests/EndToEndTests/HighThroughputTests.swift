import DICOMFile
import DICOMModel
import Foundation
import Glibc
import Testing

/// HTJ2K through the whole run: it is decoded and looked at; what has to be masked goes to another Transfer Syntax, since
/// nothing here encodes HTJ2K, and what hasn't keeps its bytes.
@Suite(
    .enabled(if: Place.hasPython && ["ojph_compress", "dcmdjpeg"].allSatisfy { access("/usr/bin/" + $0, X_OK) == 0 }))
struct HighThroughputTests {
    private static let syntax = TransferSyntax(uid: UID("1.2.840.10008.1.2.4.201"))
    private static let (rows, columns) = (160, 400)

    /// A picture drawn by Pillow: speckle, and a name over it or none.
    private func samples(named name: String?, in run: SmallRun) throws -> [UInt8] {
        let program = """
            import sys
            from PIL import Image, ImageDraw, ImageFont
            noise = Image.effect_noise((\(Self.columns), \(Self.rows)), 20).point(lambda value: value // 3)
            font = ImageFont.truetype("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", 22)
            if len(sys.argv) > 2:
                ImageDraw.Draw(noise).text((20, 60), sys.argv[2], 250, font=font)
            noise.save(sys.argv[1])
            """
        let path = run.folder + "/picture.pgm"
        let finished = try Shell.run("/usr/bin/python3", ["-c", program, path] + (name.map { [$0] } ?? []))
        #expect(finished.status == 0, "\(finished.errors)")
        return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))).suffix(Self.rows * Self.columns)
    }

    /// Gives a study of the input the picture that was drawn last, as OpenJPH encodes it.
    private func encode(_ study: String, in run: SmallRun) throws -> [UInt8] {
        let stream = run.folder + "/picture.j2c"
        let finished = try Shell.run(
            "/usr/bin/ojph_compress", ["-i", run.folder + "/picture.pgm", "-o", stream, "-reversible", "true"])
        #expect(finished.status == 0, "\(finished.errors)")
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: stream)))
        if bytes.count % 2 == 1 { bytes.append(0) }
        var object = try DICOMObject.read(FileByteSource(path: run.input + "/" + study))
        object.dataSet.set(.rows, .us, unsigned: [Self.rows])
        object.dataSet.set(.columns, .us, unsigned: [Self.columns])
        object.dataSet[.pixelData] = DataElement(
            tag: .pixelData, vr: .ob, value: .fragments(EncapsulatedPixelData(fragments: [ValueBytes(bytes)])))
        object.setTransferSyntax(Self.syntax)
        let file = try object.serialized()
        try Data(file).write(to: URL(fileURLWithPath: run.input + "/" + study))
        return bytes
    }

    private func released(_ run: SmallRun) throws -> [(path: String, object: DICOMObject)] {
        try Place.contents(of: run.output + "/released").keys.sorted().map { name in
            let path = run.output + "/released/" + name
            return (path, try DICOMObject.read(FileByteSource(path: path)))
        }
    }

    @Test func `a name is masked and all else decodes to what it was`() throws {
        try SmallRun.with([SmallStudy()]) { run in
            let before = try samples(named: "Fitzwilliam Ada", in: run)
            _ = try encode("1", in: run)
            let finished = try run.clean([])
            #expect(finished.status == 0, "\(finished.output)\(finished.errors)")
            let (path, object) = try #require(try released(run).first)
            #expect(object.transferSyntax == .jpegLosslessSV1)
            let native = run.folder + "/native"
            #expect(try Shell.run("/usr/bin/dcmdjpeg", [path, native]).status == 0)
            let after = try DICOMObject.read(FileByteSource(path: native)).dataSet.bytes(.pixelData) ?? []
            #expect(after.count == before.count)
            #expect(zip(before, after).allSatisfy { $0 == $1 || $1 == 0 })
            // Ink of the name, of which no noise comes near.
            #expect(before.contains { $0 > 200 } && after.allSatisfy { $0 < 200 })
            #expect(zip(before, after).count { $0 != $1 } < before.count / 2)
            #expect(object.dataSet.string(.burnedInAnnotation) == "NO")
        }
    }

    @Test func `without a name the stream stays, byte for byte`() throws {
        try SmallRun.with([SmallStudy()]) { run in
            _ = try samples(named: nil, in: run)
            let stream = try encode("1", in: run)
            let finished = try run.clean([])
            #expect(finished.status == 0, "\(finished.output)\(finished.errors)")
            let object = try #require(try released(run).first?.object)
            #expect(object.transferSyntax == Self.syntax)
            guard case .fragments(let pixelData)? = object.dataSet[.pixelData]?.value else {
                Issue.record("no fragments")
                return
            }
            #expect(try pixelData.fragments.map { try $0.load() } == [stream])
        }
    }

    @Test func `where policy allows no other Transfer Syntax, it is held`() throws {
        try SmallRun.with([SmallStudy()]) { run in
            _ = try samples(named: "Fitzwilliam Ada", in: run)
            _ = try encode("1", in: run)
            let policy = try run.write("site.yaml", "version: 1\npixels:\n  fallback: none\n")
            #expect(try run.clean(["--policy", policy]).status == 3)
            #expect(try released(run).isEmpty)
            #expect(try run.decisions() == ["quarantined unencodable-frame"])
        }
    }
}
