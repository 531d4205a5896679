import DICOMFile
import DICOMModel
import Foundation
import Testing

/// `quench clean` with lists of studies and of patients, and the link table.
@Suite struct CohortRunTests {
    private let two = [
        SmallStudy(),
        SmallStudy(patientID: "HOSP-4712", patientName: "Obrian^Cyril", accessionNumber: "ACC100002", number: 2),
    ]

    @Test func `a cohort list sets subject, session and project, and holds others back`() throws {
        try SmallRun.with(two) { run in
            let list = try run.write("cohort.csv", "Session,Accession Number,Subject\r\nS1_CT1,|ACC100001|,S1\r\n")
            let scanned = try Shell.quench("scan", run.input, "--cohort", list, "--project", "LUNG")
            #expect(scanned.status == 3 && scanned.output.contains("outside-cohort"))
            let finished = try run.clean(["--cohort", list, "--project", "LUNG"])
            #expect(finished.status == 3)
            #expect(try run.decisions() == ["quarantined outside-cohort", "released"])
            let released = try #require(try run.released().first)
            #expect(released.string(.patientName) == "S1")
            #expect(released.string(.patientID) == "S1_CT1")
            #expect(released.string(Tag(0x0008, 0x1030)) == "LUNG")
            #expect(released.string(Tag(0x0010, 0x4000)) == "Project:LUNG Subject:S1 Session:S1_CT1")
            let everything = run.everything() + finished.output + finished.errors
            for value in ["ACC100001", "HOSP-4711", "Fitzwilliam", "Obrian"] { #expect(!everything.contains(value)) }
        }
    }

    @Test func `a study that names two patients is held, unless the policy has issuers of Patient IDs ignored`() throws
    {
        let issuer = DataElement(tag: Tag(0x0010, 0x0021), vr: .lo, ascii: "RQX")
        let derived = [
            DataElement(tag: .sopInstanceUID, vr: .ui, ascii: "1.2.826.0.1.3680043.10.99.1.2.1"),
            DataElement(tag: .studyInstanceUID, vr: .ui, ascii: "1.2.826.0.1.3680043.10.99.1"),
            DataElement(tag: .seriesInstanceUID, vr: .ui, ascii: "1.2.826.0.1.3680043.10.99.1.2"),
        ]
        let studies = [SmallStudy(elements: [issuer]), SmallStudy(number: 2, elements: derived), SmallStudy(number: 3)]
        try SmallRun.with(studies) { run in
            let finished = try run.clean([])
            #expect(finished.status == 3)
            #expect(
                try run.decisions() == [
                    "quarantined study-of-two-patients", "quarantined study-of-two-patients", "released",
                ])
        }
        try SmallRun.with(studies) { run in
            let policy = try run.write(
                "site.yaml", "version: 1\nidentifiers:\n  issuer-of-patient-id: ignored\n")
            #expect(try run.clean(["--policy", policy]).status == 0)
            let patients = try run.released().map { $0.string(.patientID) }
            #expect(patients.count == 3 && Set(patients).count == 1)
        }
    }

