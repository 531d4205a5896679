import DICOMFile
import DICOMModel
import HeaderDeidentification
import Testing

/// One test for each form of a path. Elements named by letters: a at the root, the others in sequences.
struct ScriptPathTests {
    private let comments = Tag(0x0020, 0x4000)
    private let referenced = Tag(0x0008, 0x1140)
    private let purpose = Tag(0x0040, 0xA170)

    /// (0020,4000) at the root, in both items of (0008,1140), and in (0040,A170) of the first of them.
    private var nested: DataSet {
        let text = DataElement(tag: comments, vr: .lt, ascii: "text")
        return Bench.dataSet(
            text,
            Bench.sequence(referenced, [text, Bench.sequence(purpose, [text])], [text]))
    }

    /// Where (0020,4000) still is.
    private func remaining(_ script: String, tolerance: ScriptTolerance = .strict) throws -> Set<String> {
        let result = try Bench.run(script, nested, tolerance: tolerance)
        var places: Set<String> = []
        result.dataSet.walk { path, _, _ in
            if path.tag == comments { places.insert(path.description) }
        }
        return places
    }

    private let root = "(0020,4000)"
    private let first = "(0008,1140)[0]/(0020,4000)"
    private let deep = "(0008,1140)[0]/(0040,A170)[0]/(0020,4000)"
    private let second = "(0008,1140)[1]/(0020,4000)"

    @Test func `a tag acts on the root only`() throws {
        #expect(try remaining("-(0020,4000)") == [first, deep, second])
    }

    @Test func `a star is any depth, with the root`() throws {
        #expect(try remaining("-*/(0020,4000)").isEmpty)
    }

    @Test func `a plus is below the root`() throws {
        #expect(try remaining("-+/(0020,4000)") == [root])
    }

    @Test func `a dot is exactly one level`() throws {
        #expect(try remaining("-./(0020,4000)") == [root, deep])
        #expect(try remaining("-././(0020,4000)") == [root, first, second])
    }

    @Test func `an item is counted from 0`() throws {
        #expect(try remaining("-(0008,1140)[0]/(0020,4000)") == [root, deep, second])
        #expect(try remaining("-(0008,1140)[1]/(0020,4000)") == [root, first, deep])
        #expect(try remaining("-(0008,1140)[2]/(0020,4000)") == [root, first, deep, second])
    }

    @Test func `a percent sign, or nothing, is any item`() throws {
        #expect(try remaining("-(0008,1140)[%]/(0020,4000)") == [root, deep])
        #expect(try remaining("-(0008,1140)/(0020,4000)") == [root, deep])
    }

    @Test func `a star between tags is any depth between them`() throws {
        #expect(try remaining("-(0008,1140)/*/(0020,4000)") == [root])
        #expect(try remaining("-(0008,1140)[0]/*/(0020,4000)") == [root, second])
    }

    @Test func `a star at the end is the sequence with all that is in it`() throws {
        #expect(try remaining("-(0008,1140)/*") == [root])
        #expect(try Bench.run("-(0008,1140)/*", nested).dataSet[referenced] == nil)
    }

    @Test func `a plus at the end is what is in the sequence`() throws {
        let result = try Bench.run("-(0008,1140)/+", nested)
        #expect(result.dataSet.items(referenced).map(\.elements.isEmpty) == [true, true])
    }

    @Test func `an item at the end is what is in it`() throws {
        let result = try Bench.run("-(0008,1140)[0]", nested)
        #expect(result.dataSet.items(referenced).map(\.elements.isEmpty) == [true, false])
    }

    @Test func `a sequence goes with all that it holds`() throws {
        let result = try Bench.run("-(0008,1140)", nested)
        #expect(result.dataSet[referenced] == nil)
        #expect(result.changes.map(\.path.description) == ["(0008,1140)"])
    }

    @Test func `an emptied item stays`() throws {
        let result = try Bench.run("-(0008,1140)/(0020,4000)", nested)
        #expect(result.dataSet.items(referenced).map(\.elements.count) == [1, 0])
    }

    // MARK: - Digits

    private var numbered: DataSet {
        Bench.dataSet(
            [0x1000, 0x1001, 0x1010, 0x1011, 0x101A, 0x101F].map {
                DataElement(tag: Tag(0x0010, $0), vr: .lo, ascii: "x")
            })
    }

