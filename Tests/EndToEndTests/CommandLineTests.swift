import Foundation
import Testing

@Suite struct CommandLineTests {
    @Test func `help names every subcommand but the worker, and the exit codes`() throws {
        let help = try Shell.quench("--help")
        #expect(help.status == 0)
        for name in [
            "scan", "clean", "verify", "report", "policy", "lint", "explain", "inventory", "keygen", "link-table",
            "quarantine", "review", "reviewer", "rules", "sample", "dicomdir", "doctor",
        ] {
            #expect(help.output.contains("  \(name) "))
        }
        #expect(!help.output.contains("  worker"))
        #expect(help.output.contains("130"))
    }

    @Test func `a wrong option is a usage error with exit code 2`() throws {
        let wrong = try Shell.quench("clean", "--nonsense")
        #expect(wrong.status == 2)
        #expect(wrong.output.isEmpty)
        #expect(!wrong.errors.isEmpty)
    }

    @Test(arguments: ["scan", "clean", "inventory", "verify", "dicomdir"])
    func `no command takes no workers, which would look at nothing`(command: String) throws {
        for number in ["0", "-1", "257"] {
            let refused = try Shell.quench(command, "/nowhere", "--workers=" + number)
            #expect(refused.status == 2)
            #expect(refused.errors.contains("--workers takes 1 to 256"))
        }
    }

    @Test func `a reader that has gone ends nothing, and a full disk is an error`() throws {
        let gone = "{ sleep 0.5; exec \"$0\" policy 2>&1; } | true; exit ${PIPESTATUS[0]}"
        let unread = try Shell.run("/bin/bash", ["-c", gone, Place.program])
        #expect(unread.status == 0)
        let full = try Shell.run("/bin/bash", ["-c", "exec \"$0\" policy > /dev/full", Place.program])
        #expect(full.status == 1)
        #expect(full.errors.hasPrefix("quench: results can't be written: "))
    }

