import Crypto
import DICOMModel

/// The UIDs that scripts make.
struct UIDMap {
    private let pseudonyms: Pseudonyms?
    private let fingerprint: String
    private var mapped: [String: String] = [:]
    private var made = 0

    /// - Parameter fingerprint: of the script.
    init(pseudonyms: Pseudonyms?, fingerprint: String) {
        self.pseudonyms = pseudonyms
        self.fingerprint = fingerprint
    }

    /// `hashUID`: a UUID of version 5 (RFC 9562) over the UTF-8 bytes alone, without a namespace, below 2.25 (PS3.5 B.2).
    static func hashed(_ text: String) -> String {
        var bytes = Array(Insecure.SHA1.hash(data: Array(text.utf8)).prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x50
        bytes[8] = bytes[8] & 0x3F | 0x80
        return UID(uuid: bytes).value
    }

    /// `newUID`: each call another one. With a key it derives from the script, the number of the call, and
    /// the instance, so that a run that is repeated gives the same.
    mutating func new(instance: String?) -> String {
        made += 1
        guard let pseudonyms, let instance else { return Self.random().value }
        return pseudonyms.uid(UID("newUID \(fingerprint) \(made) \(instance)")).value
    }

    /// `mapUID` and `mapReferencedUIDs`: the same for the same original and prefix.
    mutating func mapped(_ original: String, prefix: String) -> String {
        if let pseudonyms { return Self.below(prefix, pseudonyms.uid(UID(original))) }
        let key = prefix + " " + original
        if let known = mapped[key] { return known }
        let new = Self.below(prefix, Self.random())
        mapped[key] = new
        return new
    }

    /// Whether UIDs can be made below it: in 64 characters (PS3.5 9.1) there must be room for 23 digits, 76 bits.
    static func isPrefix(_ text: String) -> Bool {
        text.utf8.count <= 40 && UID(text).isValid
    }

    /// The low-order digits of a UID below 2.25 that fit.
    private static func below(_ prefix: String, _ uid: UID) -> String {
        let digits = uid.value.dropFirst("2.25.".count).suffix(63 - prefix.utf8.count).drop { $0 == "0" }
        return "\(prefix).\(digits.isEmpty ? "0" : digits)"
    }

    private static func random() -> UID {
        var generator = SystemRandomNumberGenerator()
        return UID(uuid: (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }
}
