import DICOMFile
import DICOMModel
import Foundation
import Testing

/// The Clean Graphics Option on Overlay Planes: what was looked at and shows no text stays.
@Suite struct OverlayTests {
    private static let policy = """
        version: 1
        deidentification:
          options: [clean-graphics]
        """

    /// The elements of an Overlay Plane of 64 × 64.
    private func plane(_ group: UInt16, _ bits: [UInt8]) -> [DataElement] {
        var dataSet = DataSet()
        dataSet.set(Tag(group, 0x0010), .us, unsigned: [64])
        dataSet.set(Tag(group, 0x0011), .us, unsigned: [64])
        dataSet[Tag(group, 0x0022)] = DataElement(tag: Tag(group, 0x0022), vr: .lo, ascii: "Chest Fitzwilliam")
        dataSet[Tag(group, 0x0040)] = DataElement(tag: Tag(group, 0x0040), vr: .cs, ascii: "G")
        dataSet[Tag(group, 0x0050)] = DataElement(tag: Tag(group, 0x0050), vr: .ss, bytes: [1, 0, 1, 0])
        dataSet.set(Tag(group, 0x0100), .us, unsigned: [1])
        dataSet.set(Tag(group, 0x0102), .us, unsigned: [0])
        dataSet[Tag(group, 0x1500)] = DataElement(tag: Tag(group, 0x1500), vr: .lo, ascii: "HOSP-4711")
        dataSet[Tag(group, 0x3000)] = DataElement(tag: Tag(group, 0x3000), vr: .ow, bytes: bits)
        dataSet[Tag(group, 0x4000)] = DataElement(tag: Tag(group, 0x4000), vr: .lt, ascii: "seen by Fitzwilliam")
        return dataSet.elements
    }

    private func packed(_ isSet: (Int, Int) -> Bool) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 64 * 8)
        for y in 0..<64 {
            for x in 0..<64 where isSet(x, y) { bytes[(y * 64 + x) / 8] |= 1 << UInt8(x % 8) }
        }
        return bytes
    }

    /// A large rectangle, as a region of interest is drawn.
    private var rectangle: [UInt8] {
        packed { x, y in
            (8...55).contains(x) && (8...55).contains(y) && (x < 10 || x > 53 || y < 10 || y > 53)
        }
    }

    /// A word, drawn by Pillow.
    private func word() throws -> [UInt8] {
        let program = """
            from PIL import Image, ImageDraw, ImageFont
            image = Image.new("1", (64, 64))
            font = ImageFont.truetype("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", 14)
            ImageDraw.Draw(image).text((2, 24), "Fitzwill", 1, font=font)
            print(" ".join(str(1 if pixel else 0) for pixel in image.getdata()))
            """
        let finished = try Shell.run("/usr/bin/python3", ["-c", program])
        #expect(finished.status == 0, "\(finished.errors)")
        let pixels = finished.output.split(whereSeparator: \.isWhitespace)
        return packed { x, y in pixels[y * 64 + x] == "1" }
    }

    private func released(_ elements: [DataElement], _ policy: String?) throws -> DataSet {
        try SmallRun.with([SmallStudy(elements: elements)]) { run in
            let arguments = try policy.map { ["--policy", try run.write("site.yaml", $0)] } ?? []
            let finished = try run.clean(arguments)
            #expect(finished.status == 0, "\(finished.output)\(finished.errors)")
            for value in ["Fitzwill", "HOSP-4711"] { #expect(!run.everything().contains(value)) }
            return try #require(try run.released().first)
        }
    }

    @Test func `a plane without text stays with the option, bit for bit, and its words are cleaned`() throws {
        let dataSet = try released(plane(0x6000, rectangle), Self.policy)
        #expect(try dataSet.bytes(Tag(0x6000, 0x3000)) == rectangle)
        #expect(dataSet.integer(Tag(0x6000, 0x0010)) == 64)
        #expect(dataSet.string(Tag(0x6000, 0x0022)) == "Chest")
        #expect(dataSet[Tag(0x6000, 0x1500)] == nil)
        #expect(dataSet[Tag(0x6000, 0x4000)] == nil)
        let codes = dataSet.items(Tag(0x0012, 0x0064)).compactMap { $0.string(Tag(0x0008, 0x0100)) }
        #expect(codes.contains("113103"))
    }

    @Test func `without the option every plane goes`() throws {
        let dataSet = try released(plane(0x6000, rectangle), nil)
        #expect(dataSet.elements.allSatisfy { !$0.tag.isOverlay })
    }

    @Test(.enabled(if: Place.hasPython)) func `text in one plane takes all planes of the object away`() throws {
        let dataSet = try released(plane(0x6000, rectangle) + plane(0x6002, try word()), Self.policy)
        #expect(dataSet.elements.allSatisfy { !$0.tag.isOverlay })
    }

    @Test(.enabled(if: Place.hasPython)) func `a series whose overlay alone held text has pictures in the report`()
        throws
    {
        try SmallRun.with([SmallStudy(elements: plane(0x6000, try word()))]) { run in
            #expect(try run.clean([]).status == 0)
            #expect(try run.decisions().first?.hasPrefix("released-masked") == true)
            let page = try String(contentsOfFile: run.output + "/report/index.html", encoding: .utf8)
            #expect(page.components(separatedBy: "class=\"pair panel\"").count == 2)
            #expect(page.contains("the text stood in an Overlay Plane or in unused bits"))
        }
    }
}