    @Test func `a report of one project is about its studies alone`() throws {
        try SmallRun.with(two) { run in
            let list = try run.write(
                "cohort.csv",
                "Project,Session,Accession Number,Subject\nLUNG,S1_CT1,|ACC100001|,S1\nBONE,S2_CT1,|ACC100002|,S2\n")
            let finished = try run.clean(["--cohort", list])
            #expect(finished.status == 0, "\(finished.errors)")
            let audit = run.folder + "/audit"
            #expect(
                try Shell.quench("report", run.output, "--project", "LUNG").status == 2, "not in the place of the whole"
            )
            #expect(try Shell.quench("report", run.output, "--project", "LUNG", "--to", audit).status == 0)
            let table = try String(contentsOfFile: audit + "/instances.csv", encoding: .utf8)
            #expect(table.split(separator: "\n").count == 2)
            #expect(try String(contentsOfFile: audit + "/index.html", encoding: .utf8).contains("only project LUNG"))
            let other = try Shell.quench("report", run.output, "--project", "HEART", "--to", audit)
            #expect(other.status != 0 && other.errors.contains("nothing in this output belongs to that project"))
        }
    }

    @Test func `a study outside the cohort is rejected where policy says so`() throws {
        try SmallRun.with(two) { run in
            let list = try run.write("cohort.csv", "HOSP-4712,2024-03-05,S2,S2_CT1\n")
            let policy = try run.write("site.yaml", "version: 1\ncohort:\n  outside: reject\n")
            #expect(try run.clean(["--cohort", list, "--policy", policy]).status == 0)
            #expect(try run.decisions() == ["rejected outside-cohort", "released"])
            #expect(try run.released().first?.string(.patientName) == "S2")
        }
    }

    @Test func `an output is bound to its cohort list, whose digest is keyed`() throws {
        try SmallRun.with([SmallStudy()]) { run in
            let list = try run.write("cohort.csv", "ACC100001,S1,S1_CT1\n")
            #expect(try run.clean(["--cohort", list]).status == 0)
            let other = try run.write("other.csv", "ACC100001,S1,S1_CT2\n")
            let refused = try run.clean(["--cohort", other])
            #expect(refused.status == 1)
            #expect(refused.errors.contains("another cohort list"))
            let digest = try Shell.run("/usr/bin/sha256sum", [list]).output.prefix(64)
            #expect(!run.everything().contains(digest), "short lists could be guessed from it")
        }
    }

    @Test func `a list with a mistake is refused with its line and no value`() throws {
        try SmallRun.with([SmallStudy()]) { run in
            let list = try run.write("cohort.csv", "ACC100001,S1,S1_CT1\nACC100009,S2,S2_CT1\nACC100001,S3,S3_CT1\n")
            let refused = try run.clean(["--cohort", list])
            #expect(refused.status == 2)
            #expect(refused.errors.contains("line 3: contradicts line 1"))
            #expect(!refused.errors.contains("ACC1"))
        }
    }

    // 943 476 5919 is the NHS Data Dictionary's own example; the check digit of 485 777 3457 is right as well.
    @Test func `patients who opted out are rejected and named nowhere`() throws {
        let other = DataElement(
            tag: Tag(0x0010, 0x1002),
            items: [DataSet(elements: [DataElement(tag: .patientID, vr: .lo, ascii: "485 777 3457")])])
        let studies = [
            SmallStudy(patientID: "943-476-5919"),
            SmallStudy(patientID: "HOSP-4712", accessionNumber: "ACC100002", number: 2, elements: [other]),
            SmallStudy(patientID: "HOSP-4713", accessionNumber: "ACC100003", number: 3),
        ]
        try SmallRun.with(studies) { run in
            let list = try run.write("optout.csv", "NHS Number\n485 777 3457\n")
            let finished = try run.clean(["--opt-out", list])
            #expect(finished.status == 3)
            #expect(try run.decisions() == ["quarantined no-nhs-number", "rejected opted-out", "released"])
            let table = try String(contentsOfFile: run.output + "/report/instances.csv", encoding: .utf8)
            let row = try #require(table.split(separator: "\n").first { $0.contains("opted-out") })
            #expect(!row.contains("QP-") && !row.contains("2.25."), "not even a pseudonym")
        }
    }

    @Test func `an empty list, as after an export that failed, lets nobody through`() throws {
        try SmallRun.with([SmallStudy(patientID: "9434765919")]) { run in
            for option in ["--opt-out", "--allow-list"] {
                let refused = try run.clean([option, try run.write("list.csv", " \n")])
                #expect(refused.status == 2)
                #expect(refused.errors.contains("list is empty"))
            }
            #expect(try run.clean(["--opt-out", try run.write("list.csv", "NHS Number\n")]).status == 0)
        }
    }

    @Test func `with an allow list everybody else is kept out`() throws {
        let studies = [
            SmallStudy(patientID: "9434765919"),
            SmallStudy(patientID: "4857773457", accessionNumber: "ACC100002", number: 2),
            SmallStudy(patientID: "HOSP-4713", accessionNumber: "ACC100003", number: 3),
        ]
        try SmallRun.with(studies) { run in
            let list = try run.write("allow.csv", "9434765919\n")
            let policy = try run.write("site.yaml", "version: 1\nconsent:\n  without-number: reject\n")
            #expect(try run.clean(["--allow-list", list, "--policy", policy]).status == 0)
            #expect(try run.decisions() == ["rejected no-nhs-number", "rejected opted-out", "released"])
        }
    }

    @Test func `accession numbers derive from the key, and ages from 90 are capped, where policy says so`() throws {
        try SmallRun.with([SmallStudy()]) { run in
            let policy = try run.write("site.yaml", "version: 1\nidentifiers:\n  accession-number: pseudonym\n")
            #expect(try run.clean(["--policy", policy]).status == 0)
            let number = try #require(try run.released().first?.string(.accessionNumber))
            #expect(number.hasPrefix("QA") && number.utf8.count == 16)
            let again = SmallRun(folder: run.folder + "/again")
            try SmallStudy(number: 5).write(to: again.input)
            #expect(try again.clean(["--policy", policy]).status == 0)
            #expect(try again.released().first?.string(.accessionNumber) == number, "the same in another run")
        }
    }

    @Test func `the link table is sealed, for its owner alone, and opens only with its key`() throws {
        try SmallRun.with(two) { run in
            let key = run.folder + "/link.key"
            let other = run.folder + "/other.key"
            let table = run.folder + "/links"
            #expect(try Shell.quench("keygen", "--out", key).status == 0)
            #expect(try Shell.quench("keygen", "--out", other).status == 0)
            let cohort = try run.write("cohort.csv", "ACC100001,S1,S1_CT1\n")
            #expect(try run.clean(["--link-table", table, "--link-key", key, "--cohort", cohort]).status == 3)
            let attributes = try FileManager.default.attributesOfItem(atPath: table)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            let sealed = try #require(FileManager.default.contents(atPath: table))
            #expect(!String(decoding: sealed, as: UTF8.self).contains("Fitzwilliam"))
            let shown = try Shell.quench("link-table", "show", table, "--link-key", key)
            #expect(shown.status == 0)
            let rows = shown.output.split(separator: "\n")
            #expect(rows.count == 2, "of the study that was held nothing is in it")
            #expect(
                rows[1].hasPrefix(
                    "HOSP-4711,,Fitzwilliam^Ada,19300102,ACC100001,20240305,1.2.826.0.1.3680043.10.99.1,QP-"))
            #expect(rows[1].contains(",S1_CT1,S1,"))
            let refused = try Shell.quench("link-table", "show", table, "--link-key", other)
            #expect(refused.status == 1 && refused.output.isEmpty)
            // A second run leaves it as it is.
            #expect(try run.clean(["--link-table", table, "--link-key", key, "--cohort", cohort]).status == 3)
            #expect(FileManager.default.contents(atPath: table) == sealed)
            let later = SmallRun(folder: run.folder + "/later")
            try SmallStudy(patientID: "HOSP-4713", accessionNumber: "ACC100003", number: 3).write(to: later.input)
            #expect(try later.clean(["--link-table", table, "--link-key", key]).status == 0)
            let both = try Shell.quench("link-table", "show", table, "--link-key", key)
            #expect(both.output.split(separator: "\n").count == 3, "a later run adds to it")
            var changed = sealed
            changed[changed.count / 2] ^= 1
            try changed.write(to: URL(fileURLWithPath: table))
            #expect(try Shell.quench("link-table", "show", table, "--link-key", key).status == 1)
        }
    }

    @Test func `a link table in the output, or under the project key, is refused`() throws {
        try SmallRun.with([SmallStudy()]) { run in
            let key = run.folder + "/project.key"
            let link = run.folder + "/link.key"
            for path in [key, link] { #expect(try Shell.quench("keygen", "--out", path).status == 0) }
            let inside = try run.clean(["--key", key, "--link-table", run.output + "/links", "--link-key", link])
            #expect(inside.status == 2 && inside.errors.contains("must not lie in the output"))
            let same = try run.clean(["--key", key, "--link-table", run.folder + "/links", "--link-key", key])
            #expect(same.status == 2 && same.errors.contains("quench keygen"))
        }
    }

    @Test func `a key is made for its owner alone, never twice, and not used when others can read it`() throws {
        try SmallRun.with([SmallStudy()]) { run in
            let key = run.folder + "/project.key"
            #expect(try Shell.quench("keygen", "--out", key).status == 0)
            let mode = try FileManager.default.attributesOfItem(atPath: key)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            let before = FileManager.default.contents(atPath: key)
            let again = try Shell.quench("keygen", "--out", key)
            #expect(again.status == 1 && again.errors.contains("there is a key file already"))
            #expect(FileManager.default.contents(atPath: key) == before)
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: key)
            let refused = try run.clean(["--key", key])
            #expect(refused.status == 1 && refused.errors.contains("chmod 600"))
        }
    }
}
