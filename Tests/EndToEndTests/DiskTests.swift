import DICOMFile
import DICOMModel
import Foundation
import Glibc
import Testing

/// What happens when the disk, or another run, is in the way.
@Suite(.serialized) struct DiskTests {
    @Test func `two runs on one output at once are refused, and the first one ends well`() throws {
        try SmallRun.with((1...6).map { SmallStudy(patientID: "HOSP-\($0)", number: $0) }) { run in
            let streams = run.folder + "/streams"
            try FileManager.default.createDirectory(atPath: streams, withIntermediateDirectories: true)
            let first = try Shell.start(
                Place.program, ["clean", run.input, "--output", run.output, "--workers", "1"], folder: streams)
            while first.isRunning, access(run.output + "/ledger.sqlite", F_OK) != 0 { usleep(2000) }
            // Stopped, so that it can't end before the second one is there.
            kill(first.processIdentifier, SIGSTOP)
            try #require(first.isRunning)
            let second = try run.clean([])
            #expect(second.status == 1)
            #expect(second.errors.contains("another run is writing to this output folder"))
            let review = try Shell.quench("quarantine", "purge", run.output, "--as", "Ann")
            #expect(review.status == 1)
            kill(first.processIdentifier, SIGCONT)
            first.waitUntilExit()
            #expect(first.terminationStatus == 0)
            #expect(try Shell.quench("verify", run.output).status == 0)
        }
    }

    @Test func `an output that is gone in the middle of a run is told, and once it is back the next run goes on`()
        throws
    {
        try SmallRun.with((1...6).map { SmallStudy(patientID: "HOSP-\($0)", number: $0) }) { run in
            let streams = run.folder + "/streams"
            try FileManager.default.createDirectory(atPath: streams, withIntermediateDirectories: true)
            let lost = try Shell.start(
                Place.program, ["clean", run.input, "--output", run.output, "--workers", "1"], folder: streams)
            while lost.isRunning, Place.contents(of: run.output + "/released").isEmpty { usleep(2000) }
            kill(lost.processIdentifier, SIGSTOP)
            try #require(lost.isRunning)
            #expect(rename(run.output, run.folder + "/elsewhere") == 0)
            kill(lost.processIdentifier, SIGCONT)
            lost.waitUntilExit()
            #expect(lost.terminationStatus == 1)
            let errors = try String(contentsOfFile: streams + "/errors", encoding: .utf8)
            #expect(errors.contains("it goes on where it was"), "\(errors)")
            #expect(Place.contents(of: run.output).isEmpty, "nothing is released beside the output")
            try? FileManager.default.removeItem(atPath: run.output)
            #expect(rename(run.folder + "/elsewhere", run.output) == 0)
            let released = Place.contents(of: run.output + "/released")
            #expect((1...5).contains(released.count))
            for bytes in released.values { #expect(bytes.count > 64 * 64) }
            let again = try run.clean([])
            #expect(again.status == 0, "\(again.errors)")
            #expect(Place.contents(of: run.output + "/released").count == 6)
            #expect(try Shell.quench("verify", run.output).status == 0)
        }
    }

    @Test func `a folder of the output that something else has taken the place of is told`() throws {
        for folder in ["released", "quarantine", "report"] {
            try SmallRun.with([SmallStudy()]) { run in
                #expect(try run.clean([]).status == 0)
                try SmallStudy(patientID: "HOSP-2", number: 2).write(to: run.input)
                let path = run.output + "/" + folder
                #expect(rename(path, run.folder + "/elsewhere") == 0)
                try Data().write(to: URL(fileURLWithPath: path))
                let refused = try run.clean([])
                #expect(refused.status == 1)
                #expect(refused.errors.contains("mend that"), "\(refused.errors)")
                try FileManager.default.removeItem(atPath: path)
                #expect(rename(run.folder + "/elsewhere", path) == 0)
                #expect(try run.clean([]).status == 0)
                #expect(Place.contents(of: run.output + "/released").count == 2)
                #expect(try Shell.quench("verify", run.output).status == 0)
            }
        }
    }

    @Test func `a limit on the size of files is told like a full disk, and nothing half is released`() throws {
        let studies = (1...4).map { SmallStudy(patientID: "HOSP-\($0)", number: $0, elements: SmallStudy.larger) }
        try SmallRun.with(studies) { run in
            // In units of 512 bytes: less than one of the pictures takes.
            let limited = try Shell.run(
                "/bin/sh",
                ["-c", "ulimit -f 100; exec \"$0\" \"$@\"", Place.program, "clean", run.input, "--output", run.output])
            #expect(limited.status == 1, "\(limited.output)")
            #expect(
                limited.errors.contains("can't be written") || limited.errors.contains("failed"), "\(limited.errors)")
            #expect(Place.contents(of: run.output + "/released").isEmpty)
            #expect(Place.contents(of: run.output + "/quarantine").isEmpty, "no file is blamed for the limit")
            let again = try run.clean([])
            #expect(again.status == 0, "\(again.errors)")
            #expect(Place.contents(of: run.output + "/released").count == 4)
            #expect(try Shell.quench("verify", run.output).status == 0)
        }
    }

