import Foundation
import Testing

/// The main job on SampleData, run once for all tests that look at its output.
private enum MainJob {
    struct Run {
        var folder: String
        var finished: Finished
    }

    static let run = Result {
        let folder = try Place.make() + "/output"
        return Run(
            folder: folder, finished: try Shell.quench("clean", Place.sampleData + "/input", "--output", folder))
    }
}

@Suite(.serialized, .enabled(if: Place.hasSampleData && Place.hasPython, "make sample-data"))
struct MainJobTests {
    @Test func `the independent judge finds every truth of SampleData met`() throws {
        let run = try MainJob.run.get()
        #expect(run.finished.status == 3, "instances are held, so the exit code is 3")
        let judged = try Shell.run(
            "/usr/bin/python3",
            [Place.root + "/SampleData/check.py", run.folder, Place.sampleData + "/truth.json"])
        let failures = judged.output.split(separator: "\n").filter { $0.hasPrefix("FAILED") }
        #expect(judged.status == 0, "\(failures.joined(separator: "\n"))")
    }

    @Test func `no canary of a synthetic patient is printed`() throws {
        let run = try MainJob.run.get()
        let truth = try JSONSerialization.jsonObject(
            with: Data(contentsOf: URL(fileURLWithPath: Place.sampleData + "/truth.json")))
        let canaries = try #require((truth as? [String: Any])?["canaries"] as? [String])
        #expect(canaries.count > 100)
        let printed = (run.finished.output + run.finished.errors).uppercased()
        for canary in canaries { #expect(!printed.contains(canary.uppercased())) }
    }

    @Test func `a second run changes nothing and says so`() throws {
        let run = try MainJob.run.get()
        let before = Place.contents(of: run.folder)
        let again = try Shell.quench("clean", Place.sampleData + "/input", "--output", run.folder)
        #expect(again.status == 3)
        #expect(again.errors.contains("nothing to do"))
        let after = Place.contents(of: run.folder)
        #expect(Set(before.keys) == Set(after.keys))
        for (name, bytes) in before where !name.hasPrefix("ledger.sqlite-") {
            #expect(after[name] == bytes, "\(name)")
        }
    }

    @Test func `reports made again from the ledger alone are the same`() throws {
        let run = try MainJob.run.get()
        let before = Place.contents(of: run.folder + "/report")
        #expect(try Shell.quench("report", run.folder).status == 0)
        let after = Place.contents(of: run.folder + "/report")
        for name in ["instances.csv", "series.csv", "index.html", "report.json"] {
            #expect(before[name] == after[name], "\(name)")
        }
    }

    @Test func `verify passes, and finds a changed, a missing and an additional file`() throws {
        let run = try MainJob.run.get()
        let sound = try Shell.quench("verify", run.folder)
        #expect(sound.status == 0, "\(sound.output)")
        try Place.temporary { folder in
            let copy = folder + "/copy"
            try FileManager.default.copyItem(atPath: run.folder, toPath: copy)
            let released = Place.contents(of: copy + "/released").keys.sorted()
            try #require(released.count > 2)
            var bytes = try #require(FileManager.default.contents(atPath: copy + "/released/" + released[0]))
            bytes[bytes.count / 2] ^= 1
            try bytes.write(to: URL(fileURLWithPath: copy + "/released/" + released[0]))
            try FileManager.default.removeItem(atPath: copy + "/released/" + released[1])
            try Data([1]).write(to: URL(fileURLWithPath: copy + "/released/additional.dcm"))
            let tampered = try Shell.quench("verify", copy)
            #expect(tampered.status == 1)
            #expect(tampered.output.contains("was changed after its release"))
            #expect(tampered.output.contains("is missing"))
            #expect(tampered.output.contains("holds a file that the ledger doesn't know"))
        }
    }

    @Test func `quarantine holds the originals sealed, for their owner alone`() throws {
        let run = try MainJob.run.get()
        let attributes = try FileManager.default.attributesOfItem(atPath: run.folder + "/quarantine")
        #expect(attributes[.posixPermissions] as? Int == 0o700)
        let held = Place.contents(of: run.folder + "/quarantine")
        let originals = held.filter { $0.key.hasSuffix("/original.sealed") }
        #expect(!originals.isEmpty)
        #expect(held.keys.filter { $0.hasSuffix("/reasons.json") }.count == originals.count)
        #expect(held.count == 2 * originals.count, "and nothing else")
        let inputs = Place.contents(of: Place.sampleData + "/input").values.filter { $0.count > 4096 }
        for (_, bytes) in originals {
            #expect(bytes.starts(with: Data("quench-sealed-1\n".utf8)))
            for input in inputs { #expect(bytes.range(of: input.prefix(512).suffix(64)) == nil) }
        }
    }
}
