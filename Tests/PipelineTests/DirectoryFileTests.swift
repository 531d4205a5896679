import DICOMFile
import DICOMModel
import Foundation
import Pipeline
import TestSupport
import Testing

/// Swift Testing has a type of this name as well.
private typealias Tag = DICOMModel.Tag

/// DICOMDIRs of real objects of every kind, beside those that dcmmkdir makes of the same files.
@Suite struct DirectoryFileTests {
    private static let corpus = Corpus.root ?? ""

    /// One file of each SOP Class, and some more of those that are not images.
    private static func files() throws -> [String] {
        let table = try String(contentsOfFile: corpus + "/manifest.csv", encoding: .utf8)
        var counts: [Substring: Int] = [:]
        return table.split(whereSeparator: \.isNewline).dropFirst().compactMap { line -> String? in
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            guard fields.count > 12, fields[0].hasPrefix("plain/"), !fields[0].contains("\""),
                fields[12].contains("Storage"), !fields[12].contains("Palette"), !fields[12].contains("Directory")
            else { return nil }
            counts[fields[12], default: 0] += 1
            guard counts[fields[12], default: 0] <= (fields[12].contains("Image") ? 1 : 3) else { return nil }
            return corpus + "/" + fields[0]
        }
    }

    private func entries(_ paths: [String]) -> [(path: String, entry: DirectoryEntry)] {
        paths.compactMap { path in
            guard let entry = try? DirectoryEntry(path: path), !entry.study.isEmpty, !entry.series.isEmpty,
                !entry.patient.isEmpty
            else { return nil }
            return (path, entry)
        }
    }

