import CZip
import DICOMModel
import Foundation
import Glibc

/// Takes the entries of a zip archive out, under names of our own. Lives in a worker process.
struct ArchiveReader {
    let path: String

    /// `PK` and the signature of a local file header or of an empty archive.
    static func isArchive(_ firstBytes: [UInt8]) -> Bool {
        firstBytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) || firstBytes.starts(with: [0x50, 0x4B, 0x05, 0x06])
    }

    /// Writes each entry to `folder/<number>`, in the archive's order. An entry that can't be read whole keeps its
    /// place in the result, with a reason.
    ///
    /// - Parameter maximumEntry: bytes that one entry may have when unpacked.
    /// - Returns: what was written, and a reason where the archive itself can't be read to its end.
    func unpack(to folder: String, maximumEntry: Int) throws -> (entries: [UnpackedEntry], reason: ReasonCode?) {
        guard let archive = zip_open(path, ZIP_RDONLY, nil) else { return ([], "archive-unreadable") }
        defer { zip_discard(archive) }
        let count = zip_get_num_entries(archive, 0)
        guard count >= 0, count < 10_000_000 else { return ([], "archive-unreadable") }
        try? FileManager.default.removeItem(atPath: folder)
        try OutputFolder.makeFolder(folder, mode: 0o700)
        var entries: [UnpackedEntry] = []
        for index in 0..<UInt64(count) {
            var status = zip_stat_t()
            guard zip_stat_index(archive, index, 0, &status) == 0 else { return (entries, "archive-unreadable") }
            if let name = status.name, strlen(name) > 0, name[strlen(name) - 1] == UInt8(ascii: "/") { continue }
            let number = String(index)
            let target = folder + "/" + String(repeating: "0", count: max(0, 8 - number.count)) + number
            entries.append(try extract(index, of: archive, to: target, maximum: maximumEntry))
        }
        return (entries, nil)
    }

    private func extract(
        _ index: UInt64, of archive: OpaquePointer, to target: String, maximum: Int
    ) throws -> UnpackedEntry {
        guard let entry = zip_fopen_index(archive, index, 0) else {
            return UnpackedEntry(path: target, reason: "archive-unreadable")
        }
        defer { zip_fclose(entry) }
        let descriptor = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw WorkerStepError(OutputFolder.unwritable) }
        defer { close(descriptor) }
        var total = 0
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let got = Int(zip_fread(entry, &buffer, UInt64(buffer.count)))
            total += max(got, 0)
            if got > 0, total <= maximum, !writeAll(Array(buffer[..<got]), to: descriptor) {
                throw WorkerStepError(OutputFolder.unwritable)
            }
            guard got >= 0, total <= maximum else {
                unlink(target)
                return UnpackedEntry(
                    path: target, reason: total > maximum ? "archive-entry-too-large" : "archive-unreadable")
            }
            if got == 0 { return UnpackedEntry(path: target) }
        }
    }
}
