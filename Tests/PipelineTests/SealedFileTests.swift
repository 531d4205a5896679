import Foundation
import HeaderDeidentification
import Pipeline
import Testing

/// Originals in quarantine: sealed in chunks of 1 MiB, of which none can be changed, moved or left out unseen.
@Suite struct SealedFileTests {
    private static let mebibyte = 1 << 20
    /// What stands before the first chunk, and a whole chunk with its tag.
    private static let head = 16 + 8 + 32
    private static let sealedChunk = mebibyte + 16

    private let folder: String
    private let key: QuarantineKey

    init() throws {
        folder = NSTemporaryDirectory() + "/quench-sealed-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        key = QuarantineKey(derivedFrom: try ProjectKey(bytes: [UInt8](repeating: 9, count: 32)))
    }

    private func bytes(_ count: Int) -> Data { Data((0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 9) }) }

    private func sealed(_ content: Data) throws -> String {
        let path = folder + "/" + UUID().uuidString
        try content.write(to: URL(fileURLWithPath: path + ".plain"))
        try SealedFile(key).seal(path + ".plain", to: path)
        return path
    }

    private func opened(_ path: String, with key: QuarantineKey? = nil) throws -> Data {
        var result = Data()
        try SealedFile(key ?? self.key).open(path) { result += $0 }
        return result
    }

    private func code(_ body: () throws -> Data) -> PipelineError.Code? {
        do {
            _ = try body()
            return nil
        } catch {
            return (error as? PipelineError)?.code
        }
    }

    @Test(arguments: [0, 1, 5000, mebibyte - 1, mebibyte, mebibyte + 1, 2 * mebibyte, 2 * mebibyte + 77])
    func `what is sealed opens to the same bytes, and shows none of them`(count: Int) throws {
        let content = bytes(count)
        let path = try sealed(content)
        #expect(try opened(path) == content)
        let onDisk = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(onDisk.count == Self.head + count + 16 * max(1, (count + Self.mebibyte - 1) / Self.mebibyte))
        if count >= 5000 { #expect(onDisk.range(of: content.prefix(16)) == nil) }
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test func `a file that was cut off, also between chunks, doesn't open`() throws {
        let path = try sealed(bytes(2 * Self.mebibyte + 77))
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        for length in [
            0, 10, Self.head, Self.head + Self.sealedChunk, Self.head + 2 * Self.sealedChunk, whole.count - 1,
        ] {
            try whole.prefix(length).write(to: URL(fileURLWithPath: path))
            #expect(code { try opened(path) } == .integrity, "\(length) bytes")
        }
    }

    @Test func `chunks that changed places, a changed byte, and a chunk of another file don't open`() throws {
        let path = try sealed(bytes(2 * Self.mebibyte + 77))
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        let first = whole[Self.head..<Self.head + Self.sealedChunk]
        let second = whole[Self.head + Self.sealedChunk..<Self.head + 2 * Self.sealedChunk]
        let rest = whole[(Self.head + 2 * Self.sealedChunk)...]
        let head = whole.prefix(Self.head)
        var changed = whole
        changed[Self.head + 12345] ^= 1
        var salted = whole
        salted[Self.head - 1] ^= 1
        let other = try Data(contentsOf: URL(fileURLWithPath: sealed(bytes(2 * Self.mebibyte + 77))))
        for tampered in [
            head + second + first + rest, changed, salted, head + first + rest,
            other.prefix(Self.head) + whole.dropFirst(Self.head),
        ] {
            try tampered.write(to: URL(fileURLWithPath: path))
            #expect(code { try opened(path) } == .integrity)
        }
    }

    @Test func `another key is told apart from a changed file`() throws {
        let path = try sealed(bytes(100))
        let other = QuarantineKey(derivedFrom: try ProjectKey(bytes: [UInt8](repeating: 8, count: 32)))
        #expect(code { try opened(path, with: other) } == .key)
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")))
    func `another implementation opens it by what is documented`() throws {
        let script = """
            import sys
            try:
                from cryptography.hazmat.primitives.ciphers.aead import AESGCM
                from cryptography.hazmat.primitives.kdf.hkdf import HKDF
                from cryptography.hazmat.primitives.hashes import SHA256
            except ImportError:
                sys.exit(77)
            derive = lambda secret, salt, info: HKDF(SHA256(), 32, salt, info).derive(secret)
            sealed, plain = (open(name, "rb").read() for name in sys.argv[1:3])
            head, body = sealed[:56], sealed[56:]
            key = derive(derive(bytes([9] * 32), None, b"quench-quarantine-key-1"), head[24:], b"quench-sealed-1")
            size = (1 << 20) + 16
            chunks = [body[at:at + size] for at in range(0, len(body), size)]
            nonce = lambda number: number.to_bytes(11, "big") + bytes([number == len(chunks) - 1])
            opened = b"".join(AESGCM(key).decrypt(nonce(i), chunk, head) for i, chunk in enumerate(chunks))
            sys.exit(0 if opened == plain else 1)
            """
        let path = try sealed(bytes(Self.mebibyte + 5))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = ["-c", script, path, path + ".plain"]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect([0, 77].contains(process.terminationStatus))
    }
}