    private func run(_ tool: String, _ arguments: [String], in folder: String) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: tool)
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: folder)
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }

    /// Type, file, class, instance and Transfer Syntax of every record of an instance, as pydicom reads them.
    private func records(_ directory: String, in folder: String) throws -> Set<Substring> {
        let program = """
            import sys, pydicom
            for record in pydicom.dcmread(sys.argv[1]).DirectoryRecordSequence:
                if "ReferencedFileID" in record:
                    print(record.DirectoryRecordType, list(record.ReferencedFileID), record.ReferencedSOPClassUIDInFile,
                          record.ReferencedSOPInstanceUIDInFile, record.ReferencedTransferSyntaxUIDInFile)
            """
        return Set(try run("/usr/bin/python3", ["-c", program, directory], in: folder).split(separator: "\n"))
    }

    @Test(.enabled(if: Corpus.isPresent)) func `records have the types that dcmtk gives them, and pydicom reads them`()
        throws
    {
        let folder = NSTemporaryDirectory() + "/quench-directory-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let files = entries(try Self.files())
        let directory = try DirectoryFile(files.map(\.entry))
        var names: [String] = []
        for (file, fileID) in zip(files, directory.fileIDs) {
            guard let fileID else { continue }
            names.append(fileID)
            let target = folder + "/" + fileID
            try FileManager.default.createDirectory(
                atPath: URL(filePath: target).deletingLastPathComponent().path, withIntermediateDirectories: true)
            try FileManager.default.copyItem(atPath: file.path, toPath: target)
        }
        #expect(names.count > 25)
        try Data(try directory.bytes()).write(to: URL(filePath: folder + "/DICOMDIR"))
        _ = try run("/usr/bin/dcmmkdir", ["-Nxc", "-W", "+I", "+D", "THEIRS"] + names.sorted(), in: folder)
        let ours = try records("DICOMDIR", in: folder)
        let theirs = try records("THEIRS", in: folder)
        // dcmmkdir leaves out what it has no type for.
        #expect(theirs.count > 25)
        #expect(theirs.subtracting(ours).isEmpty, "\(theirs.subtracting(ours).sorted().joined(separator: "\n"))")
        let program = """
            from pydicom.fileset import FileSet
            for file in FileSet("DICOMDIR"):
                print(file.path)
            """
        let read = try run("/usr/bin/python3", ["-c", program], in: folder).split(separator: "\n")
        let instances = Set(zip(files, directory.fileIDs).filter { $1 != nil }.map { $0.0.entry.sopInstanceUID })
        // A FileSet has each instance once.
        #expect(read.count == instances.count)
    }

    /// A report without what its records must have: scripts may have taken it.
    @Test func `what has to be made up is valid`() throws {
        let folder = NSTemporaryDirectory() + "/quench-directory-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let sopClass = "1.2.840.10008.5.1.4.1.1.88.33"
        let dataSet = DataSet(elements: [
            DataElement(tag: .sopClassUID, vr: .ui, ascii: sopClass),
            DataElement(tag: .sopInstanceUID, vr: .ui, ascii: "1.2.3.4"),
            DataElement(
                tag: Tag(0x0040, 0xA073),
                items: ["20240305", "20240306101500", "2024"].map {
                    DataSet(elements: [DataElement(tag: Tag(0x0040, 0xA030), vr: .dt, ascii: $0)])
                }),
            DataElement(tag: Tag(0x0040, 0xA493), vr: .cs, ascii: "VERIFIED"),
        ])
        let fileMeta = DataSet(elements: [
            DataElement(tag: .mediaStorageSOPClassUID, vr: .ui, ascii: sopClass),
            DataElement(tag: .mediaStorageSOPInstanceUID, vr: .ui, ascii: "1.2.3.4"),
            DataElement(tag: .transferSyntaxUID, vr: .ui, ascii: "1.2.840.10008.1.2.1"),
        ])
        let object = DICOMObject(fileMeta: fileMeta, dataSet: dataSet, transferSyntax: .explicitVRLittleEndian)
        try Data(try object.serialized()).write(to: URL(filePath: folder + "/report"))
        let directory = try DirectoryFile([try DirectoryEntry(path: folder + "/report")])
        let bytes = try directory.bytes()
        let records = try DICOMObject.read(MemoryByteSource(bytes)).dataSet.items(.directoryRecordSequence)
        try #require(records.map { $0.string(Tag(0x0004, 0x1430)) } == ["PATIENT", "STUDY", "SERIES", "SR DOCUMENT"])
        let uids = [records[1].string(.studyInstanceUID), records[2].string(.seriesInstanceUID)].compactMap { $0 }
        #expect(Set(uids).count == 2 && uids.allSatisfy { UID($0).isValid })
        #expect(records[3].items(.conceptNameCodeSequence).first?.string(.codeMeaning) == "Removed")
        // PS3.3 F.5.25, Type 1C: of the last to verify it.
        #expect(records[3].string(Tag(0x0040, 0xA030)) == "20240306101500")
        #expect(try directory.bytes() == bytes)
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/dciodvfy") else { return }
        try Data(bytes).write(to: URL(filePath: folder + "/DICOMDIR"))
        let judged = try run("/bin/sh", ["-c", "dciodvfy -new DICOMDIR 2>&1"], in: folder)
        #expect(judged.contains("BasicDirectory") && !judged.contains("Error"), "\(judged)")
    }

    @Test func `SOP Classes have the record types that pydicom knows`() throws {
        let program = """
            from pydicom import fileset
            for uid, name in fileset._FOUR_LEVEL_SOP_CLASSES.items():
                print(uid, name, sep="|")
            """
        let lines = try run("/usr/bin/python3", ["-c", program], in: "/").split(separator: "\n")
        #expect(lines.count > 50)
        for line in lines {
            let fields = line.split(separator: "|").map(String.init)
            // Without pixels, so that no default hides a gap.
            let type = DirectoryRecordType(sopClassUID: fields[0], hasPixels: false)
            #expect(type?.rawValue == fields[1], "\(line)")
        }
        #expect(DirectoryRecordType(sopClassUID: "1.2.840.10008.5.1.4.1.1.481.1", hasPixels: true) == .image)
        #expect(DirectoryRecordType(sopClassUID: "1.2.826.0.1.1", hasPixels: false) == nil)
    }
}
