import DICOMFile
import DICOMModel
import Foundation
import TestSupport
import Testing

@Suite struct `Writing changes` {
    private static let creator = Bytes.explicit(0x0010, 0x0020, "LO", "ORIGINAL")
    private static let nested = Bytes.explicit(
        0x0008, 0x1140, "SQ",
        Bytes.item(
            Bytes.explicit(0x0008, 0x1155, "UI", "1.2\0") + Bytes.explicit(0x0040, 0xA043, "SQ", Bytes.item(creator))))

    @Test func `lengths of defined sequences are computed anew`() throws {
        var object = try Bytes.read(Bytes.beginning() + Bytes.modality + Self.nested)
        var outer = try #require(object.dataSet[Tag(0x0008, 0x1140)])
        var item = try #require(outer.items?.first)
        let inner = try #require(item[Tag(0x0040, 0xA043)])
        var innerItem = try #require(inner.items?.first)
        try innerItem.set(.patientID, .lo, string: "A MUCH LONGER VALUE")
        item[Tag(0x0040, 0xA043)] = inner.replacing(.items([innerItem]))
        outer = outer.replacing(.items([item]))
        object.dataSet[Tag(0x0008, 0x1140)] = outer
        let creator = Bytes.explicit(0x0010, 0x0020, "LO", "A MUCH LONGER VALUE ")
        let expected =
            Bytes.beginning() + Bytes.modality
            + Bytes.explicit(
                0x0008, 0x1140, "SQ",
                Bytes.item(
                    Bytes.explicit(0x0008, 0x1155, "UI", "1.2\0")
                        + Bytes.explicit(0x0040, 0xA043, "SQ", Bytes.item(creator))))
        // Tags of the standard in ascending order: (0008,0060) before (0008,1140).
        #expect(try object.serialized() == expected)
    }

    @Test func `a Group Length follows a change of its group and only that`() throws {
        let group = Bytes.explicit(0x0010, 0x0010, "PN", "A^B ") + Bytes.explicit(0x0010, 0x0020, "LO", "42")
        let length = Bytes.explicit(0x0010, 0x0000, "UL", Bytes.u32(group.count))
        let wrong = Bytes.explicit(0x0008, 0x0000, "UL", Bytes.u32(4711))
        var object = try Bytes.read(Bytes.beginning() + wrong + Bytes.modality + length + group)
        object.dataSet[.patientName] = nil
        let left = Bytes.explicit(0x0010, 0x0020, "LO", "42")
        let expected =
            Bytes.beginning() + wrong + Bytes.modality + Bytes.explicit(0x0010, 0x0000, "UL", Bytes.u32(left.count))
            + left
        #expect(try object.serialized() == expected)
    }

    @Test func `the File Meta Information gets its Group Length`() throws {
        var object = try Bytes.read(Bytes.beginning() + Bytes.modality)
        object.setTransferSyntax(.rleLossless)
        let again = try Bytes.read(try object.serialized())
        #expect(again.transferSyntax == .rleLossless)
        #expect(again.fileMeta.integer(.fileMetaInformationGroupLength) == 8 + 20)
        var fresh = DataSet()
        try fresh.set(.transferSyntaxUID, .ui, string: "1.2.840.10008.1.2.1")
        var dataSet = DataSet()
        try dataSet.set(.modality, .cs, string: "OT")
        let made = DICOMObject(fileMeta: fresh, dataSet: dataSet, transferSyntax: .explicitVRLittleEndian)
        #expect(try made.serialized() == Bytes.beginning() + Bytes.modality)
    }

