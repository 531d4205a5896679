import DICOMModel
import Foundation
import Synchronization

extension RunConfiguration {
    /// Puts a question about each file to workers, which write nothing that stays; archives are taken apart, and the
    /// question is put about their entries. What a worker dies of at a file is its answer.
    ///
    /// - Parameters:
    ///   - question: its answer about an archive is `.failed("archive")`.
    ///   - progress: counts the files; an archive counts as what is in it.
    ///   - each: is told the number of the file, that of the archive's entry, and the answer; in any order and from
    ///     several threads. Answers that an interruption prevents are left out.
    func ask(
        _ paths: [String], progress: ProgressCounter? = nil,
        question: @escaping @Sendable (String) -> WorkerRequest,
        each: @escaping @Sendable (AskedFile, WorkerResponse) -> Void
    ) throws {
        @Sendable func answer(_ file: AskedFile, _ response: WorkerResponse) {
            each(file, response)
            progress?.advance()
        }
        let folder = try TemporaryFolder.make()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let pool = pool(temporaryFolder: folder)
        let archives = Mutex<[AskedFile]>([])
        let files = paths.enumerated().map { AskedFile(path: $1, number: $0) }
        try pool.ask(files.map { ($0, question($0.path)) }) { file, response in
            guard case .failed("archive") = response else { return answer(file, response) }
            archives.withLock { $0.append(file) }
        }
        let keeper = ArchiveKeeper()
        defer { withExtendedLifetime(keeper) {} }
        if !archives.withLock({ $0.isEmpty }) { try keeper.start(pool) }
        // One after the other, so that no more than one lies unpacked.
        for archive in archives.withLock({ $0 }).sorted(by: { $0.number < $1.number }) {
            let unpacked = pool.unpackingFolder
            defer { try? FileManager.default.removeItem(atPath: unpacked) }
            let entries = try unpack(archive, to: unpacked, pool: pool, each: each)
            progress?.expect(more: entries.count - 1)
            try pool.ask(entries.map { ($0, question($0.path)) }) { entry, response in
                guard case .failed("archive") = response else { return answer(entry, response) }
                // As `clean` takes them: an archive in an archive is none of its files.
                answer(entry, .failed("not-dicom"))
            }
        }
    }

    private func unpack(
        _ archive: AskedFile, to folder: String, pool: WorkerPool,
        each: @escaping @Sendable (AskedFile, WorkerResponse) -> Void
    ) throws -> [AskedFile] {
        let files = Mutex<[AskedFile]>([])
        try pool.ask([(archive, .unpack(path: archive.path, folder: folder))], frames: 100) { archive, response in
            guard case .unpacked(let entries, let reason) = response else { return each(archive, response) }
            if let reason { each(archive, .failed(reason)) }
            for (index, entry) in entries.enumerated() {
                let file = AskedFile(path: entry.path, number: archive.number, entry: index)
                if let reason = entry.reason {
                    each(file, .failed(reason))
                } else {
                    files.withLock { $0.append(file) }
                }
            }
        }
        return files.withLock { $0 }
    }
}

/// A file that a question is about.
struct AskedFile: Hashable, Sendable {
    var path: String
    /// Its place, or that of its archive, among those that were named; 0-based.
    var number: Int
    /// Its place in an archive; 0-based.
    var entry: Int?
}

extension WorkerPool {
    fileprivate func ask(
        _ requests: [(file: AskedFile, request: WorkerRequest)], frames: Int = 1,
        each: @escaping @Sendable (AskedFile, WorkerResponse) -> Void
    ) throws {
        try run(requests) { asked, worker in
            let response: WorkerResponse
            do throws(WorkerFailure) {
                response = try worker.perform(asked.request, frames: frames)
            } catch {
                guard let reason = error.reason else { return try Assessment.stop(error) }
                response = .failed(reason)
            }
            each(asked.file, response)
        }
    }
}
