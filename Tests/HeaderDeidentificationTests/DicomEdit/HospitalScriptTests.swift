import DICOMFile
import DICOMModel
import HeaderDeidentification
import Testing

/// Scripts in the manner that hospitals write them.
struct HospitalScriptTests {
    /// Every row of Table E.1-1 that has a tag, deleted at the root; then labels, hashed UIDs, shifted dates, private blocks.
    private var script: String {
        let kept: Set<String> = [
            "(0008,0016)", "(0008,0018)", "(0020,000D)", "(0020,000E)", "(0020,0052)", "(0008,0020)", "(0008,0021)",
            "(0010,0010)", "(0010,0020)", "(0008,0050)", "(0008,002A)", "(0010,0030)",
        ]
        let deletes = ScriptLint("").gap.rows.map(\.attribute).filter { !kept.contains($0) && !$0.contains("x") }
            .map { "- \($0)" }
        return """
            version "6.6"
            // Site-wide anonymisation
            // ***********************
            describe project "Project"
            prefix := concatenate[project, "_"]

            // 1. labels
            (0010,0010) := subject
            (0010,0020) := session
            (0008,0050) := concatenate[ prefix, \\
                                        session ]
            (0008,1030) := project
            (0010,4000) := format["Project:{0} Subject:{1} Session:{2}", project, subject, session]

            // 2. UIDs
            (0020,000D) := hashUID[(0020,000D)]
            (0020,000E) := hashUID[(0020,000E)]
            (0008,0018) := hashUID[(0008,0018)]
            (0020,0052) := hashUID[(0020,0052)]
            hashUIDList[*/(0008,1155), +/(0020,000E)]

            // 3. dates
            (0008,0020) := shiftDateByIncrement[(0008,0020), "-14"]
            (0008,0021) := shiftDateByIncrement[(0008,0021), "-14"]
            (0008,002A) := shiftDateTimeByIncrement[(0008,002A), "-14", "days"]
            (0010,0030) := concatenate[substring[(0010,0030), 0, 4], "0101"]   // year of birth

            // 4. modalities
            (0008,0060) = "US" ? alterPixels["rectangle", "l=0, t=0, r=640, b=40", "solid", "v=0"]
            if ((0008,0070) ~ "(?i)siemens.*") {
                retainPrivateTags[(0019,{SIEMENS MR HEADER}0C), (0019,{SIEMENS MR HEADER}0E)]
            } else {
                removeAllPrivateTags
            }
            (0008,0008) ~ "DERIVED.*SCREEN.*" ? reject[]

            // 5. everything else
            -(0002,0016)
            -+/(0008,1155)
            \(deletes.joined(separator: "\n"))
            """
    }

    private func instance(imageType: String = "ORIGINAL", _ manufacturer: String = "SIEMENS") -> DICOMObject {
        let rows = ScriptLint("").gap.rows.compactMap { Tag(parsing: $0.attribute) }
        let dates: Set<Tag> = [tag("00080020"), tag("00080021"), tag("00100030"), tag("0008002A")]
        var elements = rows.filter { !dates.contains($0) && !$0.isFileMeta && $0 != .sopInstanceUID }
            .map { Canary.element($0, DataDictionary.vr($0)) }
        elements += [
            DataElement(tag: tag("00080020"), vr: .da, ascii: "20200115"),
            DataElement(tag: tag("00100030"), vr: .da, ascii: "19871123"),
            DataElement(tag: tag("0008002A"), vr: .dt, ascii: "20200115101112.5"),
            DataElement(tag: tag("00080008"), vr: .cs, ascii: imageType, "SCREEN SAVE"),
            DataElement(tag: tag("00080060"), vr: .cs, ascii: "US"),
            DataElement(tag: tag("00080070"), vr: .lo, ascii: manufacturer),
            DataElement(tag: tag("00190011"), vr: .lo, ascii: "SIEMENS MR HEADER"),
            DataElement(tag: tag("0019110C"), vr: .is, ascii: "1000"),
            DataElement(tag: tag("00191108"), vr: .lo, ascii: Canary.text),
        ]
        return object(elements)
    }

