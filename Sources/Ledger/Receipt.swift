import DICOMModel
public import Foundation

/// A ledger at some moment, on one small page: kept elsewhere, it shows whether the ledger was cut back or written anew
/// since; signed, it shows who vouched for it.
public struct Receipt: Hashable, Sendable, Codable {
    public static let format = "quench-receipt-1"

    public var format: String
    /// SHA-256 of the ledger's first event, which no other ledger has.
    public var ledger: String
    /// How many events there were.
    public var events: Int
    /// SHA-256 of the last of them.
    public var head: String
    /// ISO 8601, UTC.
    public var time: String
    /// Ed25519, 64 hexadecimal digits; nil where nobody signed.
    public var publicKey: String?
    /// Of `signedText`, 128 hexadecimal digits.
    public var signature: String?

    init(ledger: String, head: LedgerHead, time: String, signedBy key: SigningKey?) throws {
        format = Self.format
        self.ledger = ledger
        events = head.sequence
        self.head = head.hash
        self.time = time
        publicKey = key?.publicKey.text
        signature = try key.map { hexadecimal(try $0.signature(of: signedText)) }
    }

    /// Reads a receipt file.
    ///
    /// - Throws: `LedgerError` with code `.receipt` where the bytes are none.
    public init(json: Data) throws {
        guard let receipt = try? JSONDecoder().decode(Receipt.self, from: json), receipt.format == Self.format else {
            throw LedgerError(.receipt, "the file is no receipt of Quench")
        }
        self = receipt
    }

    /// The lines that are signed, each ended by a line feed: `quench-receipt-1`, then `ledger`, `events`, `head`, `time` and
    /// `key`, each followed by a blank and its value.
    public var signedText: String {
        """
        \(format)
        ledger \(ledger)
        events \(events)
        head \(head)
        time \(time)
        key \(publicKey ?? "")

        """
    }

    /// Sorted keys, a line each; the same receipt always gives the same bytes.
    public func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return try encoder.encode(self) + Data("\n".utf8)
    }

    /// The event that it is about.
    public var ledgerHead: LedgerHead { LedgerHead(sequence: events, hash: head) }

    /// What is wrong with its signature, as part of a sentence; nil where nothing is. One without a signature is wrong only
    /// where a key is asked for.
    public func signatureProblem(expecting key: PublicKey?) -> String? {
        guard let publicKey, let signature else {
            guard publicKey == nil, signature == nil else { return "has half a signature" }
            return key == nil ? nil : "is not signed"
        }
        if let key, key.text != publicKey { return "is signed with another key" }
        guard let signer = PublicKey(hexadecimal: publicKey), let bytes = [UInt8](hexadecimal: signature),
            signer.isValid(signature: bytes, of: signedText)
        else { return "has a signature that doesn't fit it" }
        return nil
    }
}

extension Receipt {
    /// Whose signature it bears, whether or not it fits.
    public var signer: PublicKey? { publicKey.flatMap { PublicKey(hexadecimal: $0) } }
}