    @Test func `a path that does not exist is an error that says what to do`() throws {
        try Place.temporary { folder in
            let missing = try Shell.quench("clean", folder + "/nothing", "--output", folder + "/out")
            #expect(missing.status == 1)
            #expect(missing.errors.contains("check the path"))
            let json = try Shell.quench("scan", "--json", folder + "/nothing")
            let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: [String: String]]
            #expect(object?["error"]?["code"] == "input")
        }
    }

    @Test func `an output inside the input, or full of other things, is refused`() throws {
        try Place.temporary { folder in
            let input = folder + "/input"
            try FileManager.default.createDirectory(atPath: input, withIntermediateDirectories: true)
            try Data("text".utf8).write(to: URL(fileURLWithPath: input + "/note.txt"))
            let inside = try Shell.quench("clean", input, "--output", input + "/out")
            #expect(inside.status == 1)
            #expect(inside.errors.contains("inside an input"))
            let foreign = folder + "/foreign"
            try FileManager.default.createDirectory(atPath: foreign, withIntermediateDirectories: true)
            try Data("keep me".utf8).write(to: URL(fileURLWithPath: foreign + "/thesis.txt"))
            let refused = try Shell.quench("clean", input, "--output", foreign)
            #expect(refused.status == 1)
            #expect(refused.errors.contains("not Quench's"))
            #expect(Place.contents(of: foreign).count == 1)
        }
    }

    @Test func `files that are not DICOM are told, and the exit code is 0`() throws {
        try Place.temporary { folder in
            let input = folder + "/input"
            try FileManager.default.createDirectory(atPath: input, withIntermediateDirectories: true)
            try Data("text".utf8).write(to: URL(fileURLWithPath: input + "/called.dcm"))
            let finished = try Shell.quench("clean", input, "--output", folder + "/out", "--json")
            #expect(finished.status == 0)
            let results = try JSONSerialization.jsonObject(with: Data(finished.output.utf8)) as? [String: Any]
            #expect((results?["files"] as? [String: Int]) == ["not-dicom": 1])
            let table = try String(contentsOfFile: folder + "/out/report/instances.csv", encoding: .utf8)
            #expect(table.split(separator: "\n").count == 2)
        }
    }

    @Test func `an unknown key in a policy is an error that names its line`() throws {
        try Place.temporary { folder in
            let path = folder + "/policy.yaml"
            try "version: 1\nfindings:\n  marker: keep\n  nonsense: mask\n".write(
                toFile: path, atomically: true, encoding: .utf8)
            let checked = try Shell.quench("policy", "--check", path)
            #expect(checked.status == 2)
            #expect(checked.errors.contains("line 4"))
        }
    }

    @Test func `the policy that is printed is one that can be given`() throws {
        try Place.temporary { folder in
            let printed = try Shell.quench("policy")
            let path = folder + "/policy.yaml"
            try printed.output.write(toFile: path, atomically: true, encoding: .utf8)
            #expect(try Shell.quench("policy", "--check", path).status == 0)
        }
    }

    @Test func `the doctor finds everything here`() throws {
        let doctor = try Shell.quench("doctor")
        #expect(doctor.status == 0, "\(doctor.output)")
        for name in ["GDCM", "Tesseract", "Leptonica", "model:eng"] { #expect(doctor.output.contains(name)) }
    }

    @Test func `the doctor and the report name the network that finds text, its version and its file`() throws {
        let model =
            URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path + "/Models/textnet.safetensors"
        let sum = try Shell.run("/usr/bin/sha256sum", [model]).output.prefix(64)
        let found = try Shell.quench("doctor", "--json").output
        let doctor = try JSONSerialization.jsonObject(with: Data(found.utf8)) as? [String: Any]
        let versions = try #require(doctor?["versions"] as? [String: String])
        #expect(versions["model:textnet"] == String(sum))
        #expect(try !#require(versions["TextNet"]).isEmpty)
        try Place.temporary { folder in
            try FileManager.default.createDirectory(atPath: folder + "/input", withIntermediateDirectories: true)
            try Data("text".utf8).write(to: URL(fileURLWithPath: folder + "/input/a"))
            #expect(try Shell.quench("clean", folder + "/input", "--output", folder + "/out").status == 0)
            let page = try String(contentsOfFile: folder + "/out/report/index.html", encoding: .utf8)
            #expect(page.contains(sum) && page.contains("Model textnet, SHA-256"))
        }
    }

    @Test func `a day that no calendar has, and options that a comparison doesn't take, are refused`() throws {
        for arguments in [
            ["--since", "2026-13-45"], ["--since", "2026-02-30"], ["--since", "20260101"],
            ["b", "--compare", "--to", "x"], ["b", "--compare", "--since", "2026-01-01"],
            ["b", "--compare", "--project", "x"],
        ] {
            let isComparison = arguments[0] == "b"
            let more = isComparison ? [] : ["--to", "x"]
            let refused = try Shell.run(Place.program, ["report", "a"] + more + arguments)
            #expect(refused.status == 2)
            #expect(refused.errors.contains(isComparison ? "--compare takes no" : "--since takes"))
        }
    }

    @Test(.enabled(if: Place.hasSampleData, "make sample-data"))
    func `a scan writes nothing, and its report has the columns of a clean run`() throws {
        try Place.temporary { folder in
            let input = Place.sampleData + "/input/broken"
            let before = Place.contents(of: input)
            let scan = try Shell.quench("scan", input, "--report", folder + "/report")
            #expect(scan.status == 3)
            #expect(scan.output.contains("MODALITY"))
            #expect(Place.contents(of: input) == before)
            let table = try String(contentsOfFile: folder + "/report/instances.csv", encoding: .utf8)
            #expect(table.hasPrefix("source_sha256,patient,study,series,instance,modality"))
            #expect(table.contains("quarantined"))
        }
    }
}