    @Test(arguments: [
        ("-(0010,10X0)", [0x1001, 0x1011, 0x101A, 0x101F]),
        ("-(0010,10xX)", []),
        ("-(0010,101@)", [0x1000, 0x1001, 0x1011, 0x101F]),
        ("-(0010,101#)", [0x1000, 0x1001, 0x1010, 0x101A]),
        ("-(0010,101f)", [0x1000, 0x1001, 0x1010, 0x1011, 0x101A]),
        ("-(001@,1000)", [0x1001, 0x1010, 0x1011, 0x101A, 0x101F]),
    ])
    func `X is any digit, @ an even one, # an odd one`(script: String, left: [UInt16]) throws {
        #expect(try Bench.run(script, numbered).dataSet.elements.map(\.tag.element) == left)
    }

    // MARK: - Private blocks

    private func block(_ number: UInt16, _ creator: String, _ elements: UInt16...) -> [DataElement] {
        [DataElement(tag: Tag(0x0019, number), vr: .lo, ascii: creator)]
            + elements.map { DataElement(tag: Tag(0x0019, number << 8 | $0), vr: .lo, ascii: "p\($0)") }
    }

    @Test func `a private block is found by its creator, wherever it is`() throws {
        let elements = block(0x10, "OTHER", 0x0F) + block(0x11, "SIEMENS MR HEADER", 0x0F, 0x10)
        let result = try Bench.run("-(0019,{SIEMENS MR HEADER}0F)", Bench.dataSet(elements))
        #expect(result.dataSet.elements.map(\.tag) == ["00190010", "00190011", "0019100F", "00191110"].map(tag))
    }

    @Test func `two blocks of one creator in one group are both meant`() throws {
        let elements = block(0x10, "ACME", 0x01) + block(0x12, "ACME", 0x01, 0x02)
        let result = try Bench.run("-(0019,{ACME}01)", Bench.dataSet(elements))
        #expect(result.dataSet.elements.map(\.tag) == ["00190012", "00191202"].map(tag))
    }

    @Test func `digit wildcards are for private elements as well`() throws {
        let elements = block(0x10, "ACME", 0x01, 0x12, 0x13)
        let result = try Bench.run("-(0019,{ACME}1@)", Bench.dataSet(elements))
        #expect(result.dataSet.elements.map(\.tag) == ["00190010", "00191001", "00191013"].map(tag))
    }

    @Test func `a creator goes with the last of its elements, and one that had none stays`() throws {
        let elements = block(0x10, "ACME", 0x01) + block(0x20, "EMPTY")
        let result = try Bench.run("-(0019,{ACME}01)", Bench.dataSet(elements))
        #expect(result.dataSet[tag("00190010")] == nil)
        #expect(try Bench.run("-(0010,0010)", Bench.dataSet(elements)).dataSet.elements.count == 3)
    }

    @Test func `a creator is looked for in the item that the element is in`() throws {
        let item = Bench.sequence(referenced, block(0x11, "ACME", 0x01))
        let elements = block(0x11, "OTHER", 0x01) + [item]
        let result = try Bench.run("-*/(0019,{ACME}01)", Bench.dataSet(elements))
        #expect(result.dataSet[tag("00191101")] != nil)
        #expect(result.dataSet.items(referenced).first?.elements.isEmpty == true)
    }

    @Test func `a bare private tag is tolerated as the number that it is`() throws {
        let elements = block(0x10, "ACME", 0x13)
        let result = try Bench.run("-(0019,1013)", Bench.dataSet(elements), tolerance: .tolerant)
        #expect(result.dataSet.elements.isEmpty)
    }

    @Test func `assigning makes a block for its creator, beside those that are there`() throws {
        let result = try Bench.run("(0019,{ACME}01) := \"x\"", Bench.dataSet(block(0x10, "OTHER", 0x01)))
        #expect(result.dataSet.string(tag("00190011")) == "ACME")
        #expect(result.dataSet.string(tag("00191101")) == "x")
        let again = try Bench.run("(0019,{ACME}02) := \"y\"", result.dataSet)
        #expect(again.dataSet.string(tag("00191102")) == "y")
    }

    // MARK: - Assigning

    @Test func `assigning makes the element, its sequences and items`() throws {
        let result = try Bench.run("(0008,1140)[0]/(0008,1155) := \"1.2.3\"", Bench.dataSet(Bench.name))
        #expect(result.dataSet.items(referenced).first?.string(tag("00081155")) == "1.2.3")
        #expect(result.changes.map(\.kind) == [.created])
        #expect(result.changes.map(\.line) == [2])
        #expect(result.changes.first?.path.description == "(0008,1140)[0]/(0008,1155)")
    }

