import Foundation
import Glibc
import Testing

/// The review page in a real browser: `Tests/Browser/review.py` drives Chromium through its WebDriver, a scenario at a time.
@Suite(.serialized) struct ReviewPageTests {
    private static let hasBrowser = ["/usr/bin/chromedriver", "/usr/bin/python3"].allSatisfy { access($0, X_OK) == 0 }

    @Test(
        .enabled(if: hasBrowser && Place.hasSampleData, "make test-deps sample-data"),
        arguments: ["signing-in", "cine", "rejecting", "keyboard", "attacks", "looks"])
    func `a reviewer's work on the page`(scenario: String) throws {
        let finished = try Shell.run(
            "/usr/bin/python3", [Place.root + "/Tests/Browser/review.py", Place.program, scenario])
        #expect(finished.status == 0, "\(finished.output)\(finished.errors)")
    }
}
