import Foundation
import Glibc

/// A signed output of three small studies, one of them cut off and so held, made once for all tests that tamper with copies.
enum Governed {
    static let run = Result { try make() }

    struct Run {
        var folder: String
        var output: String { folder + "/output" }
        var key: String { folder + "/signing.key" }
        var receipt: String { folder + "/kept.json" }
    }

    private static func make() throws -> Run {
        let run = Run(folder: try Place.make())
        guard try Shell.quench("keygen", "--signing", "--out", run.key).status == 0 else { throw Failed() }
        for number in 1...3 {
            let study = SmallStudy(patientID: "HOSP-\(number)", patientName: "Fitzwilliam^Ada\(number)", number: number)
            try study.write(to: run.folder + "/input")
        }
        let cut = run.folder + "/input/3"
        guard truncate(cut, 2000) == 0 else { throw Failed() }
        let clean = try clean(run)
        guard clean.status == 3 else { throw Failed(what: clean.errors) }
        return run
    }

    struct Failed: Error {
        var what = ""
    }

    /// Another run on the same output.
    static func clean(_ run: Run, _ arguments: [String] = []) throws -> Finished {
        try Shell.run(
            Place.program,
            [
                "clean", run.folder + "/input", "--output", run.output, "--workers", "1", "--signing-key", run.key,
                "--receipt", run.receipt,
            ] + arguments)
    }

    /// Runs `body` with a copy of the whole.
    static func copy<Value>(_ body: (Run) throws -> Value) throws -> Value {
        let original = try run.get()
        return try Place.temporary { folder in
            let copy = Run(folder: folder + "/copy")
            try FileManager.default.copyItem(atPath: original.folder, toPath: copy.folder)
            return try body(copy)
        }
    }

    static func verify(_ run: Run, _ arguments: String...) throws -> Finished {
        try Shell.run(Place.program, ["verify", run.output, "--workers", "1"] + arguments)
    }

    /// Runs Python on the ledger as anybody could who has the file: `database` is open, its triggers are gone.
    static func tamper(_ run: Run, _ script: String) throws -> Finished {
        let frame = """
            import hashlib, sqlite3, sys
            database = sqlite3.connect(sys.argv[1])
            for name, in database.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
                database.execute(f"DROP TRIGGER {name}")
            def size(field):
                return len(field).to_bytes(8, "big") + field
            def digest(sequence, time, run, instance, kind, payload, previous):
                text = b"quench-ledger-event-1" + size(previous) + sequence.to_bytes(8, "big")
                text += size(time.encode()) + size(run.encode())
                text += b"\\0" if instance is None else b"\\1" + size(instance.encode())
                return hashlib.sha256(text + size(kind.encode()) + size(payload.encode())).digest()
            \(script)
            database.commit()
            """
        return try Shell.run("/usr/bin/python3", ["-c", frame, run.output + "/ledger.sqlite"])
    }
}