    @Test func `a new item takes the encoding around it`() throws {
        var item = DataSet()
        item.set(.rows, .us, unsigned: [0x0102])
        var implicit = DataSet(isExplicitVR: false)
        implicit[Tag(0x0008, 0x1140)] = DataElement(tag: Tag(0x0008, 0x1140), items: [item])
        var big = DataSet(isBigEndian: true)
        big[Tag(0x0008, 0x1140)] = DataElement(tag: Tag(0x0008, 0x1140), items: [item])
        let written = try DICOMObject(
            preamble: nil, fileMeta: DataSet(), dataSet: implicit, transferSyntax: .implicitVRLittleEndian
        ).serialized()
        #expect(
            written == Bytes.implicit(0x0008, 0x1140, Bytes.item(Bytes.implicit(0x0028, 0x0010, [2, 1]))))
        let writtenBig = try DICOMObject(
            preamble: nil, fileMeta: DataSet(), dataSet: big, transferSyntax: .explicitVRBigEndian
        ).serialized()
        #expect(
            writtenBig == [0, 8, 0x11, 0x40, 0x53, 0x51, 0, 0, 0, 0, 0, 18]
                + [0xFF, 0xFE, 0xE0, 0, 0, 0, 0, 10] + [0, 0x28, 0, 0x10, 0x55, 0x53, 0, 2, 1, 2])
    }

    @Test func `a value too long for the short form becomes UN`() throws {
        var dataSet = DataSet()
        dataSet[.patientID] = DataElement(tag: .patientID, vr: .lo, bytes: [UInt8](repeating: 0x41, count: 70_001))
        let object = DICOMObject(fileMeta: DataSet(), dataSet: dataSet, transferSyntax: .explicitVRLittleEndian)
        let bytes = try object.serialized()[132...]
        #expect(Array(bytes.prefix(12)) == Bytes.tag(0x0010, 0x0020) + Array("UN".utf8) + [0, 0] + Bytes.u32(70_002))
        #expect(bytes.last == 0x20)
    }

    @Test func `a deflated Data Set is deflated again`() throws {
        var dataSet = DataSet()
        try dataSet.set(.patientID, .lo, string: "42")
        dataSet[.pixelData] = DataElement(tag: .pixelData, vr: .ow, bytes: [UInt8](repeating: 3, count: 300_000))
        var object = DICOMObject(fileMeta: DataSet(), dataSet: dataSet, transferSyntax: .explicitVRLittleEndian)
        object.setTransferSyntax(.deflatedExplicitVRLittleEndian)
        let bytes = try object.serialized()
        #expect(bytes.count < 2000)
        #expect(bytes.count % 2 == 0)
        let again = try Bytes.read(bytes)
        #expect(again.dataSet.string(.patientID) == "42")
        #expect(try again.dataSet.bytes(.pixelData) == [UInt8](repeating: 3, count: 300_000))
        let folder = try TemporaryFolder()
        try object.write(toPath: folder.path + "/deflated.dcm")
        let dump = try run("/usr/bin/dcmdump", ["+P", "0010,0020", folder.path + "/deflated.dcm"])
        if let dump { #expect(dump.output.contains("[42]")) }
    }

    @Test func `a file is made once, readable by its owner only`() throws {
        let object = try Bytes.read(Bytes.beginning() + Bytes.modality)
        let folder = try TemporaryFolder()
        let path = folder.path + "/new.dcm"
        try object.write(toPath: path)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        let error = #expect(throws: DICOMFileError.self) { try object.write(toPath: path) }
        #expect(error?.code == .writeFailed)
        #expect(error?.description.contains(folder.path) == false)
        #expect(FileManager.default.fileExists(atPath: path))
    }

    @Test func `a file changed while it is read is an error`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/changing.dcm"
        let file =
            Bytes.beginning() + Bytes.modality
            + Bytes.explicit(0x7FE0, 0x0010, "OW", [UInt8](repeating: 1, count: 300_000))
        try Data(file).write(to: URL(filePath: path))
        let object = try DICOMObject.read(try FileByteSource(path: path))
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.truncate(atOffset: 1000)
        let error = #expect(throws: DICOMFileError.self) { try object.serialized() }
        #expect(error?.code == .readFailed)
    }

    @Test(
        .enabled(if: Corpus.isPresent && FileManager.default.isExecutableFile(atPath: "/usr/bin/dcmconv")),
        arguments: [
            (TransferSyntax.explicitVRBigEndian, "+tb"), (.explicitVRLittleEndian, "+te"),
            (.implicitVRLittleEndian, "+ti"), (.deflatedExplicitVRLittleEndian, "+td"),
        ])
    func `another encoding comes out as dcmtk converts it`(transferSyntax: TransferSyntax, option: String) throws {
        let folder = try TemporaryFolder()
        let original = folder.path + "/original"
        try Data(try Corpus.bytes("plain/Enet4+dicom-test-files/rtstruct.dcm")).write(to: URL(filePath: original))
        var object = try DICOMObject.read(try FileByteSource(path: original))
        object.preamble = [UInt8](repeating: 0, count: 128)
        object.setTransferSyntax(transferSyntax)
        try object.write(toPath: folder.path + "/ours")
        let converted = try run("/usr/bin/dcmconv", ["-f", option, original, folder.path + "/theirs"])
        #expect(converted?.status == 0)
        let dumps = try ["ours", "theirs"].map { name in
            try dump(folder.path + "/" + name)
        }
        #expect(dumps[0].count > 100)
        #expect(dumps[0] == dumps[1])
    }

    /// dcmtk's dump, without File Meta Information, and without what says how lengths are written.
    private func dump(_ path: String) throws -> [String] {
        let output = try run("/usr/bin/dcmdump", ["+L", path])?.output ?? ""
        return output.split(separator: "\n").map(String.init).filter { line in
            let text = line.drop { $0 == " " }
            return text.hasPrefix("(") && !text.hasPrefix("(0002") && !text.hasPrefix("(fffe")
        }.map { line in
            line.contains(" SQ ") || line.contains(" pi ") ? String(line.prefix { $0 != "#" }.prefix(24)) : line
        }
    }
}