    @Test func `a site's script runs as it is`() throws {
        let script = try DicomEditScript(parsing: script)
        var object = try DICOMObject.read(MemoryByteSource(try instance().serialized()))
        let result = try script.apply(to: &object, context: Bench.context)
        let dataSet = object.dataSet
        #expect(dataSet.string(.patientName) == "PROJ_0001")
        #expect(dataSet.string(.patientID) == "PROJ_0001_MR1")
        #expect(dataSet.string(tag("00080050")) == "PROJ_PROJ_0001_MR1")
        #expect(dataSet.string(tag("00080020")) == "20200101")
        #expect(dataSet.string(tag("0008002A")) == "20200101101112.5")
        #expect(dataSet.string(tag("00100030")) == "19870101")
        #expect(dataSet.integer(tag("0019110C")) == 1000)
        #expect(dataSet[tag("00191108")] == nil)
        #expect(result.redactions.map(\.region) == [PixelRegion(x: 0, y: 0, width: 640, height: 40)])
        // File Meta Information follows, and what is written can be read again.
        let again = try DICOMObject.read(MemoryByteSource(try object.serialized()))
        #expect(again.fileMeta.string(.mediaStorageSOPInstanceUID) == again.dataSet.string(.sopInstanceUID))
        #expect(again.dataSet.string(.sopInstanceUID)?.hasPrefix("2.25.") == true)
        #expect(!Canary.sings(in: try object.serialized()))
    }

    @Test func `a maker without private elements of use loses them all, and a screen is rejected`() throws {
        let script = try DicomEditScript(parsing: script)
        var other = instance("GE")
        _ = try script.apply(to: &other, context: Bench.context)
        #expect(!other.dataSet.elements.contains { $0.tag.isPrivate })
        var screen = instance(imageType: "DERIVED")
        let result = try script.apply(to: &screen, context: Bench.context)
        #expect(result.rejection != nil)
        #expect(screen.dataSet.string(.patientName) == Canary.name)
    }

    @Test func `it never enters a sequence but for UIDs, and lint says so`() {
        let lint = ScriptLint(script)
        #expect(!lint.isRefused)
        #expect(lint.gap.untouchedNested.count == 463 - 2)
        #expect(lint.gap.missingMarkers.count == 3)
    }

