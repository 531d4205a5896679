import DICOMModel
import Foundation
import Glibc
import HeaderDeidentification
import Ledger

/// A File-set of what was released: `file-set/` with a DICOMDIR and the files under File IDs that media allow (PS3.10
/// section 8), for a disc or a system that reads such.
///
/// The files are the released ones, by hard link, so that they take no room; where the file system has none, copies.
public struct FileSetRun: Sendable {
    public struct Summary: Sendable, Encodable {
        /// Relative to the output folder.
        public var directory: String
        /// Files with a record.
        public var listed: Int
        /// Released files that the standard has no record for; they are not in the File-set.
        public var leftOut: Int
    }

    private let output: OutputFolder
    private let configuration: RunConfiguration

    /// - Throws: `PipelineError` where the folder is no output.
    public init(folder: String, configuration: RunConfiguration) throws {
        output = try OutputFolder(existing: folder)
        self.configuration = configuration
    }

    /// Makes the File-set anew; an earlier one is replaced when the new one is whole.
    ///
    /// - Throws: `LedgerError` while a run is at work; `PipelineError` where nothing was released, where a released file
    ///   isn't what was released, or where the output can't be written.
    public func run() throws -> Summary {
        let act = try QuarantineAct(output: output, configuration: configuration, needsTerms: false, isRecorded: false)
        defer { act.end() }
        let released = try act.ledger.state().instances.compactMap(\.released)
        guard !released.isEmpty else {
            throw PipelineError(.review, "nothing was released that a DICOMDIR could list")
        }
        let contents = try FileSetContents(of: released, in: output, pool: act.pool, configuration: configuration)
        let summary = Summary(
            directory: "file-set/DICOMDIR", listed: contents.files.count,
            leftOut: released.count - contents.files.count)
        if contents.problems(in: output).isEmpty { return summary }
        let staged = output.workPath + "/file-set"
        try OutputFolder.makeFolder(staged, mode: 0o755)
        for (fileID, file) in contents.files { try place(file, at: staged + "/" + fileID) }
        try FileCopy.write(contents.directory, to: staged + "/DICOMDIR")
        guard chmod(staged + "/DICOMDIR", 0o644) == 0 else { throw unwritable() }
        try output.replace(output.fileSetPath, by: staged)
        return summary
    }

    private func place(_ file: Released, at target: String) throws {
        let source = output.path + "/" + file.path
        try OutputFolder.makeFolder(String(target[..<(target.lastIndex(of: "/") ?? target.startIndex)]), mode: 0o755)
        guard link(source, target) != 0 else { return }
        guard [EXDEV, EPERM, EMLINK, EOPNOTSUPP].contains(errno) else { throw unwritable() }
        try FileCopy.withNewFile(target) { copy in
            try FileCopy.forEachChunk(of: source) { try FileCopy.require(writeAll($0, to: copy)) }
        }
        guard chmod(target, 0o644) == 0 else { throw unwritable() }
    }

    private func unwritable() -> PipelineError {
        PipelineError(
            .output, "the File-set can't be written: \(OutputFolder.lastError)",
            hint: "mend that, then run the same command again")
    }
}