    @Test func `a receipt that can't be written is told, and the next run writes it`() throws {
        try SmallRun.with([SmallStudy()]) { run in
            let pipe = run.folder + "/pipe"
            try #require(mkfifo(pipe, 0o600) == 0)
            for place in [pipe, run.folder + "/missing/receipt.json", run.folder] {
                let refused = try run.clean(["--receipt", place])
                #expect(refused.status == 1, "\(place)")
                #expect(refused.errors.contains("receipt"), "\(refused.errors)")
            }
            var status = stat()
            #expect(stat(pipe, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO, "no file has taken its place")
            let kept = run.folder + "/receipt.json"
            #expect(try run.clean(["--receipt", kept]).status == 0)
            #expect(try Shell.quench("verify", run.output, "--receipt", kept).status == 0)
        }
    }

    private static let canMount = getuid() == 0 && access("/usr/bin/mount", X_OK) == 0

    /// Runs `body` with a small disk of its own.
    private func withDisk(_ kilobytes: Int, in folder: String, _ body: (String) throws -> Void) throws {
        let disk = folder + "/disk"
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
        guard try mount(["-t", "tmpfs", "-o", "size=\(kilobytes)k", "tmpfs", disk]) else { return }
        defer { _ = try? Shell.run("/usr/bin/umount", [disk]) }
        try body(disk)
    }

    private func mount(_ arguments: [String]) throws -> Bool { try Shell.run("/usr/bin/mount", arguments).status == 0 }

    @Test(.enabled(if: canMount, "only root can mount a small disk"))
    func `a full disk is told, nothing half is released, and the next run goes on`() throws {
        let studies = (1...8).map { SmallStudy(patientID: "HOSP-\($0)", number: $0, elements: SmallStudy.larger) }
        try SmallRun.with(studies) { run in
            try withDisk(560, in: run.folder) { disk in
                let output = disk + "/output"
                let full = try run.clean([], to: output)
                #expect(full.status == 1)
                #expect(full.errors.contains("disk") || full.errors.contains("space"), "\(full.errors)")
                #expect(full.errors.contains("it goes on where it was") || full.errors.contains("the run goes on"))
                let released = Place.contents(of: output + "/released")
                #expect(released.count < 8)
                for bytes in released.values { #expect(bytes.count > 65_536) }
                #expect(Place.contents(of: output + "/quarantine").isEmpty, "no file is blamed for the disk")
                #expect(try mount(["-o", "remount,size=16m", disk]))
                let again = try run.clean([], to: output)
                #expect(again.status == 0, "\(again.errors)")
                #expect(Place.contents(of: output + "/released").count == 8)
                #expect(try Shell.quench("verify", output).status == 0)
            }
        }
    }

    @Test(.enabled(if: canMount, "only root can mount a small disk"))
    func `a disk that can't be written to is told, and nothing changes`() throws {
        try SmallRun.with([SmallStudy()]) { run in
            try withDisk(8192, in: run.folder) { disk in
                let output = disk + "/output"
                #expect(try run.clean([], to: output).status == 0)
                let log = output + "/ledger.sqlite-wal"
                let left = FileManager.default.contents(atPath: log) ?? Data()
                #expect(left.isEmpty, "the ledger's file says all by itself")
                try SmallStudy(patientID: "HOSP-2", number: 2).write(to: run.input)
                #expect(try mount(["-o", "remount,ro", disk]))
                let before = Place.contents(of: output)
                let refused = try run.clean([], to: output)
                #expect(refused.status == 1)
                #expect(refused.errors.contains("can't be written"), "\(refused.errors)")
                #expect(Place.contents(of: output) == before)
                #expect(try Shell.quench("verify", output).status == 0, "it can still be read and checked")
                #expect(try mount(["-o", "remount,rw", disk]))
                _ = FileManager.default.createFile(atPath: log, contents: nil)
                #expect(try mount(["-o", "remount,ro", disk]))
                let empty = try Shell.quench("verify", output)
                #expect(empty.status == 0, "with an empty write-ahead log too: \(empty.output)\(empty.errors)")
                #expect(try mount(["-o", "remount,rw", disk]))
                #expect(try run.clean([], to: output).status == 0)
                #expect(Place.contents(of: output + "/released").count == 2)
            }
        }
    }
}

extension SmallStudy {
    /// Elements that make the picture 256 × 256 pixels large, without text.
    fileprivate static let larger: [DataElement] = [
        DataElement(tag: .rows, vr: .us, bytes: [0, 1]), DataElement(tag: .columns, vr: .us, bytes: [0, 1]),
        DataElement(tag: .pixelData, vr: .ob, bytes: (0..<65_536).map(largerSample)),
    ]

    private static func largerSample(_ place: Int) -> UInt8 {
        let (x, y) = (place % 256, place / 256)
        return UInt8(60 + (x + y) / 4)
    }
}