    @Test func `an item beyond the next one can't be made`() {
        #expect(Bench.failure("(0008,1140)[1]/(0008,1155) := \"1.2.3\"") == "script-failed")
    }

    @Test func `assigning acts on the root only, and assigning what is present on all that is meant`() throws {
        let once = try Bench.run("(0020,4000) := \"new\"", nested).dataSet
        #expect(once.string(comments) == "new")
        #expect(once.items(referenced)[0].string(comments) == "text")
        let all = try Bench.run("*/(0020,4000) ?= \"new\"", nested)
        #expect(all.changes.count == 4)
        #expect(all.dataSet.items(referenced)[1].string(comments) == "new")
    }

    @Test func `assigning what is present makes nothing`() throws {
        let result = try Bench.run("(0008,1030) ?= \"x\"", Bench.dataSet(Bench.name))
        #expect(result.dataSet[tag("00081030")] == nil)
        #expect(result.changes.isEmpty)
    }

    @Test func `an absent value leaves the target of := as it is, with a warning, and empties that of ?=`() throws {
        let kept = try Bench.run("(0010,0010) := (0010,1005)", Bench.dataSet(Bench.name))
        #expect(kept.dataSet.string(.patientName) == "Zzcanary^Quuxina")
        #expect(kept.warnings.map(\.rule.name) == ["absent-value"])
        let emptied = try Bench.run("(0010,0010) ?= (0010,1005)", Bench.dataSet(Bench.name))
        #expect(emptied.dataSet[.patientName]?.isEmpty == true)
        #expect(emptied.changes.map(\.kind) == [.emptied])
    }

    @Test func `an empty string empties`() throws {
        let result = try Bench.run("(0010,0010) := \"\"", Bench.dataSet(Bench.name))
        #expect(result.dataSet[.patientName]?.isEmpty == true)
    }

    @Test func `whatever is assigned to a sequence leaves it empty`() throws {
        let result = try Bench.run("(0008,1140) := \"\"", nested)
        #expect(result.dataSet[referenced]?.items?.isEmpty == true)
        let kept = try Bench.run("(0008,1140) ?= \"\"", nested)
        #expect(kept.dataSet.items(referenced).count == 2)
        #expect(kept.warnings.map(\.rule.name) == ["sequence-value"])
    }

    @Test func `values take the form of their VR`() throws {
        let script = """
            (0028,0010) := 512
            (0018,9073) := "1.5"
            (0028,0106) := -3
            (0020,9165) := "(0010,0020)"
            (0008,0008) := "ORIGINAL\\\\PRIMARY"
            """
        let signed = DataElement(tag: .pixelRepresentation, vr: .us, bytes: [1, 0])
        let result = try Bench.run(script, Bench.dataSet(signed)).dataSet
        #expect(result.integer(tag("00280010")) == 512)
        #expect(result.decimals(tag("00189073")) == [1.5])
        #expect(result[tag("00280106")]?.vr == .ss)
        #expect(result.integer(tag("00280106")) == -3)
        #expect(result.strings(tag("00209165")) == ["(0010,0020)"])
        #expect(result.strings(tag("00080008")) == ["ORIGINAL", "PRIMARY"])
        #expect(Bench.failure("(0028,0010) := \"many\"") == "script-failed")
        #expect(Bench.failure("(0028,0010) := 65536") == "script-failed")
    }

    @Test func `characters that the object's character set lacks fail, and are written where it has them`() throws {
        #expect(Bench.failure("(0010,0010) := \"Müller\"") == "script-failed")
        let set = DataElement(tag: .specificCharacterSet, vr: .cs, ascii: "ISO_IR 100")
        var dataSet = DataSet()
        dataSet[.specificCharacterSet] = set
        let result = try Bench.run("(0010,0010) := \"Müller\"", dataSet).dataSet
        #expect(try result.bytes(.patientName) == [0x4D, 0xFC, 0x6C, 0x6C, 0x65, 0x72])
    }

    @Test func `a tolerated assignment to several sets those that are there`() throws {
        let result = try Bench.run("*/(0020,4000) := \"n\"", nested, tolerance: .tolerant)
        #expect(result.changes.count == 4)
        let items = try Bench.run("(0008,1140)/(0020,4000) := \"n\"", nested, tolerance: .tolerant)
        #expect(items.changes.count == 2)
    }
}
