import Crypto
import CryptoExtras
import DICOMModel
import Foundation
import Glibc
import Ledger

/// Who may sign in to the review page of an output: `review/reviewers.json`, mode 0600.
///
/// Passwords are kept as scrypt hashes (RFC 7914). The ledger has the SHA-256 of each account, so that one that was put in or
/// changed otherwise than by `quench reviewer` opens nothing and shows in `quench verify`.
public struct ReviewerAccounts: Sendable {
    private static let format = "quench-reviewers-1"
    /// Shorter ones are refused, as NIST SP 800-63B asks for.
    public static let shortestPassword = 12
    public static let longestPassword = 256

    private struct Stored: Codable {
        var format: String
        var reviewers: [Account]
    }

    struct Account: Hashable, Codable {
        var name: String
        /// Hexadecimal, as the hash.
        var salt: String
        var hash: String
        var rounds: Int
        var blockSize: Int
        var parallelism: Int

        /// What the ledger has of it.
        var digest: String {
            let text = "\(name)\n\(salt)\n\(hash)\n\(rounds)\n\(blockSize)\n\(parallelism)\n"
            return hexadecimal(SHA256.hash(data: Array(text.utf8)))
        }

        /// Without a hash yet. These parameters want 128 MiB and about half a second, whoever tries.
        init(name: String) {
            var random = SystemRandomNumberGenerator()
            self.name = name
            salt = hexadecimal((0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) })
            (rounds, blockSize, parallelism) = (1 << 17, 8, 1)
            hash = ""
        }

