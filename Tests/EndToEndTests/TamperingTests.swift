import Foundation
import Glibc
import Testing

/// Each kind of tampering, done to a real output, and what `quench verify` says to it.
@Suite(.serialized, .enabled(if: Place.hasPython, "python3")) struct TamperingTests {
    @Test func `an untouched output verifies, with the receipt that was kept and the public key`() throws {
        let run = try Governed.run.get()
        let verified = try Governed.verify(run, "--receipt", run.receipt, "--public-key", run.key + ".pub")
        #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
        #expect(verified.output.contains("no problem"))
    }

    @Test(arguments: [
        (
            "a changed row",
            "database.execute(\"UPDATE event SET time = '2020-01-01T00:00:00.000Z' WHERE sequence = 5\")",
            "event 5 was changed"
        ),
        ("a dropped row", "database.execute('DELETE FROM event WHERE sequence = 5')", "event 5 is missing"),
        (
            "reordered rows",
            """
            for old, new in [(4, 1000), (5, 4), (1000, 5)]:
                database.execute("UPDATE event SET sequence = ? WHERE sequence = ?", (new, old))
            """, "event 4 was changed"
        ),
        (
            "an appended row, chained by somebody who knows how",
            """
            sequence, time, run, previous = database.execute(
                "SELECT sequence, time, run, hash FROM event ORDER BY sequence DESC LIMIT 1").fetchone()
            row = (sequence + 1, time, run, "0" * 24, "received", '{"byteCount":1,"sourceSHA256":"00"}', previous)
            database.execute("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row + (digest(*row),))
            """, "doesn't cover the last 1 events"
        ),
        (
            "a row that was rewritten with all that follow",
            """
            previous = bytes(32)
            for row in database.execute("SELECT * FROM event ORDER BY sequence").fetchall():
                sequence, time, run, instance, kind, payload = row[:6]
                if sequence >= 5:
                    time = time.replace("20", "19", 1)
                new = digest(sequence, time, run, instance, kind, payload, previous)
                database.execute("UPDATE event SET time = ?, previous = ?, hash = ? WHERE sequence = ?",
                                 (time, previous, new, sequence))
                previous = new
            """, "events were rewritten"
        ),
        (
            "a row put in before the first, as those who act would read it",
            """
            database.execute('INSERT INTO event SELECT 0, time, run, instance, kind, payload, previous, hash FROM event '
                             'WHERE sequence = 5')
            """, "event 0 does not follow the one before it"
        ),
        (
            "a kind with something behind a zero byte, so that nothing seems to be held",
            "database.execute(\"UPDATE event SET kind = kind || char(0) || 'x' WHERE kind = 'quarantined'\")",
            "was changed"
        ),
        (
            "a receipt that was dropped",
            "database.execute('DELETE FROM receipt WHERE number = 1')",
            "holds receipts that were changed, put in or dropped"
        ),
        (
            "a picture more",
            "database.execute(\"INSERT INTO picture VALUES ('00', x'00')\")",
            "holds 1 pictures or lists that no event names"
        ),
        (
            "rows that were cut off",
            "database.execute('DELETE FROM event WHERE sequence > 9')", "events from 10 on were cut off"
        ),
    ])
    func `verify finds it in the ledger`(what: String, script: String, sentence: String) throws {
        try Governed.copy { run in
            #expect(try Governed.tamper(run, script).status == 0)
            let verified = try Governed.verify(run)
            #expect(verified.status == 1, "\(what)")
            #expect(verified.output.contains(sentence), "\(what): \(verified.output)\(verified.errors)")
        }
    }

    @Test(arguments: [
        "CREATE TABLE notes (text TEXT)", "CREATE VIEW event_view AS SELECT * FROM event",
        "CREATE TRIGGER after_event AFTER INSERT ON event BEGIN SELECT 1; END",
        "CREATE INDEX by_time ON event (time)", "ALTER TABLE picture ADD COLUMN note TEXT",
    ])
    func `verify finds what stands in the ledger's database and isn't a ledger's`(statement: String) throws {
        try Governed.copy { run in
            let script = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute(sys.argv[2])"
            let changed = try Shell.run("/usr/bin/python3", ["-c", script, run.output + "/ledger.sqlite", statement])
            #expect(changed.status == 0, "\(changed.errors)")
            let verified = try Governed.verify(run)
            #expect(verified.status == 1)
            #expect(
                verified.output.contains("ledger: holds 1 tables, indices, triggers or views"), "\(verified.output)")
        }
    }

    @Test func `verify finds a trigger that is gone`() throws {
        try Governed.copy { run in
            #expect(try Governed.tamper(run, "").status == 0)
            let verified = try Governed.verify(run)
            #expect(verified.status == 1)
            #expect(verified.output.contains("ledger: lacks 7 of its tables or triggers"), "\(verified.output)")
        }
    }

    @Test func `verify finds what lies at the top of the output and isn't Quench's, and doesn't repeat its name`()
        throws
    {
        func put(_ path: String) throws { try Data("x".utf8).write(to: URL(fileURLWithPath: path)) }
        let ways: [(String) throws -> Void] = [
            { try put($0 + "/Fitzwilliam.dcm") }, { try put($0 + "/.hidden") }, { try put($0 + "/review") },
            { try FileManager.default.createDirectory(atPath: $0 + "/released-2", withIntermediateDirectories: true) },
            { try FileManager.default.createSymbolicLink(atPath: $0 + "/work", withDestinationPath: "/tmp") },
        ]
        for way in ways {
            try Governed.copy { run in
                try way(run.output)
                let verified = try Governed.verify(run)
                #expect(verified.status == 1)
                #expect(verified.output.contains("output: holds something besides ledger.*"), "\(verified.output)")
                #expect(!verified.output.contains("Fitzwilliam"))
            }
        }
    }

    @Test func `verify finds what a killed run left in work, and the next run removes it`() throws {
        try Governed.copy { run in
            try FileManager.default.createDirectory(atPath: run.output + "/work", withIntermediateDirectories: true)
            let verified = try Governed.verify(run)
            #expect(verified.status == 1)
            #expect(verified.output.contains("work/: was left by a run that was killed"))
            #expect(try Governed.clean(run).status == 3)
            #expect(try Governed.verify(run).status == 0)
        }
    }

    @Test func `verify finds a changed, a missing and an additional released file, and reports that don't match`()
        throws
    {
        try Governed.copy { run in
            let released = Place.contents(of: run.output + "/released").keys.sorted()
            try #require(released.count == 2)
            try append(Data([0]), to: run.output + "/released/" + released[0])
            try FileManager.default.removeItem(atPath: run.output + "/released/" + released[1])
            try Data([1]).write(to: URL(fileURLWithPath: run.output + "/released/additional"))
            try append(Data("x".utf8), to: run.output + "/report/instances.csv")
            try FileManager.default.removeItem(atPath: run.output + "/report/index.html")
            let verified = try Governed.verify(run)
            #expect(verified.status == 1)
            for sentence in [
                "released/\(released[0]): was changed after its release", "released/\(released[1]): is missing",
                "released/: holds a file that the ledger doesn't know",
                "report/instances.csv: doesn't match the ledger", "report/index.html: doesn't match the ledger",
            ] {
                #expect(verified.output.contains(sentence))
            }
            #expect(!verified.output.contains("report/series.csv"))
        }
    }

    @Test func `verify finds what was done to each file of an output in turn`() throws {
        let made = try Governed.run.get()
        // A lock and what SQLite scribbles hold nothing that counts.
        let files = Place.contents(of: made.output).keys.filter { !$0.hasPrefix("ledger.") || $0 == "ledger.sqlite" }
        try #require(files.count > 10)
        for file in files.sorted() {
            for isLink in [false, true] where !isLink || file != "ledger.sqlite" {
                try Governed.copy { run in
                    let path = run.output + "/" + file
                    if isLink {
                        try FileManager.default.moveItem(atPath: path, toPath: run.folder + "/elsewhere")
                        try FileManager.default.createSymbolicLink(
                            atPath: path, withDestinationPath: run.folder + "/elsewhere")
                    } else {
                        try append(Data([0]), to: path)
                    }
                    #expect(try Governed.verify(run).status == 1, "\(file)\(isLink ? " as a link" : "")")
                }
            }
        }
    }

    @Test func `verify finds what was put beside a report and beside the reviewers`() throws {
        for folder in ["report", "review"] {
            try Governed.copy { run in
                try FileManager.default.createDirectory(
                    atPath: run.output + "/" + folder, withIntermediateDirectories: true)
                try Data("x".utf8).write(to: URL(fileURLWithPath: run.output + "/\(folder)/series-2.csv"))
                let verified = try Governed.verify(run)
                #expect(verified.status == 1)
                #expect(verified.output.contains("\(folder)/: holds something that Quench didn't put there"))
            }
        }
    }

    @Test func `verify finds more among the reviewers than was written there`() throws {
        try SmallRun.with([SmallStudy()]) { run in
            try #require(try run.clean([]).status == 0)
            let password = try run.write("password", "seven quiet harbours\n")
            try #require(
                try Shell.quench("reviewer", "add", run.output, "Ann", "--password-file", password).status == 0)
            #expect(try Shell.quench("verify", run.output).status == 0)
            let path = run.output + "/review/reviewers.json"
            let text = try String(contentsOfFile: path, encoding: .utf8)
            for more in ["{ \"note\" : 1,", "{ "] {
                try text.replacingOccurrences(of: "{\n", with: more + "\n")
                    .write(toFile: path, atomically: false, encoding: .utf8)
                let verified = try Shell.quench("verify", run.output)
                #expect(verified.status == 1)
                #expect(verified.output.contains("review/reviewers.json: isn't as `quench reviewer` wrote it"))
            }
        }
    }

    @Test func `verify finds an original in quarantine that was changed, and one that is gone`() throws {
        for isGone in [false, true] {
            try Governed.copy { run in
                let held = try #require(
                    Place.contents(of: run.output + "/quarantine").keys.first { $0.hasSuffix("original.sealed") })
                let path = run.output + "/quarantine/" + held
                if isGone { try FileManager.default.removeItem(atPath: path) } else { try append(Data([0]), to: path) }
                let verified = try Governed.verify(run)
                #expect(verified.status == 1)
                #expect(verified.output.contains("its original in quarantine is missing or changed"))
            }
        }
    }

    @Test func `verify finds a picture of the report that was changed, and says all else that it finds`() throws {
        try Governed.copy { run in
            let text = "version: 1\nrules:\n  - name: all\n    when: always\n    mask: [[1, 1, 5, 5]]\n"
            let policy = run.folder + "/masking.yaml"
            try Data(text.utf8).write(to: URL(fileURLWithPath: policy))
            try FileManager.default.removeItem(atPath: run.output)
            #expect(try Governed.clean(run, ["--policy", policy]).status == 3)
            #expect(try Governed.verify(run).status == 0)
            #expect(try Governed.tamper(run, "database.execute(\"UPDATE picture SET png = x'00'\")").status == 0)
            try FileManager.default.removeItem(atPath: run.output + "/report/receipt.json")
            let verified = try Governed.verify(run)
            #expect(verified.status == 1)
            #expect(verified.output.contains(/ledger: a (picture|list) of the report was changed/))
            #expect(verified.output.contains("report/receipt.json: is missing"))
        }
    }

    @Test func `verify finds what was changed or put beside an original in quarantine`() throws {
        for name in ["reasons.json", "note.txt"] {
            try Governed.copy { run in
                let held = try #require(
                    Place.contents(of: run.output + "/quarantine").keys.first { $0.hasSuffix("reasons.json") })
                let folder = run.output + "/quarantine/" + held.dropLast("reasons.json".count)
                let file = folder + name
                let before = FileManager.default.contents(atPath: file) ?? Data()
                try (before + Data(" ".utf8)).write(to: URL(fileURLWithPath: file))
                let verified = try Governed.verify(run)
                #expect(verified.status == 1)
                #expect(verified.output.contains("not as the ledger has it"), "\(name): \(verified.output)")
            }
        }
    }

    @Test func `verify finds a receipt with something more in it`() throws {
        for (text, more) in [("}\n", "}\n\n"), ("{\n", "{\n  \"aNote\" : \"x\",\n")] {
            try Governed.copy { run in
                let path = run.output + "/report/receipt.json"
                let receipt = try String(contentsOfFile: path, encoding: .utf8)
                try Data(receipt.replacing(text, with: more).utf8).write(to: URL(fileURLWithPath: path))
                let verified = try Governed.verify(run)
                #expect(verified.status == 1)
                #expect(verified.output.contains("report/receipt.json: holds something besides the receipt"))
            }
        }
    }

    @Test func `verify finds what was put in the place of an original that was deleted`() throws {
        try Governed.copy { run in
            let held = try #require(
                FileManager.default.contentsOfDirectory(atPath: run.output + "/quarantine").first)
            let rejected = try Shell.quench(
                "quarantine", "reject", run.output, held, "--as", "Ann", "--reason", "not needed", "--delete",
                "--signing-key", run.key)
            #expect(rejected.status == 0, "\(rejected.errors)")
            #expect(try Governed.verify(run).status == 0)
            let folder = run.output + "/quarantine/" + held
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data("x".utf8).write(to: URL(fileURLWithPath: folder + "/plain.dcm"))
            let verified = try Governed.verify(run)
            #expect(verified.status == 1)
            #expect(verified.output.contains("\(held): its original was deleted, and something else lies in its place"))
        }
    }

    @Test func `verify finds a folder below released that no release needs, and doesn't repeat its name`() throws {
        let made = try Governed.run.get()
        let patient = try #require(
            FileManager.default.contentsOfDirectory(atPath: made.output + "/released").first)
        for place in ["", patient + "/"] {
            try Governed.copy { run in
                try FileManager.default.createDirectory(
                    atPath: run.output + "/released/\(place)Fitzwilliam Ada", withIntermediateDirectories: true)
                let verified = try Governed.verify(run)
                #expect(verified.status == 1)
                #expect(verified.output.contains("released/: holds a folder that the ledger doesn't know"))
                #expect(!verified.output.contains("Fitzwilliam"))
            }
        }
    }

    @Test func `verify doesn't wait for a pipe in the place of a file`() throws {
        let made = try Governed.run.get()
        func first(_ folder: String, _ name: String) throws -> String {
            try #require(
                FileManager.default.subpathsOfDirectory(atPath: made.output + folder).sorted().first {
                    $0.hasSuffix(name)
                })
        }
        for path in [
            "/released/" + (try first("/released", ".dcm")), "/quarantine/" + (try first("/quarantine", ".sealed")),
        ] {
            try Governed.copy { run in
                try FileManager.default.removeItem(atPath: run.output + path)
                #expect(mkfifo(run.output + path, 0o600) == 0)
                #expect(try Governed.verify(run).status == 1)
            }
        }
    }

    @Test(arguments: ["ledger.sqlite", "report", "released", "quarantine"])
    func `verify finds a link in the place of`(name: String) throws {
        try Governed.copy { run in
            let path = run.output + "/" + name
            try FileManager.default.moveItem(atPath: path, toPath: run.folder + "/elsewhere")
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: run.folder + "/elsewhere")
            let verified = try Governed.verify(run)
            #expect(verified.status == 1)
            #expect(verified.output.contains("\(name)\(name == "ledger.sqlite" ? "" : "/"): is a link"))
        }
    }

    @Test(arguments: ["ledger.sqlite", "quarantine"], [0o640, 0o722])
    func `verify finds what others may read or write`(name: String, mode: Int) throws {
        try Governed.copy { run in
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: run.output + "/" + name)
            let verified = try Governed.verify(run)
            #expect(verified.status == 1)
            #expect(verified.output.contains("is open to others than its owner: run `chmod go=` on it"))
        }
    }

    @Test func `a ledger that was rolled back, with everything that belongs to it, is behind the receipt`() throws {
        try Governed.copy { run in
            let older = run.folder + "/older"
            try FileManager.default.copyItem(atPath: run.output, toPath: older)
            try SmallStudy(patientID: "HOSP-9", number: 9).write(to: run.folder + "/input")
            #expect(try Governed.clean(run).status == 3)
            #expect(try Governed.verify(run, "--receipt", run.receipt).status == 0)
            try FileManager.default.removeItem(atPath: run.output)
            try FileManager.default.moveItem(atPath: older, toPath: run.output)
            #expect(try Governed.verify(run).status == 0, "by itself it can't be told")
            let verified = try Governed.verify(run, "--receipt", run.receipt)
            #expect(verified.status == 1)
            #expect(verified.output.contains("it was rolled back"))
        }
    }

    @Test func `a receipt that somebody else made doesn't pass for the signer's`() throws {
        try Governed.copy { run in
            let other = run.folder + "/other.key"
            #expect(try Shell.quench("keygen", "--signing", "--out", other).status == 0)
            let clean = try Shell.run(
                Place.program,
                ["clean", run.folder + "/input", "--output", run.output, "--workers", "1", "--signing-key", other])
            #expect(clean.status == 3)
            #expect(try Governed.verify(run).status == 0)
            for evidence in [["--public-key", run.key + ".pub"], ["--receipt", run.receipt]] {
                let verified = try Governed.verify(run, evidence[0], evidence[1])
                #expect(verified.status == 1)
                #expect(verified.output.contains("report/receipt.json: is signed with another key"))
            }
        }
    }

    @Test func `what would put a receipt without a signature in the place of a signed one is refused`() throws {
        try Governed.copy { run in
            let before = FileManager.default.contents(atPath: run.output + "/report/receipt.json")
            let held = try #require(
                FileManager.default.contentsOfDirectory(atPath: run.output + "/quarantine").first)
            let password = run.folder + "/password"
            try Data("seven quiet harbours\n".utf8).write(to: URL(fileURLWithPath: password))
            for arguments in [
                ["reviewer", "add", run.output, "Eve", "--password-file", password],
                ["quarantine", "reject", run.output, held, "--as", "Ann", "--reason", "not needed"],
                ["sample", run.output, "--size", "1"], ["clean", run.folder + "/input", "--output", run.output],
            ] {
                let refused = try Shell.run(Place.program, arguments)
                #expect(refused.status != 0)
                #expect(refused.errors.contains("no --signing-key was given"), "\(refused.errors)")
            }
            #expect(FileManager.default.contents(atPath: run.output + "/report/receipt.json") == before)
            #expect(try Shell.quench("dicomdir", run.output).status == 0)
            #expect(try Governed.verify(run).status == 0)
        }
    }

    @Test func `what looks at an output makes no key, and a named one that isn't there is an error`() throws {
        try Governed.copy { run in
            let home = run.folder + "/home"
            for arguments in [["quarantine", "list", run.output], ["verify", run.output, "--workers", "1"]] {
                let looked = try Shell.run("/usr/bin/env", ["XDG_CONFIG_HOME=" + home, Place.program] + arguments)
                #expect(!looked.errors.contains("made a project key"), "\(looked.errors)")
                #expect(!FileManager.default.fileExists(atPath: home + "/quench/project.key"))
            }
            let missing = try Shell.quench("quarantine", "list", run.output, "--key", home + "/none")
            #expect(missing.errors.contains("the key file can't be opened"), "\(missing.errors)")
        }
    }

    @Test func `a signing key that others can read is refused before anything is done`() throws {
        try Governed.copy { run in
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: run.key)
            let refused = try Governed.clean(run)
            #expect(refused.status == 1)
            #expect(refused.errors.contains("chmod 600"))
        }
    }

    private func append(_ data: Data, to path: String) throws {
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try file.seekToEnd()
        try file.write(contentsOf: data)
        try file.close()
    }
}
