import Foundation
import Testing

/// `quench lint` as a user runs it.
@Suite struct LintTests {
    /// Runs `quench lint` on a script in a file.
    private func lint(_ script: String, _ arguments: String...) throws -> Finished {
        try Place.temporary { folder in
            let path = folder + "/site.das"
            try Data(script.utf8).write(to: URL(fileURLWithPath: path))
            var finished = try Shell.run(Place.program, ["lint", path] + arguments)
            finished.output = finished.output.replacing(path, with: "site.das")
            return finished
        }
    }

    @Test func `a script that XNAT runs gives exit code 0, whatever it leaves undone`() throws {
        let finished = try lint("version \"6.6\"\n(0010,0010) := subject\n")
        #expect(finished.status == 0)
        #expect(finished.errors.isEmpty)
        #expect(finished.output.contains("site.das: 0 refused, 0 warnings, 0 notes"))
        #expect(finished.output.contains("of 463 live rows of Table E.1-1 (2026c) 462 are untouched at root level"))
    }

    @Test func `what XNAT refuses gives exit code 1, the line and a caret`() throws {
        let finished = try lint("version \"6.6\"\n\t-(0033,1013) // private\n")
        #expect(finished.status == 1)
        #expect(finished.output.contains("site.das:2:3: refused: (0033,1013) is private"))
        #expect(finished.output.contains("    \t-(0033,1013) // private\n    \t ^~~~~~~~~~~\n"))
    }

    @Test func `it is a warning for whoever tolerates it`() throws {
        let script = "version \"6.6\"\n-(0033,1013)\n"
        #expect(try lint(script, "--tolerant").status == 0)
        #expect(try lint(script, "--tolerant", "--deny", "warnings").status == 1)
    }

    @Test func `a gap can be denied, and the suggestion closes it`() throws {
        let script = "version \"6.6\"\n(0010,0010) := subject\n"
        #expect(try lint(script, "--deny", "gap").status == 1)
        let suggestion = try lint(script, "--suggest")
        #expect(suggestion.status == 0)
        let completed = try lint(script + suggestion.output, "--deny", "gap", "--deny", "warnings")
        #expect(completed.status == 0, "\(completed.output)")
    }

    @Test func `rows are listed with what options make of them`() throws {
        let finished = try lint("version \"6.6\"\n-*/(0008,0090)\n", "--gap", "--option", "retain-uids")
        let options = "(retain-longitudinal-full-dates K, retain-longitudinal-modified-dates C)"
        #expect(finished.output.contains("X/D     untouched  untouched     (0008,0021) SeriesDate " + options))
        #expect(!finished.output.contains("(0008,0090)"))
        #expect(!finished.output.contains("(0008,0018)"))
    }

    @Test func `results are JSON for programs`() throws {
        let finished = try lint("version \"6.6\"\n# x\n", "--json")
        #expect(finished.status == 1)
        let object = try JSONSerialization.jsonObject(with: Data(finished.output.utf8)) as? [String: Any]
        let script = try #require((object?["scripts"] as? [[String: Any]])?.first)
        #expect(script["refused"] as? Bool == true)
        let diagnostic = try #require((script["diagnostics"] as? [[String: Any]])?.first)
        #expect(diagnostic["rule"] as? String == "hash-comment")
        #expect(diagnostic["line"] as? Int == 2)
        let gap = try #require(script["gap"] as? [String: Any])
        #expect(gap["liveRows"] as? Int == 463)
        #expect((gap["completion"] as? String)?.contains("removeAllPrivateTags") == true)
    }

    @Test func `a file that can't be read and a wrong option give exit code 2`() throws {
        let missing = try Shell.quench("lint", "/nowhere/site.das", "--json")
        #expect(missing.status == 2)
        #expect(missing.output.contains("\"script-unreadable\""))
        #expect(!missing.errors.contains("nowhere"))
        #expect(try lint("version \"6.6\"\n", "--option", "everything").status == 2)
    }
}
