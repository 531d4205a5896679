import DICOMModel
import HeaderDeidentification
import PHIClassification
import Pipeline
import PixelRedaction
import Testing

@Suite struct PolicyTests {
    @Test func `the built-in policy has a word on every kind of series and every category`() throws {
        let policy = try Policy.builtIn()
        #expect(Set(policy.series.keys) == Set(SeriesKind.allCases.map(\.rawValue)))
        #expect(Set(policy.findings.keys) == Set(FindingCategory.allCases))
    }

    @Test func `by default only technical text and markers stay`() throws {
        let kept = try Policy.builtIn().findings.filter { $0.value == .keep }.keys
        #expect(Set(kept) == [.technical, .marker])
    }

    @Test func `what a policy leaves out is as in the built-in one`() throws {
        let policy = try Policy(yaml: "version: 1\nfindings:\n  marker: mask\n")
        #expect(policy.findings[.marker] == .mask)
        #expect(policy.findings[.technical] == .keep)
        #expect(policy.series["dose-page"] == .reject)
    }

    @Test func `the lossless fallback is read, and the built-in policy has one`() throws {
        #expect(try Policy.builtIn().fallback == .jpegLossless)
        #expect(try Policy(yaml: "version: 1\npixels:\n  fallback: none\n").fallback == .none)
        #expect(try Policy(yaml: "version: 1\npixels:\n  fallback: jpeg-2000\n").fallback == .jpeg2000)
    }

    @Test(arguments: [
        ("version: 1\nserie:\n  image: inspect\n", "line 2"),
        ("version: 1\nseries:\n  image: release\n", "line 3"),
        ("version: 1\npixels:\n\n  maximum-masked-share: 7\n", "line 4"),
        ("version: 1\npixels:\n  fallback: jpeg\n", "line 3"),
        ("version: 1\nlimits:\n  seconds-per-file: soon\n", "line 3"),
        ("version: 1\nseries:\n  image: inspect\n  image: reject\n", "line"),
        ("version: 1\nscripts:\n  order: after-profile\n", "line 3"),
        ("version: 1\ncohort:\n  outside: inspect\n", "line 3"),
        ("version: 1\nconsent:\n  not-allowed: inspect\n", "line 3"),
        ("version: 1\nidentifiers:\n\n  ages-from-90: round\n", "line 4"),
        ("version: 1\nfindings:\n  by-script: keep\n", "line 3"),
        ("version: 1\nreport:\n  contact-sheets: some\n", "line 3"),
        ("version: 1\nreport:\n  frames-per-sheet: 0\n", "line 3"), ("version: 2\n", "line 1"),
        ("series: [\n", "line"),
        ("version: 1\ndeidentification:\n  option: []\n", "line 3"),
        ("version: 1\ndeidentification:\n  options:\n    - retain-uids\n    - retain-everything\n", "line 5"),
        ("version: 1\ndeidentification:\n  options: retain-uids\n", "line 3"),
        ("version: 1\ndeidentification:\n  options: [retain-uids, retain-uids]\n", "line 3"),
        (
            "version: 1\ndeidentification:\n"
                + "  options: [retain-longitudinal-full-dates, retain-longitudinal-modified-dates]\n", "line 3"
        ),
        ("version: 1\ndeidentification:\n  date-shift-days: [5]\n", "line 3"),
        ("version: 1\ndeidentification:\n  date-shift-days: [-5, -10]\n", "line 3"),
        ("version: 1\ndeidentification:\n  date-shift-days: [0, 0]\n", "line 3"),
    ])
    func `a mistake in a policy is an error that names its line`(yaml: String, place: String) {
        let error = #expect(throws: PipelineError.self) { try Policy(yaml: yaml) }
        #expect(error?.code == .policy)
        #expect(error?.message.contains(place) == true, "\(error?.message ?? "")")
    }

    @Test func `options are read, and the built-in policy has none`() throws {
        #expect(try Policy.builtIn().deidentification.options == [])
        let names = ProfileOption.allCases.map(\.rawValue).filter { $0 != "retain-longitudinal-full-dates" }
        let policy = try Policy(
            yaml: """
                version: 1
                deidentification:
                  options: [\(names.joined(separator: ", "))]
                  date-shift-days: [-90, 90]
                """)
        #expect(policy.deidentification.options.map(\.rawValue).sorted() == names.sorted())
        #expect(policy.deidentification.dateShiftDays == -90...90)
        let codes = policy.deidentification.codes(cleanPixelData: true).map(\.rawValue)
        // CID 7050 less Clean Recognizable Visual Features and Retain Full Dates.
        #expect(codes == (113_100...113_112).filter { ![113_102, 113_106].contains($0) }.map(String.init))
    }

    @Test func `a policy without a version is refused`() {
        #expect(throws: PipelineError.self) { try Policy(yaml: "series:\n  image: inspect\n") }
    }

    @Test func `another text is another digest`() throws {
        let one = try Policy(yaml: "version: 1\n")
        let other = try Policy(yaml: "version: 1\n# the same\n")
        #expect(one.digest != other.digest)
        // sha256sum of "version: 1\n"
        #expect(one.digest == "09bfcc6a14b83e2192b8673677725c84883ee9cd0c70e45c9ec09daa8f2b2847")
    }
}
