internal import Crypto
import DICOMModel
internal import Foundation

/// The secret that receipts are signed with: Ed25519 (RFC 8032), 32 bytes in a file of mode 0600. It never prints itself.
public struct SigningKey: Sendable, CustomStringConvertible, CustomReflectable {
    private static let kind = "quench-signing-key-1"
    private let bytes: [UInt8]
    public let publicKey: PublicKey

    private init(bytes: [UInt8]) throws {
        self.bytes = bytes
        do {
            let key = try Curve25519.Signing.PrivateKey(rawRepresentation: bytes)
            publicKey = PublicKey(bytes: Array(key.publicKey.rawRepresentation))
        } catch {
            throw LedgerError(.key, "the signing key can't be used")
        }
    }

    /// Reads a key file.
    ///
    /// - Throws: `LedgerError` with code `.key` where it can't be read, where others than its owner have access to it, or
    ///   where it is none.
    public init(contentsOf path: String) throws {
        try self.init(bytes: try SecretFile.read(path, kind: Self.kind))
    }

    /// Makes a key, and the public key beside it under the same name with `.pub`.
    ///
    /// - Throws: `LedgerError` with code `.key` where one of the names is taken: a key is never overwritten.
    public static func generate(at path: String) throws -> SigningKey {
        let key = try SigningKey(bytes: try SecretFile.generate(at: path, kind: kind))
        try key.publicKey.write(to: path + ".pub")
        return key
    }

    /// 64 bytes.
    func signature(of text: String) throws -> [UInt8] {
        do {
            let key = try Curve25519.Signing.PrivateKey(rawRepresentation: bytes)
            return Array(try key.signature(for: Data(text.utf8)))
        } catch {
            throw LedgerError(.key, "the signing key can't be used")
        }
    }

    public var description: String { "‹signing key›" }
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}

/// What signatures are checked with; no secret.
public struct PublicKey: Hashable, Sendable {
    private static let kind = "quench-public-key-1"
    private let bytes: [UInt8]

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Nil unless the text is 64 hexadecimal digits.
    init?(hexadecimal text: String) {
        guard let bytes = [UInt8](hexadecimal: text), bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    /// - Throws: `LedgerError` with code `.key`.
    public init(contentsOf path: String) throws {
        bytes = try SecretFile.read(path, kind: Self.kind, isSecret: false)
    }

    func write(to path: String) throws {
        try SecretFile.write(bytes, to: path, kind: Self.kind, isSecret: false)
    }

    /// 64 hexadecimal digits.
    public var text: String { hexadecimal(bytes) }

    func isValid(signature: [UInt8], of text: String) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes) else { return false }
        return key.isValidSignature(signature, for: Data(text.utf8))
    }
}
