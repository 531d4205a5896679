import DICOMFile
import DICOMModel
import TestSupport
import Testing

@Suite struct `Round trip` {
    @Test(.enabled(if: Corpus.isPresent))
    func `every readable file of the corpus is written as it was`() throws {
        var identical = 0
        var deflated = 0
        var refused: [String] = []
        for path in Corpus.files("plain") + Corpus.files("text") + Corpus.files("broken") {
            let source = try FileByteSource(path: path)
            guard let object = try? DICOMObject.read(source) else {
                refused.append(path)
                continue
            }
            let written = try object.serialized()
            if object.transferSyntax.isDeflated {
                // zlib's streams differ between versions and levels; what they unfold to may not.
                let again = try Bytes.read(written)
                #expect(try plain(again) == plain(object), "\(path)")
                deflated += 1
            } else {
                #expect(written == (try source.read(0..<source.count)), "\(path)")
                identical += 1
            }
        }
        #expect(identical >= 796)
        #expect(deflated == 11)
        // Truncated or damaged files, each of which dcmtk and pydicom refuse or cut short as well.
        #expect(refused.filter { !$0.contains("/broken/") }.count <= 5)
        #expect(refused.count <= 38)
    }

    private func plain(_ object: DICOMObject) throws -> [UInt8] {
        var object = object
        object.transferSyntax = .explicitVRLittleEndian
        return try object.serialized()
    }

    @Test(arguments: [
        // A sequence of undefined length with an item of undefined and one of defined length.
        Bytes.tag(0x0008, 0x1140) + Array("SQ".utf8) + [0, 0] + Bytes.undefined + Bytes.tag(0xFFFE, 0xE000)
            + Bytes.undefined + Bytes.modality + Bytes.itemEnd + Bytes.item(Bytes.modality) + Bytes.sequenceEnd,
        // VR UN of undefined length: implicit little endian inside (PS3.5 6.2.2).
        Bytes.tag(0x0009, 0x1001) + Array("UN".utf8) + [0, 0] + Bytes.undefined
            + Bytes.item(Bytes.implicit(0x0008, 0x0060, [0x4F, 0x54])) + Bytes.sequenceEnd,
        // A wrong Group Length and an odd length.
        Bytes.explicit(0x0010, 0x0000, "UL", Bytes.u32(999)) + Bytes.explicit(0x0010, 0x0010, "PN", "A^B"),
        // A VR that isn't the standard's, short and long.
        Bytes.explicit(0x0010, 0x0010, "XY", "AB") + Bytes.explicit(0x0010, 0x0020, "LO", "1 "),
        Bytes.tag(0x0010, 0x0010) + Array("XY".utf8) + [0, 0] + Bytes.u32(2) + [1, 2],
        // An implicit element in an explicit Data Set.
        Bytes.implicit(0x0010, 0x0010, [0x41, 0x42]) + Bytes.explicit(0x0010, 0x0020, "LO", "1 "),
        // An empty sequence, a delimiter with a length, bytes after Pixel Data.
        Bytes.explicit(0x0008, 0x1140, "SQ", [])
            + Bytes.tag(0x0008, 0x1150) + Array("SQ".utf8) + [0, 0] + Bytes.undefined + Bytes.tag(0xFFFE, 0xE0DD)
            + Bytes.u32(7) + Bytes.explicit(0x7FE0, 0x0010, "OB", [1, 2]) + [0xFF, 0xFF, 0xFF],
        // A delimiter inside a sequence of defined length.
        Bytes.explicit(0x0008, 0x1140, "SQ", Bytes.item(Bytes.modality) + Bytes.sequenceEnd),
        // Encapsulated Pixel Data without a delimiter, and without any item.
        Bytes.tag(0x7FE0, 0x0010) + Array("OB".utf8) + [0, 0] + Bytes.undefined + Bytes.item([])
            + Bytes.item([1, 2, 3]),
        Bytes.tag(0x7FE0, 0x0010) + Array("OB".utf8) + [0, 0] + Bytes.undefined + Bytes.sequenceEnd,
    ])
    func `odd encodings are kept`(elements: [UInt8]) throws {
        let file = Bytes.beginning() + Bytes.modality + elements
        #expect(try Bytes.read(file).serialized() == file)
    }

    @Test func `content of a sequence in VR UN is implicit`() throws {
        let file =
            Bytes.beginning() + Bytes.modality + Bytes.tag(0x0009, 0x1001) + Array("UN".utf8) + [0, 0]
            + Bytes.undefined + Bytes.item(Bytes.implicit(0x0010, 0x0020, Array("42".utf8))) + Bytes.sequenceEnd
        let items = try Bytes.read(file).dataSet.items(Tag(0x0009, 0x1001))
        #expect(items.count == 1)
        #expect(items.first?.string(.patientID) == "42")
        #expect(items.first?.isExplicitVR == false)
    }

    @Test func `large values stay in the source and are written from it`() throws {
        let pixels = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let file = Bytes.beginning() + Bytes.modality + Bytes.explicit(0x7FE0, 0x0010, "OW", pixels)
        let folder = try TemporaryFolder()
        let path = folder.path + "/large"
        var sink = try FileByteSink(creating: path)
        try sink.write(file[...])
        try sink.finish()
        let object = try DICOMObject.read(try FileByteSource(path: path))
        #expect(try object.dataSet.bytes(.pixelData) == pixels)
        try object.write(toPath: path + "-copy")
        let copy = try FileByteSource(path: path + "-copy")
        #expect(try copy.read(0..<copy.count) == file)
    }

    @Test func `what follows Pixel Data and is no element is kept apart`() throws {
        let tail = Array("PATIENT ZZYZX".utf8)
        let whole = Bytes.beginning() + Bytes.modality + Bytes.explicit(0x7FE0, 0x0010, "OB", [1, 2])
        var object = try Bytes.read(whole + tail)
        #expect(try object.trailingBytes?.load() == tail)
        #expect(object.warnings.map(\.code) == [.trailingBytes])
        #expect(try object.serialized() == whole + tail)
        object.trailingBytes = nil
        #expect(try object.serialized() == whole)
        // Before Pixel Data the same bytes are damage.
        #expect(throws: DICOMFileError.self) { try Bytes.read(Bytes.beginning() + Bytes.modality + tail) }
    }
}
