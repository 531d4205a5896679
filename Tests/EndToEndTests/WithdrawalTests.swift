import DICOMFile
import DICOMModel
import Foundation
import Testing

/// Taking back what was released, and deleting originals on request.
@Suite(.serialized) struct WithdrawalTests {
    private let because = ["--as", "Ann", "--reason", "a name was missed"]

    private func quarantine(_ run: SmallRun, _ subcommand: String, _ arguments: [String]) throws -> Finished {
        try Shell.run(Place.program, ["quarantine", subcommand, run.output] + arguments)
    }

    /// The name of the first released instance, as the report gives it.
    private func instance(_ run: SmallRun) throws -> String {
        let path = try #require(Place.contents(of: run.output + "/released").keys.sorted().first)
        return String(try #require(path.split(separator: "/").last).dropLast(".dcm".count))
    }

    private func verifies(_ run: SmallRun) throws -> Bool {
        let verified = try Shell.quench("verify", run.output)
        #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
        return verified.status == 0
    }

    @Test func `what was released and never held leaves the output, and is not released by the next run`() throws {
        let studies = (1...2).map { SmallStudy(patientID: "HOSP-\($0)", number: $0) }
        try SmallRun.with(studies) { run in
            let policy = try run.write("policy.yaml", "version: 1\nreport:\n  contact-sheets: all\n")
            try #require(try run.clean(["--policy", policy]).status == 0)
            let name = try instance(run)
            let withdrawn = try quarantine(run, "withdraw", [name] + because)
            #expect(withdrawn.status == 0, "\(withdrawn.errors)")
            #expect(withdrawn.output.contains("withdrawn; there is no original in quarantine"))
            #expect(Place.contents(of: run.output + "/released").keys.count { $0.contains(name) } == 0)
            #expect(try run.decisions() == ["rejected withdrawn", "released"])
            #expect(try verifies(run))
            let page = try String(contentsOfFile: run.output + "/report/index.html", encoding: .utf8)
            #expect(page.contains("1\u{A0}file was withdrawn after release"))
            #expect(page.components(separatedBy: "class=\"tile\"").count - 1 == 1, "the other one's alone")
            let shown = try quarantine(run, "show", [name])
            #expect(shown.output.contains("withdrawn by Ann: a name was missed"), "\(shown.output)\(shown.errors)")
            #expect(shown.output.contains("pictures-removed=1"), "\(shown.output)")
            #expect(try run.clean(["--policy", policy]).status == 0)
            #expect(Place.contents(of: run.output + "/released").count == 1)
            let again = try quarantine(run, "withdraw", [name] + because)
            #expect(again.status == 2 && again.errors.contains("nothing that is released has this name"))
        }
    }

    @Test func `what was held once is held again, and leaves masked`() throws {
        try SmallRun.with([SmallStudy()]) { run in
            let policy = try run.write("policy.yaml", "version: 1\nseries:\n  image: quarantine\n")
            try #require(try run.clean(["--policy", policy]).status == 3)
            let held = Held(run: run)
            let name = try held.name()
            #expect(try held.quarantine("release", name, "--as", "Ann", "--reason", "clean").status == 0)
            let withdrawn = try quarantine(run, "withdraw", [name] + because)
            #expect(withdrawn.output.contains("withdrawn, held again"), "\(withdrawn.output)\(withdrawn.errors)")
            #expect(try held.states() == ["held"])
            #expect(Place.contents(of: run.output + "/released").isEmpty)
            #expect(try verifies(run))
            let released = try held.quarantine(
                "release", name, "--mask", "8,4,20,6", "--as", "Ann", "--reason", "masked now")
            #expect(released.status == 0, "\(released.output)\(released.errors)")
            let pixels = try #require(try run.released().first?.bytes(.pixelData))
            #expect(pixels[64 * 4 + 8] == 0)
            #expect(try held.states() == ["released-masked"])
            #expect(try verifies(run))
        }
    }

    @Test func `an original that is given is held, and another file is refused before anything is done`() throws {
        try SmallRun.with([SmallStudy()]) { run in
            try #require(try run.clean([]).status == 0)
            let other = try run.write("other", "not the original")
            let empty = run.folder + "/empty"
            try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: true)
            let name = try instance(run)
            for given in [other, empty] {
                let refused = try quarantine(run, "withdraw", [name, "--original", given] + because)
                #expect(
                    refused.status == 2 && refused.errors.contains("not among the files given"), "\(refused.errors)")
            }
            #expect(Place.contents(of: run.output + "/released").count == 1)
            let withdrawn = try quarantine(run, "withdraw", [name, "--original", run.input] + because)
            #expect(withdrawn.output.contains("withdrawn, held again"), "\(withdrawn.output)\(withdrawn.errors)")
            #expect(try verifies(run))
            let held = Held(run: run)
            #expect(
                try held.quarantine("release", name, "--mask", "8,4,20,6", "--as", "A", "--reason", "b").status == 0)
            #expect(Place.contents(of: run.output + "/released").count == 1)
            #expect(try verifies(run))
        }
    }

    @Test func `it leaves the File-set as well`() throws {
        let studies = (1...2).map { SmallStudy(patientID: "HOSP-\($0)", number: $0) }
        try SmallRun.with(studies) { run in
            try #require(try run.clean(["--dicomdir"]).status == 0)
            #expect(Place.contents(of: run.output + "/file-set").count == 3)
            #expect(try quarantine(run, "withdraw", [try instance(run)] + because).status == 0)
            #expect(Place.contents(of: run.output + "/file-set").count == 2)
            #expect(try quarantine(run, "withdraw", [try instance(run)] + because).status == 0)
            #expect(Place.contents(of: run.output + "/file-set").isEmpty)
            #expect(try verifies(run))
        }
    }

    @Test func `a withdrawal that was killed after the file went is done by the same command`() throws {
        try SmallRun.with([SmallStudy()]) { run in
            try #require(try run.clean([]).status == 0)
            let name = try instance(run)
            try FileManager.default.removeItem(
                atPath: run.output + "/released/"
                    + (try #require(Place.contents(of: run.output + "/released").keys.first)))
            #expect(try Shell.quench("verify", run.output).status == 1)
            #expect(try quarantine(run, "withdraw", [name] + because).status == 0)
            #expect(try verifies(run))
        }
    }

    @Test func `originals of what was decided are deleted on request, and those that wait are not`() throws {
        try SmallRun.with([SmallStudy()]) { run in
            let policy = try run.write("policy.yaml", "version: 1\nseries:\n  image: quarantine\n")
            try #require(try run.clean(["--policy", policy]).status == 3)
            let held = Held(run: run)
            let name = try held.name()
            let early = try quarantine(run, "delete", [name] + because)
            #expect(early.status == 2 && early.errors.contains("waits for a decision"), "\(early.errors)")
            #expect(try quarantine(run, "reject", [name] + because).status == 0)
            #expect(!Place.contents(of: run.output + "/quarantine").isEmpty)
            let deleted = try quarantine(run, "delete", [name] + because)
            #expect(deleted.status == 0 && deleted.output.contains("1 original deleted"), "\(deleted.errors)")
            #expect(Place.contents(of: run.output + "/quarantine").isEmpty)
            let history = try #require(try held.instances().first?["history"] as? [[String: Any]])
            #expect(history.last?["action"] as? String == "original-deleted")
            #expect(history.last?["by"] as? String == "Ann")
            #expect(try verifies(run))
            #expect(try quarantine(run, "delete", [name] + because).status == 2)
        }
    }
}
