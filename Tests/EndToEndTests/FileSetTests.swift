import DICOMFile
import DICOMModel
import Foundation
import Testing

/// `clean --dicomdir` and `quench dicomdir`, judged by dcmtk, pydicom and dicom3tools.
@Suite struct FileSetTests {
    /// Two patients, the first with two studies; one value that needs a character set.
    private let studies = [
        SmallStudy(),
        SmallStudy(studyDate: "20240611", number: 2),
        SmallStudy(patientID: "HOSP-4712", patientName: "Ng^Mei", number: 3),
    ]

    /// What pydicom's own reading of the directory finds: one line per file, `patient study series instance`.
    private static let reader = """
        import sys
        from pydicom.fileset import FileSet
        import pydicom
        fs = FileSet(sys.argv[1])
        for instance in fs:
            file = pydicom.dcmread(instance.path)
            for tag in ("PatientID", "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID"):
                assert getattr(file, tag) == getattr(instance, tag), tag
            assert file.file_meta.TransferSyntaxUID == instance.ReferencedTransferSyntaxUIDInFile
            print(instance.FileID, len(fs))
        """

    private func files(_ folder: String) throws -> [String] {
        let finished = try Shell.run("/usr/bin/python3", ["-c", Self.reader, folder + "/DICOMDIR"])
        #expect(finished.status == 0, "\(finished.errors)")
        return finished.output.split(separator: "\n").map(String.init)
    }

    @Test(.enabled(if: Place.hasPython)) func `a new DICOMDIR lists what was released and nothing of the originals`()
        throws
    {
        try SmallRun.with(studies) { run in
            let finished = try run.clean(["--dicomdir"])
            #expect(finished.status == 0, "\(finished.errors)")
            #expect(finished.output.contains("DICOMDIR: file-set/DICOMDIR, 3 files"))
            let folder = run.output + "/file-set"
            let listed = try files(folder)
            #expect(listed.count == 3)
            let names = Set(Place.contents(of: folder).keys)
            #expect(names.count == 4)
            for name in names.subtracting(["DICOMDIR"]) {
                #expect(name.wholeMatch(of: /PT00000[12]\/ST00000[12]\/SE000001\/IM000001/) != nil)
            }
            // PS3.10 8.2 and 8.5: dcmtk refuses names that media don't allow, and offsets that lead nowhere.
            let dump = try Shell.run("/usr/bin/dcmdump", ["-q", folder + "/DICOMDIR"])
            #expect(dump.status == 0)
            #expect(dump.output.components(separatedBy: "[PATIENT]").count == 3)
            #expect(dump.output.components(separatedBy: "[STUDY]").count == 4)
            #expect(dump.output.components(separatedBy: "[SERIES]").count == 4)
            #expect(dump.output.components(separatedBy: "[IMAGE]").count == 4)
            let bytes = try #require(FileManager.default.contents(atPath: folder + "/DICOMDIR"))
            let directory = String(decoding: bytes, as: UTF8.self)
            for value in ["HOSP", "Fitzwilliam", "20240305", "ACC10", "1.2.826", "Follow-up"] {
                #expect(!directory.contains(value))
            }
            #expect(directory.contains("19000101"), "a Study Date must be there")
        }
    }

    @Test func `dciodvfy finds no error in it`() throws {
        try SmallRun.with(studies) { run in
            #expect(try run.clean(["--dicomdir"]).status == 0)
            let judged = try Shell.run("/usr/bin/dciodvfy", [run.output + "/file-set/DICOMDIR"])
            let errors = (judged.output + judged.errors).split(separator: "\n").filter { $0.hasPrefix("Error") }
            #expect(errors.isEmpty, "\(errors)")
        }
    }

    @Test func `files are the released ones, and the command makes the same again`() throws {
        try SmallRun.with(studies) { run in
            #expect(try run.clean([]).status == 0)
            #expect(!FileManager.default.fileExists(atPath: run.output + "/file-set"))
            let first = try Shell.quench("dicomdir", run.output, "--json")
            #expect(first.status == 0, "\(first.errors)")
            #expect(first.output.contains("\"listed\":3"))
            let made = Place.contents(of: run.output + "/file-set")
            let released = Set(Place.contents(of: run.output + "/released").values)
            #expect(Set(made.filter { $0.key != "DICOMDIR" }.values) == released)
            #expect(try Shell.quench("dicomdir", run.output).status == 0)
            #expect(Place.contents(of: run.output + "/file-set") == made)
            #expect(try Shell.quench("verify", run.output).status == 0)
        }
    }