    @Test func `the scripts of site and project run one after the other, each with its own variables`() throws {
        let site = try DicomEditScript(parsing: "version \"6.6\"\na := \"SITE\"\n(0010,0020) := a\n")
        let project = try DicomEditScript(
            parsing: "version \"6.1\"\n(0010,0010) := (0010,0020)\n(0010,0020) := project\n")
        var object = instance()
        let results = try DicomEditScript.apply([site, project], to: &object, context: Bench.context)
        #expect(results.count == 2)
        #expect(object.dataSet.string(.patientName) == "SITE")
        #expect(object.dataSet.string(.patientID) == "PROJ")
        let unknown = try DicomEditScript(parsing: "version \"6.1\"\n(0010,0010) := a\n")
        #expect(throws: DicomEditError.self) {
            try DicomEditScript.apply([site, unknown], to: &object, context: Bench.context)
        }
        #expect(object.dataSet.string(.patientID) == "PROJ")
    }

    @Test func `File Meta Information follows what the script sets, and only that`() throws {
        var odd = object([Bench.name])
        odd.fileMeta[.mediaStorageSOPInstanceUID] = DataElement(
            tag: .mediaStorageSOPInstanceUID, vr: .ui, ascii: "1.9.9")
        try DicomEditScript(parsing: "version \"6.6\"\n-(0010,0010)\n").apply(to: &odd, context: Bench.context)
        #expect(odd.fileMeta.string(.mediaStorageSOPInstanceUID) == "1.9.9")
        try DicomEditScript(parsing: "version \"6.6\"\n(0008,0018) := \"1.2\"\n(0008,0016) := \"1.3\"\n")
            .apply(to: &odd, context: Bench.context)
        #expect(odd.fileMeta.string(.mediaStorageSOPInstanceUID) == "1.2")
        #expect(odd.fileMeta.string(.mediaStorageSOPClassUID) == "1.3")
        try DicomEditScript(parsing: "version \"6.6\"\n-(0008,0018)\n-(0002,0016)\n")
            .apply(to: &odd, context: Bench.context)
        #expect(odd.fileMeta[.mediaStorageSOPInstanceUID] == nil)
        #expect(odd.fileMeta[tag("00020016")] == nil)
        #expect(odd.fileMeta[.transferSyntaxUID] != nil)
    }

    @Test func `an object that a script fails on is left as it was`() throws {
        let script = try DicomEditScript(
            parsing: "version \"6.6\"\n(0010,0010) := subject\n(0040,A160) := lowercase[(0008,1048)]\n")
        var object = object([Bench.name])
        #expect(throws: DicomEditError.self) { try script.apply(to: &object, context: Bench.context) }
        #expect(object.dataSet.string(.patientName) == "Zzcanary^Quuxina")
    }

    // Reference, section 4: such scripts are in daily use and do not parse.
    @Test func `a script full of the usual mistakes is refused, and runs where it is tolerated`() throws {
        let text = """
            version "6.X"
            # Site script
            -(0033,1013)
            (0010,0010) := 'ANON'
            (0010,0020) := concatenate["A", (0010,1005)] -(0010,0030)
            (0008,0090) := lowercase("X")
            """
        let refused = DicomEditScript.examined(text).diagnostics.map(\.rule.name)
        #expect(
            refused == [
                "version", "hash-comment", "bare-private-tag", "quotes", "one-statement-a-line", "parentheses",
            ])
        let script = try DicomEditScript(parsing: text, tolerance: .tolerant)
        var object = object([
            Bench.name, DataElement(tag: tag("00330010"), vr: .lo, ascii: "A"),
            DataElement(tag: tag("00331013"), vr: .lo, ascii: "B"),
            DataElement(tag: tag("00100030"), vr: .da, ascii: "19870101"),
        ])
        try script.apply(to: &object, context: Bench.context)
        #expect(object.dataSet.string(.patientName) == "ANON")
        #expect(object.dataSet.string(.patientID) == "A")
        #expect(object.dataSet.string(tag("00080090")) == "x")
        #expect(!object.dataSet.elements.contains { $0.tag.isPrivate || $0.tag == tag("00100030") })
    }

    @Test func `what a script doesn't touch stays byte for byte`() throws {
        let bytes = try instance().serialized()
        var object = try DICOMObject.read(MemoryByteSource(bytes))
        let script = try DicomEditScript(
            parsing:
                "version \"6.6\"\n-(0010,9998)\n(0010,9999) ?= \"x\"\nretainPrivateTags[(0019,{SIEMENS MR HEADER}XX)]\n"
        )
        let result = try script.apply(to: &object, context: Bench.context)
        #expect(result.changes.isEmpty)
        #expect(try object.serialized() == bytes)
    }

    @Test func `implicit and big endian objects take values in their own form`() throws {
        for syntax in [TransferSyntax.implicitVRLittleEndian, .explicitVRBigEndian] {
            var changed = object([Bench.name], syntax)
            let script = try DicomEditScript(
                parsing: "version \"6.6\"\n(0028,0010) := 513\n(0008,1140)[0]/(0028,0011) := 2\n(0010,0010) := \"x\"\n")
            try script.apply(to: &changed, context: Bench.context)
            let again = try DICOMObject.read(MemoryByteSource(try changed.serialized()))
            #expect(again.dataSet.integer(tag("00280010")) == 513)
            #expect(again.dataSet.items(tag("00081140")).first?.integer(tag("00280011")) == 2)
            #expect(again.dataSet.string(.patientName) == "x")
        }
    }

    @Test func `hundreds of statements over an enhanced object with thousands of frames come to an end`() throws {
        let frames = (0..<2000).map { number in
            DataSet(elements: [
                Bench.sequence(tag("00209111"), [DataElement(tag: tag("00189074"), vr: .dt, ascii: "20200101")]),
                Bench.sequence(
                    tag("00209113"), [DataElement(tag: tag("00200032"), vr: .ds, ascii: "1", "2", "\(number)")]),
            ])
        }
        let dataSet = Bench.dataSet(Bench.name, DataElement(tag: tag("52009230"), items: frames))
        let result = try Bench.run(ScriptLint("").gap.completion, dataSet)
        #expect(
            result.dataSet.items(tag("52009230")).last?.items(tag("00209111")).first?.string(tag("00189074"))
                == "19000101000000")
        #expect(result.changes.filter { $0.kind == .replaced }.count == 2000)
    }
}
