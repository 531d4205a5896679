import Foundation
import Glibc
import Testing

/// The review page in a real browser: `Tests/Browser/review.py` drives Chromium through its WebDriver, a scenario at a time.
@Suite(.serialized) struct ReviewPageTests {
    private static let programs: [String] = ["/usr/bin/chromedriver", "/usr/bin/python3"]
    private static let hasBrowser = programs.allSatisfy { access($0, X_OK) == 0 }

    @Test(
        .enabled(if: hasBrowser && Place.hasSampleData, "make test-deps sample-data"),
        arguments: [
            "signing-in", "cine", "rejecting", "keyboard", "leaving", "four-eyes", "refused", "attacks", "looks",
        ])
    func `a reviewer's work on the page`(scenario: String) throws {
        let finished = try Shell.run(
            "/usr/bin/python3", [Place.root + "/Tests/Browser/review.py", Place.program, scenario])
        #expect(finished.status == 0, "\(finished.output)\(finished.errors)")
    }

    @Test func `a page that others could reach without TLS is refused, and so is a folder that is no output`() throws {
        try SmallRun.with([SmallStudy()]) { run in
            try #require(try run.clean([]).status == 0)
            for address in ["0.0.0.0", "192.168.1.1", "::"] {
                let refused = try Shell.quench("review", run.output, "--address", address)
                #expect(refused.status == 2)
                #expect(refused.errors.contains("docs/review.md"))
            }
            #expect(try Shell.quench("review", run.output, "--origin", "http://review.example.org").status == 2)
            let elsewhere = try Shell.quench("review", run.input)
            #expect(elsewhere.status == 1 && elsewhere.errors.contains("no output of Quench"))
            let password = try run.write("password", "short\n")
            let short = try Shell.quench("reviewer", "add", run.output, "Ann", "--password-file", password)
            #expect(short.status == 2 && short.errors.contains("12 to 256 characters"))
            #expect(try Shell.quench("verify", run.output).status == 0, "nothing was recorded")
        }
    }
}