    @Test func `verify finds a changed, a missing and an additional file of a File-set, and another DICOMDIR`() throws {
        try SmallRun.with(studies) { run in
            #expect(try run.clean(["--dicomdir"]).status == 0)
            #expect(try Shell.quench("verify", run.output).status == 0)
            let folder = run.output + "/file-set"
            let names = Place.contents(of: folder).keys.filter { $0 != "DICOMDIR" }.sorted()
            try #require(names.count == 3)
            // A file of its own, so that the released one stays as it is.
            let bytes = try #require(FileManager.default.contents(atPath: folder + "/" + names[0]))
            try FileManager.default.removeItem(atPath: folder + "/" + names[0])
            try (bytes + Data([0, 0])).write(to: URL(filePath: folder + "/" + names[0]))
            try FileManager.default.removeItem(atPath: folder + "/" + names[1])
            try Data("Fitzwilliam".utf8).write(to: URL(filePath: folder + "/Fitzwilliam.txt"))
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/PT000001/Fitzwilliam", withDestinationPath: run.input)
            let verified = try Shell.quench("verify", run.output)
            #expect(verified.status == 1)
            #expect(verified.output.contains("file-set/\(names[0]): is not what was released"), "\(verified.output)")
            #expect(verified.output.contains("file-set/\(names[1]): is missing"))
            #expect(verified.output.components(separatedBy: "holds a file that has no place in it").count == 3)
            #expect(!verified.output.contains("DICOMDIR:") && !verified.output.contains("Fitzwilliam"))
            // The command makes it right again.
            #expect(try Shell.quench("dicomdir", run.output).status == 0)
            #expect(try Shell.quench("verify", run.output).status == 0)
            var directory = try #require(FileManager.default.contents(atPath: folder + "/DICOMDIR"))
            directory[directory.count - 1] ^= 1
            try directory.write(to: URL(filePath: folder + "/DICOMDIR"))
            #expect(try Shell.quench("verify", run.output).output.contains("file-set/DICOMDIR: "))
            directory[directory.count - 1] ^= 1
            try directory.write(to: URL(filePath: run.output + "/elsewhere"))
            try FileManager.default.removeItem(atPath: folder + "/DICOMDIR")
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/DICOMDIR", withDestinationPath: run.output + "/elsewhere")
            #expect(try Shell.quench("verify", run.output).output.contains("file-set/DICOMDIR: "))
            try FileManager.default.createDirectory(
                atPath: folder + "/Fitzwilliam Ada", withIntermediateDirectories: false)
            let named = try Shell.quench("verify", run.output).output
            #expect(named.contains("file-set/: holds a folder that has no place in it"))
            #expect(!named.contains("Fitzwilliam"))
            try FileManager.default.removeItem(atPath: folder + "/DICOMDIR")
            #expect(try Shell.quench("verify", run.output).status == 1)
        }
    }

    @Test func `a copy of a released file is as good as a link, and a folder that leads elsewhere is none`() throws {
        try SmallRun.with([SmallStudy()]) { run in
            #expect(try run.clean(["--dicomdir"]).status == 0)
            let copy = run.output + "/copy"
            try FileManager.default.moveItem(atPath: run.output + "/file-set", toPath: copy)
            try FileManager.default.copyItem(atPath: copy, toPath: run.output + "/file-set")
            try FileManager.default.removeItem(atPath: copy)
            #expect(try Shell.quench("verify", run.output).status == 0)
            try FileManager.default.createSymbolicLink(
                atPath: run.output + "/released/more", withDestinationPath: run.input)
            let verified = try Shell.quench("verify", run.output)
            #expect(verified.output.contains("released/: holds a file that the ledger doesn't know"))
        }
    }

    @Test func `a released file that was changed gets into no File-set`() throws {
        try SmallRun.with([SmallStudy()]) { run in
            #expect(try run.clean([]).status == 0)
            let name = try #require(Place.contents(of: run.output + "/released").keys.first)
            let file = try #require(FileHandle(forUpdatingAtPath: run.output + "/released/" + name))
            try file.seekToEnd()
            try file.write(contentsOf: Data([0, 0]))
            try file.close()
            let finished = try Shell.quench("dicomdir", run.output)
            #expect(finished.status == 1)
            #expect(finished.errors.contains("run `quench verify`"))
            #expect(!FileManager.default.fileExists(atPath: run.output + "/file-set"))
        }
    }

    @Test func `a File-set that is there follows what a later run and a person release`() throws {
        let maker = [
            DataElement(tag: .manufacturer, vr: .lo, bytes: Array("GE MEDICAL SYSTEMS".utf8)),
            DataElement(tag: .manufacturerModelName, vr: .lo, bytes: Array("Discovery 5 ".utf8)),
        ]
        try SmallRun.with([SmallStudy(), SmallStudy(patientID: "HOSP-4712", number: 2, elements: maker)]) { run in
            let policy = try run.write(
                "policy.yaml",
                """
                version: 1
                rules:
                  - name: held
                    device: {manufacturer: GE, model: Discovery 5}
                    then: quarantine

                """)
            let first = try run.clean(["--policy", policy, "--dicomdir"])
            #expect(first.status == 3, "\(first.errors)")
            let held = Held(run: run)
            let released = try held.quarantine("release", try held.name(), "--as", "Ann", "--reason", "no text")
            #expect(released.status == 0, "\(released.output)\(released.errors)")
            #expect(try Shell.quench("verify", run.output).status == 0)
            try SmallStudy(patientID: "HOSP-4713", number: 3).write(to: run.input)
            let second = try run.clean(["--policy", policy])
            #expect(second.status == 0, "\(second.errors)")
            let verified = try Shell.quench("verify", run.output)
            #expect(verified.status == 0 && verified.output.contains("3 released files"), "\(verified.output)")
        }
    }

    @Test func `without anything released there is nothing to list`() throws {
        try SmallRun.with([SmallStudy()]) { run in
            let cohort = try run.write("cohort.csv", "OTHER,S1,S1_CT1\n")
            #expect(try run.clean(["--cohort", cohort, "--dicomdir"]).status == 3)
            #expect(!FileManager.default.fileExists(atPath: run.output + "/file-set"))
            #expect(try Shell.quench("dicomdir", run.output).status == 2)
            #expect(try Shell.quench("dicomdir", run.folder).status == 1)
        }
    }
}
