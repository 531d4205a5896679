import DICOMModel
import Foundation
import HeaderDeidentification
import Testing

struct PseudonymsTests {
    // python3: hmac.new(bytes(range(32)), b"uid\0" + b"1.2.3.4.5", hashlib.sha256).digest()[:16] as a big-endian number
    @Test func `a UID becomes 128 bits of the HMAC in decimal`() {
        #expect(pseudonyms.uid(UID("1.2.3.4.5")).value == "2.25.254260956493134844779427272327941164426")
        #expect(pseudonyms.uid(UID("1.2.3.4.5")).isValid)
    }

    // python3: base64.b32encode(hmac.new(bytes(range(32)), b"patient\0" + b"5:12345" + b"0:", "sha256").digest()[:10])
    @Test func `a patient becomes 80 bits of the HMAC in base32`() {
        #expect(pseudonyms.patient(patientID: " 12345 ") == "QP-XEBUUTZ3NQMVHXBY")
        #expect(pseudonyms.patient(patientID: "12345", issuer: "A") != pseudonyms.patient(patientID: "12345"))
        let ignoring = Pseudonyms(key: testKey, issuers: .ignored)
        #expect(ignoring.patient(patientID: "12345", issuer: "A") == pseudonyms.patient(patientID: "12345"))
    }

    // python3: hmac.new(bytes(range(32)), b"token:accession\0" + b"A1", hashlib.sha256).hexdigest()[:12]
    @Test func `a token depends on its domain`() {
        #expect(pseudonyms.token("A1", domain: "accession", length: 12) == "25b9978272ef")
        #expect(pseudonyms.token("A1", domain: "x", length: 12) != pseudonyms.token("A1", domain: "y", length: 12))
        #expect(pseudonyms.token("A1", domain: "x", length: -1) == "")
        #expect(pseudonyms.token("A1", domain: "x", length: 999).count == 64)
    }

    @Test func `patients without an id are told apart by name, then by Study`() {
        let study = UID("1.2.3")
        let other = UID("1.2.4")
        func pseudonym(_ name: String, _ birth: String, _ study: UID) -> String {
            pseudonyms.patient(name: name, birthDate: birth, studyInstanceUID: study)
        }
        #expect(pseudonym("A^B", "19000203", study) == pseudonym("A^B", "19000203", other))
        #expect(pseudonym("A^B", "19000203", study) != pseudonym("A^B", "19000204", study))
        #expect(pseudonym("", "", study) != pseudonym("", "", other))
        #expect(pseudonym("^^", "", study) == pseudonym("", "", study))
    }

    @Test func `a thousand UIDs are valid and distinct`() {
        let uids = Set((0..<1000).map { pseudonyms.uid(UID("1.2.\($0)")) })
        #expect(uids.count == 1000)
        #expect(uids.allSatisfy { $0.isValid && $0.value.hasPrefix("2.25.") })
    }
}

struct ProjectKeyTests {
    private func path() -> String { FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path }

    @Test func `a generated key is read again and is never overwritten`() throws {
        let path = path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let key = try ProjectKey.generate(at: path)
        #expect(try ProjectKey(contentsOf: path).fingerprint == key.fingerprint)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let error = #expect(throws: HeaderDeidentificationError.self) { try ProjectKey.generate(at: path) }
        #expect(error?.code == .keyExists)
        #expect(try ProjectKey(contentsOf: path).fingerprint == key.fingerprint)
    }

    @Test(arguments: [0o640, 0o604, 0o660, 0o610])
    func `a key that others can reach is refused`(_ mode: Int) throws {
        let path = path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        try ProjectKey.generate(at: path)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        let error = #expect(throws: HeaderDeidentificationError.self) { try ProjectKey(contentsOf: path) }
        #expect(error?.code == .keyExposed)
    }

    @Test(arguments: ["", "00", String(repeating: "g", count: 64), String(repeating: "0", count: 66)])
    func `a malformed key is refused`(_ text: String) throws {
        let path = path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(
            FileManager.default.createFile(
                atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600]))
        let error = #expect(throws: HeaderDeidentificationError.self) { try ProjectKey(contentsOf: path) }
        #expect(error?.code == .keyMalformed)
    }

    @Test func `a missing key file is said to be unreadable, and a key prints nothing`() {
        let error = #expect(throws: HeaderDeidentificationError.self) { try ProjectKey(contentsOf: "/nonexistent/key") }
        #expect(error?.code == .keyUnreadable)
        #expect("\(testKey)" == "‹project key›")
        #expect(String(reflecting: testKey).contains("31") == false)
    }
}
