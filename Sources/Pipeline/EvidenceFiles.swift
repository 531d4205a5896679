import Ledger

/// Files that an output's seals and signatures hang on, by their paths.
public struct EvidenceFiles: Sendable, Codable {
    /// Nil for the key that derives from the project key.
    public var quarantineKey: String?
    /// Nil for receipts without a signature.
    public var signingKey: String?
    /// Where the receipt goes besides `report/receipt.json`.
    public var receipt: String?

    public init(quarantineKey: String?, signingKey: String?, receipt: String?) {
        self.quarantineKey = quarantineKey
        self.signingKey = signingKey
        self.receipt = receipt
    }

    /// Reads the keys.
    ///
    /// - Throws: `LedgerError` with code `.key`.
    public func apply(to configuration: inout RunConfiguration) throws {
        if let quarantineKey { configuration.quarantineKey = try QuarantineKey(contentsOf: quarantineKey) }
        configuration.signingKey = try signingKey.map { try SigningKey(contentsOf: $0) }
        configuration.receiptPath = receipt
    }
}
