import DICOMFile
import DICOMModel
import Foundation
import Glibc
import Testing

/// What is held, and how people let it go: on the command line, as a user does.
@Suite(.serialized) struct QuarantineTests {
    /// Everything is held by policy, so that people have to decide.
    private static let holdAll = "version: 1\nseries:\n  image: quarantine\n"

    private func held(
        _ studies: [SmallStudy], policy: String = holdAll, _ body: (Held) throws -> Void
    ) throws {
        try SmallRun.with(studies) { run in
            let policy = try run.write("policy.yaml", policy)
            let clean = try run.clean(["--policy", policy])
            try #require(clean.status == 3, "\(clean.errors)")
            try body(Held(run: run))
        }
    }

    @Test func `a name in the place of the modality reaches no report and no ledger`() throws {
        let modality = DataElement(tag: .modality, vr: .cs, bytes: Array("FITZWILLIAM ".utf8))
        try held([SmallStudy(elements: [modality])]) { held in
            #expect(!held.run.everything().contains("FITZWILLIAM"))
            let listed = try held.quarantine("list")
            #expect(listed.output.contains("  ?  "), "\(listed.output)")
        }
    }

    @Test func `a held series is masked by hand and leaves by the way that everything takes`() throws {
        try held([SmallStudy()]) { held in
            let name = try held.name()
            #expect(try held.states() == ["held"])
            let review = try held.quarantine("review", name, "--as", "Ann Example", "--reason", "looking at it")
            #expect(review.status == 0, "\(review.errors)")
            #expect(try held.states() == ["under-review"])
            let wrong = try held.quarantine(
                "release", name, "--mask", "60,60,10,10", "--as", "Ann", "--reason", "label")
            #expect(wrong.status == 3)
            #expect(wrong.output.contains("stays held: invalid-region"))
            let released = try held.quarantine(
                "release", String(name.suffix(8)), "--mask", "8,4,20,6", "--as", "Ann Example", "--reason",
                "label at the top")
            #expect(released.status == 0, "\(released.output)\(released.errors)")
            #expect(try held.states() == ["released-masked"])
            let object = try #require(try held.run.released().first)
            let pixels = try #require(try object.bytes(.pixelData))
            for y in 0..<64 {
                for x in 0..<64 {
                    let isMasked = (8..<28).contains(x) && (4..<10).contains(y)
                    #expect(pixels[64 * y + x] == (isMasked ? 0 : SmallStudy.sample(x: x, y: y)))
                }
            }
            #expect(object.string(.patientIdentityRemoved) == "YES")
            #expect(object.string(.patientID) != "HOSP-4711")
            #expect(try held.verifies())
            #expect(try held.run.decisions() == ["released-masked released-in-review"])
            let again = try held.quarantine("release", name, "--as", "Ann", "--reason", "again")
            #expect(again.status == 2)
            #expect(again.errors.contains("decided before"))
        }
    }

    @Test func `what is held says why in words, and is found by the name that the report gives it`() throws {
        try held([SmallStudy()]) { held in
            let reasons = try #require(try held.list().first?["reasons"] as? [String])
            let sentence = "  \(try #require(reasons.first)): "
            let list = try held.quarantine("list")
            #expect(list.output.contains(sentence), "\(list.output)")
            let table = try String(contentsOfFile: held.run.output + "/report/instances.csv", encoding: .utf8)
            let digits = try #require(table.split(separator: "\n").last).prefix(12)
            let shown = try held.quarantine("show", String(digits))
            #expect(shown.status == 0, "\(shown.errors)")
            #expect(shown.output.contains(sentence))
            #expect(try held.quarantine("show", String(digits), "--json").output.contains("\"explanations\""))
        }
    }

    @Test func `a box for a range of frames is filled on these alone`() throws {
        let frames = DataElement(tag: .numberOfFrames, vr: .is, bytes: Array("3".utf8) + [0x20])
        let one = (0..<64 * 64).map { SmallStudy.sample(x: $0 % 64, y: $0 / 64) }
        let pixels = DataElement(tag: .pixelData, vr: .ob, bytes: one + one + one)
        try held([SmallStudy(elements: [frames, pixels])]) { held in
            let name = try held.name()
            let beyond = try held.quarantine(
                "release", name, "--mask", "8,4,20,6,2-4", "--as", "Ann", "--reason", "label")
            #expect(beyond.output.contains("stays held: invalid-region"))
            let released = try held.quarantine(
                "release", name, "--mask", "8,4,20,6,2-3", "--as", "Ann", "--reason", "label")
            #expect(released.status == 0, "\(released.output)\(released.errors)")
            let samples = try #require(try held.run.released().first?.bytes(.pixelData))
            let masked = samples.indices.filter { samples[$0] != one[$0 % one.count] }
            let expected = (1...2).flatMap { frame in
                (4..<10).flatMap { y in (8..<28).map { x in frame * 64 * 64 + y * 64 + x } }
            }
            #expect(masked == expected)
        }
    }

