import DICOMFile
import DICOMModel
import HeaderDeidentification
import Testing

/// One test and more for each function. Expected values are those of Java's classes, of the tests of NrgXnat dicom-edit6,
/// or made by hand.
struct ScriptFunctionTests {
    private let age = Tag(0x0010, 0x1010)
    private let birthDate = Tag(0x0010, 0x0030)
    private let referenced = Tag(0x0008, 0x1140)
    private let instance = Tag(0x0008, 0x1155)

    // MARK: - Texts

    @Test(arguments: [
        (#"concatenate["a", (0010,0020), 12, project, {1}]"#, nil),
        (#"concatenate["a", (0010,0020), 12, project]"#, "aID-471112PROJ"),
        (#"concatenate[]"#, ""),
        (#"lowercase[(0010,0020)]"#, "id-4711"),
        (#"lowercase["ÄBC"]"#, nil),
        (#"uppercase["abc"]"#, "ABC"),
        (#"uppercase[lowercase["AbC"]]"#, "ABC"),
        (#"replace[(0010,0020), "4711", "0815"]"#, "ID-0815"),
        (#"replace["aaa", "aa", "b"]"#, "ba"),
        (#"replace["abc", "", "-"]"#, "-a-b-c-"),
        (#"replace["a.c", ".", "b"]"#, "abc"),
        (#"substring[(0010,0020), 0, 2]"#, "ID"),
        (#"substring["abc", "3", 3]"#, ""),
        (#"match[(0010,0010), "([^^]*)\\^(.*)", 2]"#, "Quuxina"),
        (#"match["a1b22", "[0-9]+", 0]"#, "1"),
        (#"normalizeString["plain"]"#, "plain"),
        (#"urlEncode["a b&c/d.e-f*g_h~"]"#, "a+b%26c%2Fd.e-f*g_h%7E"),
        (#"format["{0}-{1}-{0}", "x", (0010,0020)]"#, "x-ID-4711-x"),
        (#"format["it''s '{0}' {0}", "x"]"#, "it's {0} x"),
        (#"format["{2}", "x"]"#, "{2}"),
        (#"format["{1}{0}", {"a", "b"}]"#, "ba"),
        (#"default[(0010,0020), "none"]"#, "ID-4711"),
        (#"default[(0010,1005), "none"]"#, "none"),
        (#"default["", "none"]"#, "none"),
        (#"default[lookup["pid", "nobody"], "none"]"#, "none"),
        (#"lookup["pid", (0010,0020)]"#, "SUBJ-1"),
        (#""say ""hi"" \\1""#, "say \"hi\" \\1"),
    ])
    func `functions on texts give what Java's give`(expression: String, value: String?) throws {
        guard let value else {
            #expect(Bench.failure("(0040,A160) := " + expression) != nil)
            return
        }
        #expect(try Bench.value(expression) == value)
    }

    @Test func `normalizeString replaces each character beyond ASCII by one`() throws {
        let set = ScriptContext(variables: ["v": Sensitive("Zoë\u{1F600}x")])
        for (call, expected) in [("normalizeString[v]", "Zo__x"), ("normalizeString[v, \"\"]", "Zox")] {
            let result = try Bench.run("(0010,0010) := \(call)", Bench.dataSet(Bench.name), context: set)
            #expect(result.dataSet.string(.patientName) == expected)
        }
    }

    @Test func `what is absent makes functions of Java fail, and the object with them`() {
        for call in ["concatenate[\"a\", (0010,1005)]", "lowercase[(0010,1005)]", "replace[(0010,1005), \"a\", \"b\"]"]
        {
            #expect(Bench.failure("(0040,A160) := " + call) == "script-failed")
        }
        #expect(Bench.failure("(0040,A160) := substring[(0010,0020), 0, 99]") == "script-failed")
        #expect(Bench.failure("(0040,A160) := match[(0010,0020), \"(I)\", 2]") == "script-failed")
    }

    @Test func `a tolerant run leaves an absent value out of concatenate`() throws {
        let result = try Bench.run(
            "(0010,0020) := concatenate[\"a\", (0010,1005), \"b\"]", Bench.dataSet(Bench.id), tolerance: .tolerant)
        #expect(result.dataSet.string(.patientID) == "ab")
        #expect(result.warnings.map(\.rule.name) == ["absent-value"])
    }

    @Test func `a text for a sequence fails, and an empty one empties it`() throws {
        let creator = privateElement("00090010", "ACME")
        let own = Bench.sequence(tag("00091002"), [Bench.name])
        let sequence = Bench.sequence(referenced, [Bench.name])
        #expect(Bench.failure("(0008,1140) := (0010,0020)", sequence) == "script-refused")
        #expect(Bench.failure("(0009,{ACME}02) := \"none\"", creator, own) == "script-failed")
        let emptied = try Bench.run("(0008,1140) := \"\"", Bench.dataSet(sequence)).dataSet
        #expect(emptied.contains(referenced) && emptied.items(referenced).isEmpty)
    }

    @Test func `a lookup without an entry fails, so that no original stays`() {
        #expect(Bench.failure("(0010,0020) := lookup[\"pid\", \"nobody\"]") == "script-lookup")
        #expect(Bench.failure("(0010,0020) := lookup[\"table\", \"x\"]") == "script-lookup")
    }

    // TestLookupFunction of dicom-edit6.
    @Test func `tables for lookup are read as XNAT has them`() throws {
        let table = " // Test lookup table.\n\npn/PatientName1 = MappedPatientName1\n\tpid/ID-4711 = A = B/C\n"
        let tables = try ScriptContext.lookups(parsing: table)
        #expect(tables["pn"]?["PatientName1"]?.reveal() == "MappedPatientName1")
        let result = try Bench.run(
            "(0010,0020) := lookup[\"pid\", (0010,0020)]", Bench.dataSet(Bench.id),
            context: ScriptContext(lookups: tables))
        #expect(result.dataSet.string(.patientID) == "A = B/C")
        for bad in ["pn PatientName1 = x", "pn/PatientName1", "/a = b", "a/b = c\na/b = d"] {
            let error = #expect(throws: DicomEditError.self) { try ScriptContext.lookups(parsing: bad) }
            #expect(error.map { !"\($0)".contains("PatientName1") } == true)
        }
    }

    // MARK: - Conditions

    @Test(arguments: [
        (#"(0010,0020) = "ID-4711""#, true), (#"(0010,0020) = "ID""#, false), (#"(0010,0020) != "ID""#, true),
        (#"(0010,0020) ~ "ID""#, false), (#"(0010,0020) ~ "ID.*""#, true), (#"(0010,0020) !~ "ID""#, true),
        (#"(0010,0020) !~ "ID.*""#, false), (#"(0010,1005) = """#, false), (#"(0010,1005) != "x""#, true),
        (#"(0010,1005) ~ ".*""#, false), (#"(0010,1005) !~ ".*""#, true), (#"(0010,1005) = (0010,1005)"#, false),
        (#"project = "PROJ""#, true), (#"modalityLabel = "MR""#, true), (#"ismatch[(0010,0020), "ID-\\d+"]"#, true),
        (#"ismatch[(0010,0020), "ID"]"#, false), (#"ismatch[(0010,1005), ".*"]"#, false), ("true[]", true),
        ("false[]", false), ("isPresent[(0010,0020)]", true), ("isPresent[(0010,0020), (0010,1005)]", false),
        ("isPresent[{(0010,0020), (0010,0010)}]", true), ("isPresent[(0008,1140)[0]/(0008,1155)]", false),
        (#"(0008,0060) = "CT""#, false), (#"lowercase["A"] = "a""#, true), (#"12 = "12""#, true),
    ])
    func `conditions hold as they do in XNAT`(condition: String, holds: Bool) throws {
        let choice = try Bench.run(
            "\(condition) ? (0040,A160) := \"yes\" : (0040,A160) := \"no\"", Bench.dataSet(Bench.name, Bench.id))
        #expect(choice.dataSet.string(tag("0040A160")) == (holds ? "yes" : "no"))
        let branches = try Bench.run(
            "if (\(condition)) { -(0010,0010) } else { -(0010,0020) }", Bench.dataSet(Bench.name, Bench.id))
        #expect(branches.dataSet.elements.map(\.tag) == [holds ? .patientID : .patientName])
    }

    @Test func `the first branch whose condition holds is taken, and no other`() throws {
        let script = """
            if ((0010,0020) = "x") { a := "1" }
            elseif ((0010,0020) ~ "ID.*") {
                a := "2"
                if (false[]) { a := "3" } else { b := "4" }
            } elseif (true[]) { a := "5" }
            else { a := "6" }
            (0040,A160) := concatenate[a, b]
            """
        #expect(try Bench.run(script, Bench.dataSet(Bench.id)).dataSet.string(tag("0040A160")) == "24")
    }

    @Test func `an element that is there without a value equals the empty string`() throws {
        let empty = DataElement(tag: tag("00080050"), vr: .sh, bytes: [])
        let result = try Bench.run("(0008,0050) = \"\" ? -(0010,0020)", Bench.dataSet(Bench.id, empty))
        #expect(result.dataSet[.patientID] == nil)
    }

    // MARK: - UIDs

    // The reference's vectors; Python's hashlib and uuid agree.
    @Test func `hashUID is a UUID of version 5 without a namespace`() throws {
        #expect(try Bench.value("hashUID[\"1.2.3.4.5\"]") == "2.25.281097975800109040096884226991818420711")
        #expect(try Bench.value("hashUID[\"1.2.3.4.5.6\"]") == "2.25.262228503153619312954819897114011402300")
    }

    @Test func `hashUID of what is absent is absent`() throws {
        #expect(try Bench.value("hashUID[(0020,0052)]") == nil)
    }

    @Test func `hashUIDList hashes every value of every Attribute that its paths mean`() throws {
        let uids = DataElement(tag: instance, vr: .ui, ascii: "1.2.3.4.5", "1.2.3.4.5.6")
        let dataSet = Bench.dataSet(
            DataElement(tag: .sopInstanceUID, vr: .ui, ascii: "1.2.3.4.5"), Bench.sequence(referenced, [uids]))
        let result = try Bench.run("paths := {(0008,0018), {*/(0008,1155)}}\nhashUIDList[paths]", dataSet)
        #expect(result.dataSet.string(.sopInstanceUID) == "2.25.281097975800109040096884226991818420711")
        #expect(
            result.dataSet.items(referenced).first?.strings(instance)
                == ["2.25.281097975800109040096884226991818420711", "2.25.262228503153619312954819897114011402300"])
        #expect(result.changes.map(\.path.description) == ["(0008,0018)", "(0008,1140)[0]/(0008,1155)"])
    }

    @Test func `newUID is another one each time, and the same again when the run is repeated`() throws {
        let dataSet = Bench.dataSet(DataElement(tag: .sopInstanceUID, vr: .ui, ascii: "1.2.3"))
        let script = "(0020,000D) := newUID[]\n(0020,000E) := newUID[]"
        let first = try Bench.run(script, dataSet).dataSet
        let second = try Bench.run(script, dataSet).dataSet
        let uid = try #require(first.string(tag("0020000D")))
        #expect(UID(uid).isValid)
        #expect(uid != first.string(tag("0020000E")))
        #expect(uid == second.string(tag("0020000D")))
        // Another script's is another one.
        let other = try Bench.run(script + "\n-(0010,0010)", dataSet).dataSet
        #expect(other.string(tag("0020000D")) != uid)
        let random = try Bench.run(script, dataSet, context: ScriptContext()).dataSet
        #expect(random.string(tag("0020000D")) != uid)
    }

    @Test func `mapUID gives the same for the same value, below its prefix`() throws {
        let dataSet = Bench.dataSet(DataElement(tag: .sopInstanceUID, vr: .ui, ascii: "1.2.3"))
        let script = "(0020,000D) := mapUID[(0008,0018), \"1.9.8\"]\n(0020,000E) := mapUID[\"1.2.3\", \"1.9.8\"]"
        for context in [Bench.context, ScriptContext()] {
            let result = try Bench.run(script, dataSet, context: context).dataSet
            let uid = try #require(result.string(tag("0020000D")))
            #expect(uid.hasPrefix("1.9.8.") && UID(uid).isValid)
            #expect(result.string(tag("0020000E")) == uid)
        }
        let long = "1.2.826.0.1.3680043.8.498.12345678901234"
        #expect(try Bench.value("mapUID[\"1\", \"\(long)\"]").map { UID($0).isValid } == true)
        #expect(Bench.failure("(0020,000D) := mapUID[\"1\", \"\(long)5678\"]") == "script-refused")
    }

    @Test func `mapReferencedUIDs maps what its paths mean, consistently`() throws {
        let dataSet = Bench.dataSet(
            DataElement(tag: .sopInstanceUID, vr: .ui, ascii: "1.2.3"),
            Bench.sequence(
                referenced, [DataElement(tag: instance, vr: .ui, ascii: "1.2.3")],
                [DataElement(tag: instance, vr: .ui, ascii: "1.2.4")]))
        let script = """
            prefix := "1.23.4"
            mapReferencedUIDs[prefix, "(0008,0018)"]
            mapReferencedUIDs[prefix, "(0008, 1140)/(0008, 1155)"]
            """
        let result = try Bench.run(script, dataSet).dataSet
        let uid = try #require(result.string(.sopInstanceUID))
        #expect(uid.hasPrefix("1.23.4."))
        let items = result.items(referenced)
        #expect(items.map { $0.string(instance) == uid } == [true, false])
    }

    // MARK: - Dates

    private func date(_ text: String, _ vr: VR = .da) -> DataElement {
        DataElement(tag: vr == .da ? Tag(0x0008, 0x0022) : Tag(0x0008, 0x002A), vr: vr, ascii: text)
    }

    @Test func `shiftDateByIncrement takes days`() throws {
        #expect(try Bench.value("shiftDateByIncrement[(0008,0022), 14]", date("20200220")) == "20200305")
        #expect(try Bench.value("shiftDateByIncrement[(0008,0022), \"-1\"]", date("20200301")) == "20200229")
        #expect(try Bench.value("shiftDateByIncrement[(0008,0022), 1, \"years\"]", date("20200301")) == "20210301")
        #expect(try Bench.value("shiftDateByIncrement[\"19000228\", 1]") == "19000301")
        #expect(try Bench.value("shiftDateByIncrement[\"19700101\", -1]") == "19691231")
    }

    @Test func `shiftDateTimeByIncrement takes seconds, so that a date stays the same`() throws {
        #expect(try Bench.value("shiftDateTimeByIncrement[(0008,0022), 14]", date("20200220")) == "20200220")
        #expect(try Bench.value("shiftDateTimeByIncrement[(0008,0022), 14, \"days\"]", date("20200220")) == "20200305")
        #expect(
            try Bench.value("shiftDateTimeByIncrement[(0008,002A), 10]", date("20200101120000", .dt))
                == "20200101120010")
    }

    // TestShiftDateTimeListByIncrementFunction of dicom-edit6: by -300 days.
    @Test(arguments: [
        ("2023", "2022"), ("202305", "202207"), ("20230519", "20220723"), ("2023051913", "2022072313"),
        ("202305191330", "202207231330"), ("20230519133022", "20220723133022"),
        ("20230519133022.123", "20220723133022.123"), ("20230519133022.123456-0500", "20220723133022.123456-0500"),
        ("2023-0500", "2022-0500"),
    ])
    func `shifting keeps precision, fraction and offset`(original: String, shifted: String) throws {
        let script = "shiftDateTimeListByIncrement[{(0008,002A)}, \"-300\", \"days\"]"
        let result = try Bench.run(script, Bench.dataSet(date(original, .dt)))
        #expect(result.dataSet.string(tag("0008002A")) == shifted)
    }

    // The same tests: by -46813 seconds, which is 13 h 13 min 13 s.
    @Test(arguments: [
        ("2023", "2023"), ("202305", "202305"), ("20230519", "20230518"), ("2023051913", "2023051900"),
        ("202305191330", "202305190030"), ("20230519133022", "20230519003009"),
    ])
    func `what is missing is taken from the middle`(original: String, shifted: String) throws {
        let script = "shiftDateTimeListByIncrement[{(0008,002A)}, \"-46813\", \"seconds\"]"
        let result = try Bench.run(script, Bench.dataSet(date(original, .dt)))
        #expect(result.dataSet.string(tag("0008002A")) == shifted)
    }

    @Test func `shiftDateTimeSequenceByIncrement shifts what its paths mean, in seconds`() throws {
        let dataSet = Bench.dataSet(
            date("20200101120000", .dt), Bench.sequence(referenced, [date("20200101120000", .dt)]))
        let result = try Bench.run("shiftDateTimeSequenceByIncrement[\"600\", \"+/(0008,002A)\"]", dataSet)
        #expect(result.dataSet.string(tag("0008002A")) == "20200101120000")
        #expect(result.dataSet.items(referenced).first?.string(tag("0008002A")) == "20200101121000")
    }

    @Test func `an absent date is absent, an empty one empty, and what is no date fails`() throws {
        #expect(try Bench.value("shiftDateByIncrement[(0008,0022), 14]") == nil)
        #expect(try Bench.value("shiftDateByIncrement[(0008,0022), 14]", date("")) == "")
        for bad in ["Doe^John", "1", "20201301", "20200230", "2020-01-01", "20200101-20200102"] {
            #expect(Bench.failure("(0008,0021) := shiftDateByIncrement[(0008,0022), 14]", date(bad)) == "script-failed")
        }
        #expect(Bench.failure("(0008,0021) := shiftDateByIncrement[(0010,0020), 14]") == "script-failed")
        #expect(
            Bench.failure("(0008,0021) := shiftDateByIncrement[(0008,002A), 1]", date("2020", .dt)) == "script-failed")
        #expect(
            Bench.failure("(0008,0021) := shiftDateByIncrement[\"20200101\", 2000000000, \"years\"]") == "script-failed"
        )
    }

    // TestScalePatientAgeAndDobFromStudyDateFunction of dicom-edit6.
    @Test func `ages over 89 become 89, at every level, and the birth date follows`() throws {
        let dataSet = Bench.dataSet(
            DataElement(tag: age, vr: .as, ascii: "100Y"), DataElement(tag: birthDate, vr: .da, ascii: "19230315"),
            DataElement(tag: tag("00080020"), vr: .da, ascii: "20230315"),
            Bench.sequence(referenced, [DataElement(tag: age, vr: .as, ascii: "099Y")]))
        let result = try Bench.run("scalePatientAgeAndDobFromStudyDate[]", dataSet).dataSet
        #expect(result.string(age) == "089Y")
        #expect(result.string(birthDate) == "19340316")
        #expect(result.items(referenced).first?.string(age) == "089Y")
    }

    @Test func `younger patients keep their age, and one that can't be read fails`() throws {
        let young = Bench.dataSet(DataElement(tag: age, vr: .as, ascii: "063Y"))
        #expect(try Bench.run("scalePatientAgeAndDobFromStudyDate[]", young).changes.isEmpty)
        let odd = DataElement(tag: age, vr: .as, ascii: "45")
        #expect(Bench.failure("scalePatientAgeAndDobFromStudyDate[]", odd) == "script-failed")
    }

    // MARK: - Elements

    @Test func `delete and set take the numbers of tags as they are`() throws {
        let creator = DataElement(tag: tag("00091010"), vr: .lo, ascii: "x")
        let script =
            "delete[\"(0009,1010)\"]\nset[\"(0008,1140)[0]/(0008,1155)\", \"1.2\"]\nset[\"(0010,0020)\", project]"
        let result = try Bench.run(script, Bench.dataSet(creator, Bench.id)).dataSet
        #expect(result[tag("00091010")] == nil)
        #expect(result.items(referenced).first?.string(instance) == "1.2")
        #expect(result.string(.patientID) == "PROJ")
    }

    @Test func `removeTags takes paths with wildcards, and lists of them`() throws {
        let dataSet = Bench.dataSet(
            Bench.name, Bench.id, Bench.sequence(referenced, [Bench.name, Bench.id]))
        let result = try Bench.run("removeTags[{*/(0010,0010)}, (0010,0020)]", dataSet).dataSet
        #expect(result.elements.map(\.tag) == [referenced])
        #expect(result.items(referenced).first?.elements.map(\.tag) == [.patientID])
    }

    @Test func `blankValues empties what is one of the values as a whole, at every level`() throws {
        let note = DataElement(tag: tag("00104000"), vr: .lt, ascii: "ID-4711")
        let long = DataElement(tag: tag("00081030"), vr: .lo, ascii: "about ID-4711")
        let unknown = DataElement(tag: tag("00091001"), vr: .un, bytes: Array("ID-4711".utf8))
        let rows = DataElement(tag: tag("00280010"), vr: .us, bytes: [0, 2])
        let dataSet = Bench.dataSet(Bench.id, note, long, unknown, rows, Bench.sequence(referenced, [note]))
        let result = try Bench.run("ids := collectValues[(0010,0020), \"512\", \"\"]\nblankValues[ids]", dataSet)
            .dataSet
        #expect(result[.patientID]?.isEmpty == true)
        #expect(result[note.tag]?.isEmpty == true)
        #expect(result[unknown.tag]?.isEmpty == true)
        #expect(result.string(long.tag) == "about ID-4711")
        #expect(result.integer(rows.tag) == 512)
        #expect(result.items(referenced).first?[note.tag]?.isEmpty == true)
    }

    @Test func `collectValues takes wildcards, and its list can be formatted`() throws {
        let dataSet = Bench.dataSet(Bench.id, Bench.sequence(referenced, [Bench.name]))
        let script = "v := collectValues[*/(0010,00X0)]\n(0040,A160) := format[\"{0} {1}\", v]"
        #expect(try Bench.run(script, dataSet).dataSet.string(tag("0040A160")) == "Zzcanary^Quuxina ID-4711")
    }

    @Test func `removeAllPrivateTags does so at every level`() throws {
        let own = DataElement(tag: tag("00091001"), vr: .lo, ascii: "x")
        let dataSet = Bench.dataSet(own, Bench.id, Bench.sequence(referenced, [own, Bench.name]))
        let result = try Bench.run("removeAllPrivateTags", dataSet).dataSet
        #expect(result.elements.map(\.tag) == [referenced, .patientID])
        #expect(result.items(referenced).first?.elements.map(\.tag) == [.patientName])
    }

    private func privateElement(_ text: String, _ value: String = "v") -> DataElement {
        DataElement(tag: tag(text), vr: .lo, ascii: value)
    }

    @Test func `retainPrivateTags keeps what it names, with its creator, and no other private element`() throws {
        let dataSet = Bench.dataSet(
            Bench.id, privateElement("00190010", "ACME"), privateElement("00191001"), privateElement("00191002"),
            privateElement("00210010", "OTHER"), privateElement("00211001"),
            Bench.sequence(referenced, [privateElement("00190011", "ACME"), privateElement("00191101"), Bench.name]))
        let result = try Bench.run("retainPrivateTags[(0019,{ACME}01)]", dataSet)
        #expect(result.dataSet.elements.map(\.tag) == ["00081140", "00100020", "00190010", "00191001"].map(tag))
        #expect(result.dataSet.items(referenced).first?.elements.map(\.tag) == [.patientName])
        let everywhere = try Bench.run("retainPrivateTags[*/(0019,{ACME}01)]", dataSet).dataSet
        #expect(everywhere.items(referenced).first?.elements.count == 3)
    }

    // TestDicomObjectI.testMixedSeqsRetain of dicom-edit6.
    @Test func `retainPrivateTags reaches into private sequences`() throws {
        let inner = Bench.sequence(
            tag("00231015"), [privateElement("00230010", "pb3"), privateElement("002310FF")])
        let outer = Bench.sequence(
            tag("00191002"), [privateElement("00230010", "pb2"), privateElement("00231001"), inner])
        let other = Bench.sequence(
            tag("00401200"),
            [
                DataElement(tag: tag("00180022"), vr: .cs, ascii: "x"), privateElement("00290010", "pb4"),
                privateElement("00291000"),
            ])
        let dataSet = Bench.dataSet(
            Bench.id, privateElement("00190010", "pb1"), privateElement("00191001"), outer, other)
        let result = try Bench.run("retainPrivateTags[(0019,{pb1}02)/(0023,{pb2}15)[%]/*]", dataSet).dataSet
        #expect(result.elements.map(\.tag) == ["00100020", "00190010", "00191002", "00401200"].map(tag))
        let kept = try #require(result.items(tag("00191002")).first)
        #expect(kept.elements.map(\.tag) == ["00230010", "00231015"].map(tag))
        #expect(kept.items(tag("00231015")).first?.elements.count == 2)
        #expect(result.items(tag("00401200")).first?.elements.map(\.tag) == [tag("00180022")])
    }

    @Test func `retainPrivateTags without a path removes all`() throws {
        let result = try Bench.run(
            "retainPrivateTags[]", Bench.dataSet(Bench.id, privateElement("00190010", "A"), privateElement("00191001")))
        #expect(result.dataSet.elements.map(\.tag) == [.patientID])
        #expect(result.changes.count == 2)
    }

    // MARK: - Pixels, rejection, echo

    // AlterPixelsSimpleOverflowScript of nrg-test: left and top are in the rectangle, right and bottom are not.
    @Test func `alterPixels asks for a rectangle`() throws {
        let script = """
            alterPixels["rectangle", "l=20, t=20, r=270, b=120", "solid", "v=0"]
            alterPixels["Rectangle", "left=-5, top=0, right=10, bottom=1", "SOLID", "r=0, g=0, b=0"]
            """
        let result = try Bench.run(script, Bench.dataSet(Bench.id))
        #expect(
            result.redactions.map(\.region) == [
                PixelRegion(x: 20, y: 20, width: 250, height: 100), PixelRegion(x: 0, y: 0, width: 10, height: 1),
            ])
        #expect(result.redactions.map(\.line) == [2, 3])
        #expect(Bench.failure("a := \"l=1\"\nalterPixels[\"rectangle\", a, \"solid\", \"v=0\"]") == "script-failed")
    }

    @Test func `reject ends the script and changes nothing of an object`() throws {
        var original = object([Bench.name])
        let script = try DicomEditScript(
            parsing:
                "version \"6.7\"\n(0010,0010) := \"x\"\nreject[false[]]\n(0008,0060) != \"CT\" ? reject[]\n-(0010,0010)\n"
        )
        let result = try script.apply(to: &original, context: Bench.context)
        #expect(result.rejection == ScriptPosition(line: 4, column: 23))
        #expect(original.dataSet.string(.patientName) == "Zzcanary^Quuxina")
    }

    @Test func `echo says nothing that could be printed by accident`() throws {
        let result = try Bench.run("echo (0010,0010)", Bench.dataSet(Bench.name))
        #expect(result.echoes.map { $0.text.reveal() } == ["Zzcanary^Quuxina"])
        #expect(!"\(result.echoes) \(result.changes) \(result.warnings)".contains("Zzcanary"))
    }

    @Test func `errors say where, and never what`() throws {
        let script = "version \"6.6\"\n\n(0008,0020) := shiftDateByIncrement[(0010,0010), 1]\n"
        let error = #expect(throws: DicomEditError.self) {
            try DicomEditScript(parsing: script).apply(to: Bench.dataSet(Bench.name), context: Bench.context)
        }
        #expect(error?.position?.line == 3)
        #expect(error.map { !"\($0)".contains("Zzcanary") } == true)
    }

    @Test func `a variable that was not given ends the script`() {
        #expect(Bench.failure("(0010,0010) := nobody") == "script-variable")
    }
}
