import DICOMModel
import Foundation
import Glibc
import Ledger

extension Quarantine {
    /// Takes back what was released: the file leaves `released/` and the File-set. Where its original is in quarantine, or is
    /// given, it is held again, so that it can be masked and released once more; else nothing of it is left in the output.
    ///
    /// Files go first and events follow: killed in between, the same command does the rest.
    ///
    /// - Parameters:
    ///   - name: a Series, or one instance, as reports and samples name it.
    ///   - originals: input files, or folders of them, among which the originals are.
    /// - Throws: `PipelineError` with code `.review` where nothing that is released is called so, or where an original isn't
    ///   among those that were given.
    public func withdraw(
        _ name: String, originals: [String] = [], by reviewer: Reviewer, because reason: ReviewReason
    ) throws -> [Result] {
        let hadFileSet = OutputFolder.exists(output.fileSetPath)
        let ids = try withdrawn(name, originals: originals, by: reviewer, because: reason)
        let isAnythingLeft = try index.read { $0.state.instances.contains { $0.released != nil } }
        if hadFileSet, isAnythingLeft { try makeFileSet() }
        return try index.read { held in
            ids.compactMap { held.state[$0] }.map { record in
                let status: Result.Status = record.outcome == .quarantined ? .heldAgain : .withdrawn
                return Result(id: record.id.rawValue, status: status, reasons: [])
            }
        }
    }

    /// Makes the File-set of what is released now.
    func makeFileSet() throws { _ = try FileSetRun(folder: output.path, configuration: configuration).run() }

    private func withdrawn(
        _ name: String, originals: [String], by reviewer: Reviewer, because reason: ReviewReason
    ) throws -> [InstanceID] {
        // What is sealed here has to open with the output's key.
        let act = try act(configuration, needsTerms: !originals.isEmpty)
        defer { act.end() }
        let records = try index.read { try $0.released(name) }
        let found = try Originals(originals).paths(of: records)
        // Its links are other names of the same files.
        if OutputFolder.exists(output.fileSetPath) { try output.removeFileSet() }
        for record in records {
            try act.withdraw(record, original: found[record.id], by: reviewer, because: reason)
        }
        // They may show what it was withdrawn for.
        try act.ledger.removeUnnamedBlobs()
        try act.finish()
        return records.map(\.id).sorted()
    }
}

/// Files that a person gives as originals.
private struct Originals {
    /// Nil where none were given.
    private let candidates: [String]?

    init(_ arguments: [String]) throws { candidates = arguments.isEmpty ? nil : try InputFiles(arguments).paths }

    /// Which of them is whose, by size and SHA-256; empty where none were given.
    func paths(of records: [InstanceRecord]) throws -> [InstanceID: String] {
        guard let candidates else { return [:] }
        let sizes = Set(records.compactMap(\.received?.byteCount))
        var byDigest: [String: String] = [:]
        for path in candidates {
            var status = stat()
            guard stat(path, &status) == 0, sizes.contains(Int(status.st_size)) else { continue }
            byDigest[try FileCopy.digest(of: path).sha256] = path
        }
        let found = records.compactMap { record in
            record.received.flatMap { byDigest[$0.sourceSHA256] }.map { (record.id, $0) }
        }
        guard found.count == records.count else {
            throw PipelineError(
                .review, "the originals of \(records.count - found.count) instances are not among the files given",
                hint:
                    "give the folder that `quench clean` had; or leave --original out, and the released files are deleted"
            )
        }
        return Dictionary(found, uniquingKeysWith: { first, _ in first })
    }
}

extension QuarantineAct {
    /// - Parameter original: where its input is; nil where it isn't given.
    fileprivate func withdraw(
        _ record: InstanceRecord, original: String?, by reviewer: Reviewer, because reason: ReviewReason
    ) throws {
        guard let released = record.released, OutputFolder.isReleasedPath(released.path) else { return }
        let isHeld = original != nil || isInQuarantine(record)
        let reasons = Decision.distinct((isHeld ? record.heldReasons : []) + ["withdrawn"])
        let taken = try output.takeBack(released.path, of: record.id)
        do {
            if let original {
                try output.quarantine(
                    record.id, original: original, reasons: reasons, key: configuration.quarantineKey)
            } else if isHeld {
                try output.setReasons(reasons, of: record.id)
            }
            var evidence = ["sha256=\(released.sha256)"]
            if taken == nil { evidence.append("file=missing") }
            if original != nil { evidence.append("original=given") }
            let pictures = record.redacted?.pictureNames.count ?? 0
            if pictures > 0 { evidence.append("pictures-removed=\(pictures)") }
            let reviewed = Reviewed(action: .withdrawn, by: reviewer.name, reason: reason.text, evidence: evidence)
            let end: LedgerEntry =
                isHeld ? .quarantined(Quarantined(reasons: reasons)) : .rejected(Rejected(reasons: reasons))
            try ledger.append([
                (record.id, .reviewed(reviewed)),
                (record.id, .decided(Decided(outcome: isHeld ? .quarantined : .rejected, reasons: reasons))),
                (record.id, end),
            ])
        } catch {
            // The ledger says that it is released, so it is.
            if let taken { rename(taken, output.path + "/" + released.path) }
            throw error
        }
        if let taken { unlink(taken) }
        output.removeEmptyFolders(of: released.path)
    }

    private func isInQuarantine(_ record: InstanceRecord) -> Bool {
        record.heldSince != nil && !record.originalIsDeleted
            && InputFiles.isFileItself(output.sealedPath(of: record.id))
    }
}