    @Test func `who decided, when, why and on what evidence is in the ledger, and no name of a patient`() throws {
        try held([SmallStudy()]) { held in
            let name = try held.name()
            #expect(
                try held.quarantine("release", name, "--as-is", "--as", "Ann", "--reason", "no text in it").status == 0)
            let history = try #require(try held.instances().first?["history"] as? [[String: Any]])
            let step = try #require(history.last)
            #expect(step["action"] as? String == "released-as-it-is")
            #expect(step["by"] as? String == "Ann")
            #expect(step["reason"] as? String == "no text in it")
            #expect((step["time"] as? String)?.hasSuffix("Z") == true)
            #expect((step["evidence"] as? [String])?.contains("findings=0") == true)
            let page = try String(contentsOfFile: held.output + "/report/index.html", encoding: .utf8)
            #expect(page.contains("Released as it is") && page.contains("Ann"))
            #expect(!page.contains("no text in it"), "reasons in words stay on the trusted side")
            for canary in ["HOSP-4711", "Fitzwilliam"] { #expect(!held.run.everything().contains(canary)) }
        }
    }

    @Test(.enabled(if: Place.hasSampleData, "make sample-data"))
    func `text that may stay takes a second person`() throws {
        try Place.temporary { folder in
            let run = SmallRun(folder: folder)
            try FileManager.default.createDirectory(atPath: run.input, withIntermediateDirectories: true)
            try FileManager.default.copyItem(
                atPath: Place.sampleData + "/input/ALI_ZUBEYDEK_AZ-118-6602/TOPO0001", toPath: run.input + "/1")
            let policy = try run.write("policy.yaml", Self.holdAll)
            try #require(try run.clean(["--policy", policy]).status == 3)
            let held = Held(run: run)
            let name = try held.name()
            let first = try held.quarantine(
                "release", name, "--as-is", "--as", "Ann", "--reason", "needed for the project")
            #expect(first.status == 3)
            #expect(first.output.contains("a second person must confirm"))
            #expect(Place.contents(of: run.output + "/released").isEmpty)
            #expect(try held.states() == ["under-review"])
            let same = try held.quarantine("release", name, "--as-is", "--as", "ann", "--reason", "once more")
            #expect(same.status == 2)
            #expect(same.errors.contains("a second person has to confirm"))
            #expect(Place.contents(of: run.output + "/released").isEmpty)
            let second = try held.quarantine("release", name, "--as-is", "--as", "Bob", "--reason", "agreed")
            #expect(second.status == 0, "\(second.output)\(second.errors)")
            #expect(try held.states() == ["released-as-it-is"])
            let evidence = try #require(
                (try held.instances().first?["history"] as? [[String: Any]])?.last?["evidence"] as? [String])
            #expect(evidence.contains("first=Ann"))
            #expect(try held.verifies(), "the text that people let stay is not held against the file")
        }
    }

    @Test func `of two held instances that would become one file the first leaves, and the other stays held`() throws {
        try SmallRun.with([SmallStudy()]) { run in
            let pixels = DataElement(tag: .pixelData, vr: .ob, bytes: (0..<64 * 64).map { UInt8(60 + $0 / 64) })
            try SmallStudy(elements: [pixels]).write(to: run.input + "/again")
            let policy = try run.write("policy.yaml", Self.holdAll)
            try #require(try run.clean(["--policy", policy]).status == 3)
            let held = Held(run: run)
            let released = try held.quarantine("release", try held.name(), "--as", "Ann", "--reason", "no text")
            #expect(released.status == 3)
            #expect(released.output.contains("stays held: duplicate-sop-instance"))
            #expect(try held.states() == ["held", "released-as-it-is"])
            #expect(try held.verifies())
        }
    }

    @Test func `under four-eyes always every release takes a second person who wants the very same`() throws {
        try held([SmallStudy()], policy: Self.holdAll + "quarantine:\n  four-eyes: always\n") { held in
            let name = try held.name()
            func release(by reviewer: String, _ masks: String...) throws -> Finished {
                let boxes = masks.flatMap { ["--mask", $0] }
                return try Shell.run(
                    Place.program,
                    ["quarantine", "release", held.output, name, "--as", reviewer, "--reason", "label"] + boxes)
            }
            func isProposed(_ finished: Finished) -> Bool {
                finished.status == 3 && finished.output.contains("a second person must confirm")
                    && Place.contents(of: held.output + "/released").isEmpty
            }
            #expect(isProposed(try release(by: "Ann", "8,4,20,6")))
            let same = try release(by: "ann", "8,4,20,6")
            #expect(same.status == 2 && same.errors.contains("a second person has to confirm"))
            #expect(isProposed(try release(by: "Bob", "8,4,20,6", "30,40,8,8")), "more than Ann wanted")
            #expect(isProposed(try release(by: "Ann")), "less than Bob wanted")
            #expect(isProposed(try release(by: "Bob", "8,4,20,6", "30,40,8,8")))
            let second = try release(by: "Ann", "30,40,8,8", "8,4,20,6")
            #expect(second.status == 0, "\(second.output)\(second.errors)")
            #expect(try held.states() == ["released-masked"])
            let history = try #require(try held.instances().first?["history"] as? [[String: Any]])
            #expect((history.last?["evidence"] as? [String])?.contains("first=Bob") == true)
            #expect(try held.verifies())
        }
    }

    @Test func `under four-eyes always one person alone can keep something out`() throws {
        try held([SmallStudy()], policy: Self.holdAll + "quarantine:\n  four-eyes: always\n") { held in
            let rejected = try held.quarantine(
                "reject", try held.name(), "--as", "Ann", "--reason", "not of the project")
            #expect(rejected.status == 0, "\(rejected.errors)")
            #expect(try held.states() == ["rejected"])
        }
    }

    @Test func `what is rejected stays out, and its original goes when that is asked for`() throws {
        try held([SmallStudy(), SmallStudy(patientID: "HOSP-2", number: 2)]) { held in
            let names = try held.list().compactMap { $0["name"] as? String }
            #expect(
                try held.quarantine("reject", names[0], "--delete", "--as", "Ann", "--reason", "not of the project")
                    .status == 0)
            #expect(try held.quarantine("send-back", names[1], "--as", "Ann", "--reason", "wrong side").status == 0)
            #expect(try held.states() == ["rejected", "sent-back"])
            #expect(try held.run.decisions() == ["rejected rejected-in-review", "rejected sent-back"])
            let originals = Place.contents(of: held.output + "/quarantine").keys.filter { $0.hasSuffix(".sealed") }
            #expect(originals.count == 1)
            #expect(try held.verifies())
            // Nothing is old enough for the retention time.
            let purged = try held.quarantine("purge", "--as", "Ann")
            #expect(purged.output.hasPrefix("0 originals"))
            let again = try held.run.clean(["--policy", held.run.folder + "/policy.yaml"])
            #expect(again.status == 0, "what was rejected doesn't come back")
            #expect(try held.list().count == 2)
        }
    }

    @Test func `on the trusted side a held series is shown by its real names, and the look is recorded`() throws {
        try held([SmallStudy()]) { held in
            let name = try held.name()
            let plain = try held.quarantine("show", name)
            #expect(plain.status == 0)
            #expect(!plain.output.contains("HOSP-4711"))
            #expect(try held.quarantine("show", name, "--identify").status == 2, "a look needs a name")
            let shown = try held.quarantine("show", name, "--identify", "--as", "Ann")
            #expect(shown.output.contains("HOSP-4711") && shown.output.contains("Fitzwilliam^Ada"), "\(shown.errors)")
            let file = held.run.folder + "/original.dcm"
            #expect(try held.quarantine("show", name, "--export", file, "--as", "Ann").status == 0)
            #expect(
                FileManager.default.contents(atPath: file)
                    == FileManager.default.contents(atPath: held.run.input + "/1"))
            #expect(try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int == 0o600)
            let history = try #require(try held.instances().first?["history"] as? [[String: Any]])
            #expect(history.compactMap { $0["action"] as? String } == ["looked-at", "looked-at"])
            #expect(!held.run.everything().contains("HOSP-4711"))
        }
    }

    @Test func `a key of its own seals quarantine, and the project key alone doesn't open it`() throws {
        try SmallRun.with([SmallStudy()]) { run in
            let key = run.folder + "/quarantine.key"
            #expect(try Shell.quench("keygen", "--quarantine", "--out", key).status == 0)
            let policy = try run.write("policy.yaml", Self.holdAll)
            #expect(try run.clean(["--policy", policy, "--quarantine-key", key]).status == 3)
            let without = try Shell.quench("verify", run.output)
            #expect(without.status == 1)
            #expect(without.output.contains("sealed with another key"))
            #expect(try Shell.quench("verify", run.output, "--quarantine-key", key).status == 0)
            let held = Held(run: run)
            let name = try held.name()
            let refused = try held.quarantine("release", name, "--as", "Ann", "--reason", "fine")
            #expect(refused.status == 1)
            #expect(refused.errors.contains("sealed with another key"))
            #expect(
                try held.quarantine("release", name, "--as", "Ann", "--reason", "fine", "--quarantine-key", key).status
                    == 0)
            #expect(Place.contents(of: run.output + "/released").count == 1)
        }
    }

    @Test func `nothing plain is left when a release is killed, and the next one goes on`() throws {
        try held([SmallStudy()]) { held in
            let name = try held.name()
            let secret = Data("Fitzwilliam".utf8)
            let streams = held.run.folder + "/streams"
            try FileManager.default.createDirectory(atPath: streams, withIntermediateDirectories: true)
            for milliseconds in [100, 300, 500, 700, 900] {
                let process = try Shell.start(
                    Place.program,
                    [
                        "quarantine", "release", held.output, name, "--mask", "8,4,20,6", "--as", "Ann", "--reason",
                        "label",
                    ],
                    folder: streams)
                usleep(UInt32(milliseconds) * 1000)
                if process.isRunning { kill(process.processIdentifier, SIGKILL) }
                process.waitUntilExit()
                for (name, bytes) in Place.contents(of: held.output) {
                    #expect(bytes.range(of: secret) == nil, "\(name)")
                }
            }
            if try held.states() != ["released-masked"] {
                #expect(
                    try held.quarantine("release", name, "--mask", "8,4,20,6", "--as", "Ann", "--reason", "label")
                        .status == 0)
            }
            #expect(Place.contents(of: held.output + "/released").count == 1)
            // A kill between the last event and the reports leaves older reports behind.
            #expect(try Shell.quench("report", held.output).status == 0)
        }
    }

    @Test(arguments: ["born 12.03.1956", "tel 020 7946 0958", "NHS number 943 476 5919"])
    func `a reason that may identify a patient is refused`(reason: String) throws {
        try held([SmallStudy()]) { held in
            let refused = try held.quarantine("reject", try held.name(), "--as", "Ann", "--reason", reason)
            #expect(refused.status == 2)
            #expect(refused.errors.contains("may identify a patient"))
            #expect(try held.states() == ["held"])
        }
    }

    @Test(arguments: [
        ("series", ["quarantined pixel-data-length-mismatch", "quarantined suspect-series"]),
        ("instance", ["quarantined pixel-data-length-mismatch", "released"]),
    ])
    func `one instance that can't be examined holds its series, where policy says so`(
        hold: String, decisions: [String]
    ) throws {
        let one = SmallStudy().studyInstanceUID
        let same = [
            DataElement(tag: .studyInstanceUID, vr: .ui, bytes: Array(one.utf8)),
            DataElement(tag: .seriesInstanceUID, vr: .ui, bytes: Array((one + ".1").utf8)),
        ]
        let short = DataElement(tag: .pixelData, vr: .ob, bytes: [UInt8](repeating: 100, count: 1000))
        try SmallRun.with([SmallStudy(elements: same), SmallStudy(number: 2, elements: same + [short])]) { run in
            let policy = try run.write("policy.yaml", "version: 1\nquarantine:\n  hold: \(hold)\n")
            #expect(try run.clean(["--policy", policy]).status == 3)
            #expect(try run.decisions() == decisions)
        }
    }

    @Test func `originals of what was decided go when the retention time is over`() throws {
        try SmallRun.with([SmallStudy(), SmallStudy(patientID: "HOSP-2", number: 2)]) { run in
            let policy = try run.write("policy.yaml", Self.holdAll + "quarantine:\n  retention-days: 0\n")
            #expect(try run.clean(["--policy", policy]).status == 3)
            let held = Held(run: run)
            #expect(try held.quarantine("reject", try held.name(), "--as", "Ann", "--reason", "not needed").status == 0)
            #expect(try held.quarantine("purge", "--as", "Ann").output.hasPrefix("1 originals deleted"))
            #expect(Place.contents(of: run.output + "/quarantine").keys.count { $0.hasSuffix(".sealed") } == 1)
            #expect(try held.instances().count { $0["originalIsDeleted"] as? Bool == true } == 1)
            #expect(try held.verifies())
        }
    }

    @Test func `a sample is drawn, judged, and its bound stands in the report`() throws {
        try SmallRun.with((1...4).map { SmallStudy(patientID: "HOSP-\($0)", number: $0) }) { run in
            #expect(try run.clean([]).status == 0)
            func sample(_ arguments: String...) throws -> [String: Any] {
                let done = try Shell.run(Place.program, ["sample"] + arguments + ["--json"])
                #expect(done.status == 0, "\(done.errors)")
                return try #require(try JSONSerialization.jsonObject(with: Data(done.output.utf8)) as? [String: Any])
            }
            let first = try sample(run.output, "--size", "3", "--seed", "spring")
            let again = try sample(run.output, "--size", "3", "--seed", "spring")
            let items = try #require(first["items"] as? [[String: Any]])
            #expect(items.count == 3)
            #expect(
                items.compactMap { $0["id"] as? String }
                    == (again["items"] as? [[String: Any]])?.compactMap { $0["id"] as? String })
            #expect(again["upperBound"] == nil)
            let one = try #require(items.first?["id"] as? String)
            _ = try sample("verdict", run.output, one, "--verdict", "clean", "--as", "Ann")
            let all = try sample("verdict", run.output, "rest", "--verdict", "clean", "--as", "Ann")
            // 1 - 0.05^(1/3)
            #expect(abs(try #require(all["upperBound"] as? Double) - 0.63159685) < 1e-6)
            let page = try String(contentsOfFile: run.output + "/report/index.html", encoding: .utf8)
            #expect(page.contains("no more than 63.2 % of the released instances"))
            let target = try sample("status", run.output, "--target", "0.01")
            #expect(target["sampleForTarget"] as? Int == 299)
            #expect(try Shell.quench("verify", run.output).status == 0)
        }
    }

    @Test func `an instance that is cut off holds its Series, and says whose it is to those who may ask`() throws {
        // Two instances of one Series: the same study, another SOP Instance UID.
        let second = SmallStudy(elements: [
            DataElement(tag: .sopInstanceUID, vr: .ui, bytes: Array("1.2.826.0.1.3680043.10.99.1.1.22".utf8))
        ])
        try SmallRun.with([SmallStudy()]) { run in
            try second.write(to: run.input + "/second")
            let length = try #require(FileManager.default.contents(atPath: run.input + "/1")).count
            try #require(truncate(run.input + "/second/1", off_t(length - 500)) == 0)
            let clean = try run.clean([])
            #expect(clean.status == 3, "\(clean.errors)")
            #expect(try run.decisions() == ["quarantined suspect-series", "quarantined truncated"])
            #expect(clean.output.contains("1 series came in: 1 held. Nothing was skipped."), "\(clean.output)")
            let held = Held(run: run)
            #expect(try held.list().count == 1)
            #expect(try held.instances().count == 2)
            let cut = try #require(
                try held.instances().first { ($0["reasons"] as? [String]) == ["truncated"] }?["id"] as? String)
            let shown = try held.quarantine("show", cut, "--identify", "--as", "Ann")
            #expect(shown.output.contains("Patient ID: HOSP-4711"), "\(shown.output)\(shown.errors)")
            let released = try held.quarantine("release", try held.name(), "--as", "Ann", "--reason", "clean")
            #expect(released.status == 3 && released.output.contains("stays held: truncated"), "\(released.output)")
            #expect(Place.contents(of: run.output + "/released").count == 1)
            #expect(try held.verifies())
        }
    }

    @Test func `what is cut off before its header names anybody is told so`() throws {
        try SmallRun.with([SmallStudy()]) { run in
            try #require(truncate(run.input + "/1", 200) == 0)
            let clean = try run.clean([])
            #expect(clean.status == 3, "\(clean.errors)")
            #expect(
                clean.output.contains("1 file came in, and no series could be read from them: 1 held."),
                "\(clean.output)")
            let held = Held(run: run)
            let shown = try held.quarantine("show", try held.name(), "--identify", "--as", "Ann")
            #expect(shown.status == 0 && shown.output.contains("no name or number can be read"), "\(shown.output)")
        }
    }
}