        func derived(from password: String) throws -> String {
            let isFit = rounds <= 1 << 20 && blockSize <= 32 && parallelism <= 16
            guard isFit, let salt = [UInt8](hexadecimal: salt) else { throw ReviewerAccounts.unreadable }
            let text = Array(password.precomposedStringWithCompatibilityMapping.utf8)
            let key = try KDF.Scrypt.deriveKey(
                from: text, salt: salt, outputByteCount: 32, rounds: rounds, blockSize: blockSize,
                parallelism: parallelism)
            return key.withUnsafeBytes { hexadecimal(Array($0)) }
        }
    }

    private let output: OutputFolder
    private let configuration: RunConfiguration

    /// - Throws: `PipelineError` where the folder is no output.
    public init(folder: String, configuration: RunConfiguration) throws {
        output = try OutputFolder(existing: folder)
        self.configuration = configuration
    }

    // MARK: - Changing

    /// Lets a person sign in.
    ///
    /// - Throws: `PipelineError` with code `.review` for a name that is taken, whatever its case, or an unfit password.
    public func add(_ reviewer: Reviewer, password: String) throws {
        guard (Self.shortestPassword...Self.longestPassword).contains(password.count) else {
            throw PipelineError(
                .review, "a password has \(Self.shortestPassword) to \(Self.longestPassword) characters",
                hint: "a few words in a row are good and easy to remember")
        }
        var accounts = try Self.load(output)
        guard !accounts.contains(where: { reviewer.isCalled($0.name) }) else {
            throw PipelineError(
                .review, "there is a reviewer of this name",
                hint: "`quench reviewer remove` first, to change the password")
        }
        var account = Account(name: reviewer.name)
        account.hash = try account.derived(from: password)
        try log.record(Accessed(action: .reviewerAdded, by: account.name, evidence: ["account=\(account.digest)"]))
        accounts.append(account)
        try store(accounts)
    }

    /// - Throws: `PipelineError` with code `.review` where there is nobody of that name.
    public func remove(_ reviewer: Reviewer) throws {
        let accounts = try Self.load(output)
        let rest = accounts.filter { !reviewer.isCalled($0.name) }
        guard let gone = accounts.first(where: { reviewer.isCalled($0.name) }) else {
            throw PipelineError(.review, "there is no reviewer of this name", hint: "`quench reviewer list` names them")
        }
        try log.record(Accessed(action: .reviewerRemoved, by: gone.name))
        try store(rest)
    }

    private var log: ReviewLog {
        get throws { try ReviewLog(folder: output.path, configuration: configuration) }
    }

    private func store(_ accounts: [Account]) throws {
        try OutputFolder.makeFolder(output.reviewPath, mode: 0o700)
        try FileCopy.replace(output.reviewersPath, by: try Self.bytes(of: accounts))
        OutputFolder.synchronize(output.reviewPath)
    }

    /// The file that they make.
    fileprivate static func bytes(of accounts: [Account]) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        let stored = Stored(format: format, reviewers: accounts.sorted { $0.name < $1.name })
        return Array(try encoder.encode(stored)) + [0x0A]
    }

    // MARK: - Reading

    /// Names, in order.
    public func names() throws -> [String] { try Self.load(output).map(\.name).sorted() }

    /// The reviewer whose name and password these are; nil for all others, which takes as long.
    ///
    /// - Parameter known: `LedgerState.reviewerAccounts` of the output; an account that isn't among them opens nothing.
    public func reviewer(named name: String, password: String, known: [String: String]) throws -> Reviewer? {
        let account = try Self.load(output).first { $0.name.lowercased() == name.lowercased() }
            .flatMap { known[$0.name] == $0.digest ? $0 : nil }
        guard password.count <= Self.longestPassword else { return nil }
        let derived = try (account ?? Account(name: "nobody")).derived(from: password)
        guard let account, Self.areEqual(derived, account.hash) else { return nil }
        return try Reviewer(account.name)
    }

    /// In a time that doesn't tell where they differ.
    private static func areEqual(_ one: String, _ other: String) -> Bool {
        let (left, right) = (Array(one.utf8), Array(other.utf8))
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static let unreadable = PipelineError(
        .review, "review/reviewers.json can't be read", hint: "remove it and add the reviewers again")

    static func load(_ output: OutputFolder) throws -> [Account] {
        guard FileManager.default.fileExists(atPath: output.reviewersPath) else { return [] }
        let attributes = try? FileManager.default.attributesOfItem(atPath: output.reviewersPath)
        guard let mode = attributes?[.posixPermissions] as? Int, mode & 0o077 == 0 else {
            throw PipelineError(
                .review, "others than its owner have access to review/reviewers.json", hint: "run `chmod 600` on it")
        }
        guard let data = FileManager.default.contents(atPath: output.reviewersPath),
            let stored = try? JSONDecoder().decode(Stored.self, from: data), stored.format == format
        else { throw unreadable }
        return stored.reviewers
    }
}

extension VerifyRun {
    /// Reviewers that the ledger doesn't have so, and those of it that are gone.
    static func reviewerProblems(_ output: OutputFolder, _ state: LedgerState) -> [Problem] {
        let present = (try? FileManager.default.contentsOfDirectory(atPath: output.reviewPath)) ?? []
        let additional =
            present.allSatisfy { $0 == "reviewers.json" }
            ? [] : [Problem(item: "review/", what: "holds something that Quench didn't put there: remove it")]
        let item = "review/reviewers.json"
        let recorded = state.reviewerAccounts
        guard let accounts = try? ReviewerAccounts.load(output) else {
            return additional + [Problem(item: item, what: "can't be read")]
        }
        let names = Dictionary(accounts.map { ($0.name, $0.digest) }, uniquingKeysWith: { first, _ in first })
        guard names == recorded, accounts.count == names.count else {
            return additional + [
                Problem(item: item, what: "holds other reviewers or passwords than `quench reviewer` recorded")
            ]
        }
        // Decoding passes over whatever else stands in it.
        guard let data = FileManager.default.contents(atPath: output.reviewersPath),
            (try? data.elementsEqual(ReviewerAccounts.bytes(of: accounts))) != true
        else { return additional }
        return additional + [Problem(item: item, what: "isn't as `quench reviewer` wrote it")]
    }
}
