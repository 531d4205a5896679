import Foundation
import Glibc
import Testing

@Suite(.serialized, .enabled(if: Place.hasSampleData, "make sample-data"))
struct KilledRunTests {
    /// A few series of SampleData: masked, rejected, held, in an archive, broken.
    private static let input = Place.sampleData + "/input"

    /// Killed with SIGKILL ten times at moments drawn from a seed, then left to end.
    @Test func `a run that is killed again and again ends like one that is not`() throws {
        try Place.temporary { folder in
            let subset = try Self.subset(in: folder)
            let whole = try Shell.quench("clean", subset, "--output", folder + "/whole")
            var seed: UInt64 = 0x5EED
            for _ in 0..<10 {
                let process = try Shell.start(
                    Place.program, ["clean", subset, "--output", folder + "/killed"], folder: folder)
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let deadline = Date() + 0.2 + Double(seed >> 40) / Double(1 << 24) * 5
                while process.isRunning, Date() < deadline { usleep(20_000) }
                if process.isRunning { kill(process.processIdentifier, SIGKILL) }
                process.waitUntilExit()
            }
            let status = try Shell.quench("clean", subset, "--output", folder + "/killed").status
            #expect(status == whole.status)
            for part in ["released", "report/instances.csv", "report/series.csv"] {
                let expected = Self.bytes(folder + "/whole/" + part)
                #expect(!expected.isEmpty)
                #expect(Self.bytes(folder + "/killed/" + part) == expected, "\(part)")
            }
            // Each sealing has a salt of its own; `verify` below opens what is held.
            let held = Set(Self.bytes(folder + "/whole/quarantine").keys)
            #expect(!held.isEmpty && Set(Self.bytes(folder + "/killed/quarantine").keys) == held)
            #expect(try Shell.quench("verify", folder + "/killed").status == 0)
        }
    }

    /// `clean` unpacks into its output, `scan` into a temporary folder.
    @Test(arguments: ["clean", "scan"]) func `a killed run leaves nothing of an archive`(command: String) throws {
        try Place.temporary { folder in
            let temporary = folder + "/temporary"
            let streams = folder + "/streams"
            for made in [temporary, streams] {
                try FileManager.default.createDirectory(atPath: made, withIntermediateDirectories: true)
            }
            let archive = try #require(
                FileManager.default.contentsOfDirectory(atPath: Self.input).first { $0.hasSuffix(".zip") })
            let program = ["TMPDIR=\(temporary)", Place.program, command, Self.input + "/" + archive]
            let process = try Shell.start(
                "/usr/bin/env", program + (command == "clean" ? ["--output", temporary + "/output"] : []),
                folder: streams)
            func unpacked() -> [String] {
                Place.contents(of: temporary).keys.filter { $0.contains("unpacked-") }
            }
            while process.isRunning, unpacked().isEmpty { usleep(2000) }
            // Workers look at entries now.
            usleep(100_000)
            try #require(process.isRunning && !unpacked().isEmpty)
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            for _ in 0..<50 where !unpacked().isEmpty { usleep(100_000) }
            #expect(unpacked().isEmpty)
        }
    }

    private static func subset(in folder: String) throws -> String {
        let subset = folder + "/input"
        try FileManager.default.createDirectory(atPath: subset, withIntermediateDirectories: true)
        let names = try FileManager.default.contentsOfDirectory(atPath: input).sorted()
        // Without the longest cine, so that the kills fall into every stage.
        for name in names where !name.hasPrefix("NIGHTINGVALE") {
            try FileManager.default.copyItem(atPath: input + "/" + name, toPath: subset + "/" + name)
        }
        return subset
    }

    private static func bytes(_ path: String) -> [String: Data] {
        if let data = FileManager.default.contents(atPath: path), !data.isEmpty { return ["": data] }
        return Place.contents(of: path)
    }
}
