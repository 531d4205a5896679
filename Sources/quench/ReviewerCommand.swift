import ArgumentParser
import Foundation
import Glibc
import Pipeline

/// Who may sign in to the review page.
struct ReviewerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reviewer", abstract: "Say who may sign in to the review page of an output.",
        subcommands: [Add.self, List.self, Remove.self])

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a reviewer; the password is asked for, or read from a file.")

        @OptionGroup var place: QuarantineCommand.Place

        @Argument(help: "The name that decisions carry in the ledger.")
        var name: String

        @Option(help: "Read the password from the first line of this file instead of the terminal.")
        var passwordFile: String?

        func run() throws {
            let reviewer = try Reviewer(name)
            let accounts = try place.reviewers()
            try accounts.add(reviewer, password: try passwordFile.map(Self.read) ?? Terminal.newPassword())
            try place.renewReports()
            place.say("\(reviewer.name) can sign in.", "added")
        }

        private static func read(_ path: String) throws -> String {
            guard let text = try? String(contentsOfFile: path, encoding: .utf8),
                let line = text.split(separator: "\n", omittingEmptySubsequences: false).first
            else { throw PipelineError(.input, "the password file can't be read", hint: "it must be text in UTF-8") }
            return String(line)
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The names of those who may sign in.")

        @OptionGroup var place: QuarantineCommand.Place

        func run() throws {
            let names = try place.reviewers().names()
            place.json ? Console.printJSON(names) : names.forEach(Console.write)
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let a reviewer sign in no more. Who is signed in stays so until the session ends.")

        @OptionGroup var place: QuarantineCommand.Place

        @Argument(help: "The reviewer's name.")
        var name: String

        func run() throws {
            try place.reviewers().remove(try Reviewer(name))
            try place.renewReports()
            place.say("\(name) can't sign in any more.", "removed")
        }
    }
}

/// Asks a person.
enum Terminal {
    /// A password, twice, not shown.
    static func newPassword() throws -> String {
        let first = try password("Password: ")
        guard try password("Again: ") == first else { throw ValidationError("the two passwords differ") }
        return first
    }

    private static func password(_ prompt: String) throws -> String {
        var before = termios()
        guard isatty(0) == 1, tcgetattr(0, &before) == 0 else {
            throw ValidationError("there is no terminal to ask for a password: give --password-file")
        }
        var silent = before
        silent.c_lflag &= ~tcflag_t(ECHO)
        Console.prompt(prompt)
        tcsetattr(0, TCSAFLUSH, &silent)
        defer {
            tcsetattr(0, TCSAFLUSH, &before)
            Console.error("")
        }
        return readLine() ?? ""
    }
}
