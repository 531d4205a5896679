import DICOMModel
import Testing

@Suite struct `Model types` {
    @Test func `a tag is read and printed as the standard writes it`() {
        #expect(Tag(parsing: "(0010,0020)") == .patientID)
        #expect(Tag(parsing: "00100020") == .patientID)
        #expect(Tag(parsing: "0010,002") == nil)
        #expect(Tag.patientID.description == "(0010,0020)")
        #expect(Tag(0x0028, 0x0106) < Tag(0x0028, 0x0107))
    }

    @Test func `private elements know their creator`() {
        #expect(Tag(0x0009, 0x1001).isPrivate)
        #expect(Tag(0x0009, 0x1001).privateCreator == Tag(0x0009, 0x0010))
        #expect(Tag(0x0009, 0x0010).isPrivateCreator)
        #expect(Tag(0x0009, 0x0010).privateCreator == nil)
        #expect(!Tag(0x0008, 0x1001).isPrivate)
    }

    @Test func `overlay groups are the even ones from 6000 to 60FF`() {
        #expect(Tag(0x6000, 0x3000).isOverlay)
        #expect(Tag(0x60FE, 0x3000).isOverlay)
        #expect(!Tag(0x6001, 0x3000).isOverlay)
        #expect(!Tag(0x6100, 0x3000).isOverlay)
    }

    @Test(arguments: [("1.2.840.10008.1.2", true), ("1.02", false), ("1..2", false), ("", false), ("1.2a", false)])
    func `a UID is checked by the rules of PS3.5 9·1`(value: String, isValid: Bool) {
        #expect(UID(value).isValid == isValid)
    }

    @Test func `a UID loses its padding and nothing else`() {
        #expect(UID("1.2.3\0").value == "1.2.3")
        #expect(UID("1.2.3 ").value == "1.2.3")
        #expect(!UID(String(repeating: "1", count: 65)).isValid)
    }

    @Test func `VRs with a 32-bit length are those of PS3.5 7·1·2`() {
        let long = ["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"]
        #expect(Set(VR.known.filter(\.hasLongLength).map(\.description)) == Set(long))
        #expect(VR.known.count == 34)
    }

    @Test func `Transfer Syntaxes are found by UID, unknown ones too`() {
        #expect(TransferSyntax(uid: UID("1.2.840.10008.1.2.4.70")) == .jpegLosslessSV1)
        #expect(TransferSyntax(uid: UID("1.2.840.10008.1.2")).isExplicitVR == false)
        #expect(TransferSyntax(uid: UID("1.2.840.10008.1.2.2")).isBigEndian)
        let unknown = TransferSyntax(uid: UID("1.2.3"))
        #expect(unknown.codec == .unknown)
        #expect(unknown.uid.value == "1.2.3")
    }

    @Test func `frames are counted from 1`() {
        #expect(FrameNumber(0) == nil)
        #expect(FrameNumber(1)?.index == 0)
        #expect(FrameNumber(index: 4).value == 5)
    }

    @Test func `a sensitive value doesn't show`() {
        let name = Sensitive("Zzyzx^Canary")
        var dumped = ""
        dump(name, to: &dumped)
        #expect("\(name)" == "‹redacted›")
        #expect(String(reflecting: name) == "‹redacted›")
        #expect(!dumped.contains("Zzyzx"))
        #expect(name.reveal() == "Zzyzx^Canary")
    }
}
