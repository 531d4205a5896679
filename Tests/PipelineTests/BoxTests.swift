import DICOMModel
import Pipeline
import Testing

@Suite struct BoxTests {
    @Test func `a box is for all frames, for one, or for a range`() throws {
        let region = PixelRegion(x: 1, y: 2, width: 30, height: 4)
        func frame(_ number: Int) throws -> FrameNumber { try #require(FrameNumber(number)) }
        #expect(Quarantine.Box("1,2,30,4") == Quarantine.Box(region: region))
        #expect(Quarantine.Box("1,2,30,4,7") == Quarantine.Box(region: region, frames: try frame(7)...frame(7)))
        #expect(Quarantine.Box("1,2,30,4,3-10") == Quarantine.Box(region: region, frames: try frame(3)...frame(10)))
    }

    @Test(arguments: ["1,2,30,4", "1,2,30,4,7", "1,2,30,4,3-10"])
    func `a box is written as it is read`(text: String) throws {
        #expect(try #require(Quarantine.Box(text)).description == text)
    }

    @Test(arguments: [
        "", "1,2,30", "1,2,0,4", "-1,2,30,4", "1,2,30,4,0", "1,2,30,4,10-3", "1,2,30,4,3-", "1,2,30,4,1-2-3",
        "1,2,30,4,", "1,2,30,4,5,6", "1,2,30,4294967296", "+1,2,30,4", "a,b,c,d",
    ])
    func `what is no box is refused`(text: String) {
        #expect(Quarantine.Box(text) == nil)
    }
}
