public import DeviceRules
import Foundation
import Glibc
import Yams

/// Device rules in files: of their own, to be looked at, and in a policy, where they act.
public enum PolicyRules {
    /// A file of rules alone: a policy that says nothing else.
    ///
    /// - Parameter notes: comments at its top, a line each.
    public static func text(of rules: [DeviceRule], notes: [String] = []) -> String {
        let head = notes.map { "# " + oneLine($0) } + ["version: 1", rules.isEmpty ? "rules: []" : "rules:"]
        return (head + RuleText.lines(rules).map { "  " + $0 }).joined(separator: "\n") + "\n"
    }

    /// Writes rules into a policy file, behind those that it has; it is made where it isn't there. A comment above them says
    /// who accepted them, and when. Of several processes one after the other does it, by a lock file beside the policy.
    ///
    /// - Parameter place: where it was done, if not on the command line: ` on the review page`.
    /// - Returns: the policy as it is now.
    /// - Throws: `PipelineError` with code `.policy` where the file is no policy, has a rule of the same name, or is written so
    ///   that nothing can be put into it; it stays as it was then.
    public static func accept(
        _ rules: [DeviceRule], intoPolicyAt path: String, by reviewer: Reviewer, place: String = ""
    ) throws -> Policy {
        let day = Date().formatted(.iso8601.year().month().day())
        let lock = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
        guard lock >= 0 else { throw unwritable }
        // Closing it gives the lock back.
        defer { close(lock) }
        while flock(lock, LOCK_EX) != 0 {
            guard errno == EINTR else { throw unwritable }
        }
        return try add(rules, toPolicyAt: path, note: "accepted by \(reviewer.name)\(place), \(day)")
    }

    private static let unwritable = PipelineError(
        .policy, "the policy file can't be written", hint: "check its folder and permissions")

    private static func add(_ rules: [DeviceRule], toPolicyAt path: String, note: String) throws -> Policy {
        let before: String
        if FileManager.default.fileExists(atPath: path) {
            guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
                throw PipelineError(.policy, "the policy file can't be read", hint: "it must be text in UTF-8")
            }
            // Swift takes CR LF for one Character; lines end by LF from here on.
            before = String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 != "\r" }))
        } else {
            before = "version: 1\n"
        }
        let old = try Policy(yaml: before)
        if let double = rules.first(where: { new in old.rules.contains { $0.name == new.name } }) {
            throw PipelineError(
                .policy, "the policy has a rule `\(double.name)` already", hint: "rename one, or leave it out")
        }
        let text = try adding(["# " + oneLine(note)] + RuleText.lines(rules), to: before)
        let policy = try Policy(yaml: text)
        var expected = old
        expected.rules += rules
        expected.source = text
        guard policy == expected else { throw unfit }
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw unwritable
        }
        return policy
    }

    // MARK: - Into the text

    private static let unfit = PipelineError(
        .policy, "the policy's `rules` are written so that nothing can be put behind them",
        hint: "write each rule on lines of its own, below `rules:`")

    private static func adding(_ lines: [String], to text: String) throws -> String {
        var whole = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if whole.last?.isEmpty == true { whole.removeLast() }
        guard let node = try? Yams.compose(yaml: text), case .mapping(let root) = node else { throw unfit }
        guard let (key, value) = root.first(where: { $0.key.string == "rules" }), let line = key.mark?.line else {
            return (whole + ["", "rules:"] + lines.map { "  " + $0 }).joined(separator: "\n") + "\n"
        }
        guard case .sequence(let sequence) = value else { throw unfit }
        if sequence.isEmpty {
            whole[line - 1] = "rules:"
            whole.insert(contentsOf: lines.map { "  " + $0 }, at: line)
            return whole.joined(separator: "\n") + "\n"
        }
        guard sequence.style != .flow,
            let first = whole[line...].first(where: { $0.drop { $0 == " " }.hasPrefix("- ") })
        else { throw unfit }
        let next = root.compactMap { $0.key.mark?.line }.filter { $0 > line }.min() ?? whole.count + 1
        var end = next - 1
        while end > line, whole[end - 1].allSatisfy({ $0 == " " }) || whole[end - 1].hasPrefix("#") { end -= 1 }
        let indentation = String(first.prefix { $0 == " " })
        whole.insert(contentsOf: lines.map { indentation + $0 }, at: end)
        return whole.joined(separator: "\n") + "\n"
    }

    private static func oneLine(_ text: String) -> String {
        // Control characters, which YAML doesn't take, go as well.
        String(
            String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.isWhitespace || $0.isControl ? " " : $0 }))
    }
}

extension Unicode.Scalar {
    fileprivate var isControl: Bool {
        [.control, .format, .surrogate, .privateUse, .unassigned].contains(properties.generalCategory)
    }
}
