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
                try SmallStudy(patientID: "HOSP-2", number: 2).write(to: run.input)
                #expect(try mount(["-o", "remount,ro", disk]))
                let before = Place.contents(of: output)
                let refused = try run.clean([], to: output)
                #expect(refused.status == 1)
                #expect(refused.errors.contains("can't be written"), "\(refused.errors)")
                #expect(Place.contents(of: output) == before)
                #expect(try Shell.quench("verify", output).status == 0, "it can still be read and checked")
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
