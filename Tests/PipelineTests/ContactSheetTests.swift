import DICOMModel
import Ledger
import Pipeline
import Testing

@Suite struct ContactSheetTests {
    private func member(_ number: Int, series: String = "s", frames: Int, masked: [Int] = []) -> ContactSheetPlan.Member
    {
        let summary = InstanceSummary(
            patient: "p", study: "t", series: series, instance: "\(number)", modality: "US", sopClassUID: "",
            transferSyntaxUID: "", seriesKind: "image", manufacturer: "", model: "", rows: 10, columns: 10,
            numberOfFrames: frames, photometricInterpretation: nil)
        return ContactSheetPlan.Member(
            InstanceID(rawValue: "\(number)"), summary, masked: Set(masked.compactMap { FrameNumber($0) }))
    }

    private func rules(_ sheets: Policy.ReportRules.ContactSheets = .masked, frames: Int = 6, most: Int = 10)
        throws -> Policy.ReportRules
    {
        var rules = try Policy.builtIn().report
        (rules.contactSheets, rules.framesPerSheet, rules.mostSheets) = (sheets, frames, most)
        return rules
    }

    private func frames(_ plan: ContactSheetPlan, _ number: Int) -> [Int] {
        plan.frames(of: InstanceID(rawValue: "\(number)")).map(\.value)
    }

    @Test func `a cine that is masked throughout shows frames from its first to its last`() throws {
        let plan = ContactSheetPlan([member(1, frames: 101, masked: Array(1...101))], rules: try rules(frames: 3))
        #expect(frames(plan, 1) == [1, 51, 101])
    }

    @Test func `the one masked slice of a stack is on its sheet`() throws {
        let slices = (1...200).map { member($0, frames: 1, masked: $0 == 117 ? [1] : []) }
        let plan = ContactSheetPlan(slices, rules: try rules())
        let shown = (1...200).filter { frames(plan, $0) == [1] }
        #expect(shown.count == 6)
        #expect(shown.contains(1) && shown.contains(117) && shown.contains(200))
    }

    @Test func `a short series is shown whole`() throws {
        let plan = ContactSheetPlan([member(1, frames: 4, masked: [2])], rules: try rules())
        #expect(frames(plan, 1) == [1, 2, 3, 4])
    }

    @Test func `policy says which series get one, and how many`() throws {
        let members = (1...5).map { member($0, series: "s\($0)", frames: 2, masked: $0 == 1 ? [] : [1]) }
        func shown(_ rules: Policy.ReportRules) -> [Int] {
            let plan = ContactSheetPlan(members, rules: rules)
            return (1...5).filter { !frames(plan, $0).isEmpty }
        }
        #expect(shown(try rules()) == [2, 3, 4, 5])
        #expect(shown(try rules(.all, most: 3)) == [1, 2, 3])
        #expect(shown(try rules(.off)).isEmpty)
    }
}
