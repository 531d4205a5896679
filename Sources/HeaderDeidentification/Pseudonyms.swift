import Crypto
public import DICOMModel

/// Whether the same Patient ID of another issuer (0010,0021), or of none, is another patient.
public enum IssuerRule: String, Hashable, Sendable, Codable, CaseIterable {
    case distinguishes
    case ignored
}

/// Pseudonyms derived from a project key by HMAC-SHA-256: the same original gives the same pseudonym on every machine
/// and in every later run, and nothing can be inverted or guessed without the key.
///
/// Each kind has a domain of its own, so that a Patient ID and an Accession Number of equal text get unrelated
/// pseudonyms.
public struct Pseudonyms: Sendable {
    /// Begun with the key, so that each pseudonym costs only its own bytes.
    private let keyed: HMAC<SHA256>
    private let newUIDs = UIDMemory()
    /// Tells which key was used (`ProjectKey.fingerprint`).
    public let keyFingerprint: String
    private let issuers: IssuerRule

    public init(key: ProjectKey, issuers: IssuerRule = .distinguishes) {
        self.issuers = issuers
        keyed = HMAC(key: SymmetricKey(data: key.bytes))
        keyFingerprint = key.fingerprint
    }

    /// A UID below 2.25 (PS3.5 B.2): 128 bits of the HMAC in decimal, so at most 44 characters.
    ///
    /// Study, Series and SOP Instance UIDs and all references to them go through this one map.
    public func uid(_ original: UID) -> UID {
        newUIDs[original] { UID(uuid: authentication(of: original.value, domain: "uid").prefix(16)) }
    }

    /// `QP-` and 16 characters of base32 (80 bits), which fits Patient ID (LO) and Patient's Name (PN).
    ///
    /// - Parameters:
    ///   - patientID: decoded; blanks around it don't count.
    ///   - issuer: Issuer of Patient ID (0010,0021). The same id of two issuers is two patients (PS3.3 C.7.1.1), unless
    ///     issuers are ignored.
    public func patient(patientID: String, issuer: String? = nil) -> String {
        let parts = [trimmed(patientID), issuers == .ignored ? "" : trimmed(issuer ?? "")]
        return "QP-" + base32(authentication(of: joined(parts), domain: "patient").prefix(10))
    }

    /// The pseudonym of a patient who has no Patient ID: by name and birth date where there is a name, else by Study.
    public func patient(name: String, birthDate: String, studyInstanceUID: UID) -> String {
        let name = trimmed(name)
        let isNamed = name.contains { $0 != "^" && $0 != "=" }
        let parts = isNamed ? ["name", name, trimmed(birthDate)] : ["study", studyInstanceUID.value]
        return "QP-" + base32(authentication(of: joined(parts), domain: "patient-without-id").prefix(10))
    }

    /// `QA` and 14 characters of base32 (70 bits), which fits Accession Number (SH).
    ///
    /// - Parameter issuer: who assigned it, where the object says so.
    public func accessionNumber(_ original: String, issuer: String? = nil) -> String {
        let parts = [trimmed(original), trimmed(issuer ?? "")]
        return "QA" + base32(authentication(of: joined(parts), domain: "accession-number").prefix(10)).prefix(14)
    }

    /// `QS-` and 16 characters of base32: a session of XNAT where no list names one. One for each Study.
    public func session(studyInstanceUID: UID) -> String {
        "QS-" + base32(authentication(of: studyInstanceUID.value, domain: "session").prefix(10))
    }

    /// Some hexadecimal digits for anything else that needs a stable name.
    ///
    /// - Parameters:
    ///   - domain: what kind of thing it is; equal texts of different domains get unrelated tokens.
    ///   - length: digits, at most 64; anything beyond is cut.
    public func token(_ original: String, domain: String, length: Int = 16) -> String {
        String(hexadecimal(authentication(of: original, domain: "token:" + domain)).prefix(max(0, length)))
    }

    // MARK: -

    private func authentication(of text: String, domain: String) -> [UInt8] {
        var code = keyed
        code.update(data: Array(domain.utf8) + [0] + Array(text.utf8))
        return Array(code.finalize())
    }

    /// Unambiguous also where a part contains the separator.
    private func joined(_ parts: [String]) -> String {
        parts.map { "\($0.utf8.count):\($0)" }.joined()
    }

    private func trimmed(_ text: String) -> String {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0 }
        let start = text.utf8.drop(while: isBlank)
        return String(Substring(start.dropLast(start.reversed().prefix(while: isBlank).count)))
    }

    /// RFC 4648 alphabet, no padding.
    private func base32(_ bytes: ArraySlice<UInt8>) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
        var text: [UInt8] = []
        var buffer: UInt32 = 0
        var bits: UInt32 = 0
        for byte in bytes {
            buffer = (buffer << 8 | UInt32(byte)) & 0xFFFF
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(alphabet[Int(buffer >> bits & 31)])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
