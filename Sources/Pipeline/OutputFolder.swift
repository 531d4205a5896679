import DICOMModel
import Foundation
import Glibc
import Ledger

/// The folder that a run writes: `released/`, `quarantine/`, `report/`, `ledger.sqlite`, and `work/` while it runs.
struct OutputFolder: Sendable {
    let path: String

    var ledgerPath: String { path + "/ledger.sqlite" }
    var reportPath: String { path + "/report" }
    var receiptPath: String { reportPath + "/receipt.json" }
    /// Who may sign in to the review page.
    var reviewPath: String { path + "/review" }
    var reviewersPath: String { reviewPath + "/reviewers.json" }
    var releasedPath: String { path + "/released" }
    var quarantinePath: String { path + "/quarantine" }
    /// Released files under names that media allow, with a DICOMDIR.
    var fileSetPath: String { path + "/file-set" }
    /// Staging and temporary files; nothing in it counts.
    var workPath: String { path + "/work" }

    /// Opens a folder that a run may write to: a new or empty one, or the output of an earlier run.
    ///
    /// - Throws: `PipelineError` with code `.output` where it holds something else or lies inside an input.
    init(path: String, inputs: [String]) throws {
        try Self.makeFolder(path, mode: 0o755)
        guard let resolved = InputFiles.resolved(path), InputFiles.isFolder(resolved) else {
            throw PipelineError(.output, "the output folder can't be made", hint: "check its parent's permissions")
        }
        for input in inputs where resolved == input || resolved.hasPrefix(input + "/") {
            throw PipelineError(
                .output, "the output folder lies inside an input folder", hint: "choose a folder elsewhere")
        }
        for input in inputs where input.hasPrefix(resolved + "/") {
            throw PipelineError(
                .output, "an input lies inside the output folder", hint: "choose another output folder")
        }
        self.path = resolved
        let names = try FileManager.default.contentsOfDirectory(atPath: resolved)
        // A run that was killed at once leaves the ledger alone, or no more than its lock.
        guard names.contains("ledger.sqlite") || names.allSatisfy({ $0.hasPrefix("ledger.") }) else {
            throw PipelineError(
                .output, "the output folder holds files that are not Quench's",
                hint: "name a new or empty folder, or the output of an earlier run")
        }
    }

    /// Opens the output of an earlier run, to read it.
    init(existing path: String) throws {
        guard let resolved = InputFiles.resolved(path),
            FileManager.default.fileExists(atPath: resolved + "/ledger.sqlite")
        else {
            throw PipelineError(
                .output, "that is no output of Quench: it has no ledger.sqlite",
                hint: "name the folder that was given to `quench clean --output`")
        }
        self.path = resolved
    }

    /// Makes the folders and removes what an interrupted run left in `work/`. To be called with the ledger locked.
    func prepare() throws {
        try removeWork()
        try Self.makeFolder(releasedPath, mode: 0o755)
        try Self.makeFolder(reportPath, mode: 0o755)
        try Self.makeFolder(quarantinePath, mode: 0o700)
        try Self.makeFolder(workPath, mode: 0o700)
        try Self.makeFolder(stagingPath, mode: 0o700)
    }

    /// Puts a folder that was made in `work/` in the place of an earlier one.
    func replace(_ target: String, by staged: String) throws {
        if FileManager.default.fileExists(atPath: target) {
            try? FileManager.default.moveItem(atPath: target, toPath: workPath + "/replaced")
        }
        guard rename(staged, target) == 0 else {
            throw PipelineError(
                .output, "a folder of the output can't be put in its place on the disk: \(Self.lastError)",
                hint: "mend that, then run the same command again")
        }
        Self.synchronize(path)
    }

    func removeFileSet() throws {
        guard (try? FileManager.default.removeItem(atPath: fileSetPath)) != nil else {
            throw PipelineError(
                .output, "the File-set can't be removed: \(Self.lastError)",
                hint: "mend that, then run the same command again")
        }
        Self.synchronize(path)
    }

    /// Removes the folders in which a released file lay, as far as nothing else is in them.
    func removeEmptyFolders(of relativePath: String) {
        var folder = relativePath[...]
        while let end = folder.lastIndex(of: "/"), folder[..<end] != "released" {
            folder = folder[..<end]
            guard rmdir(path + "/" + folder) == 0 else { return }
        }
    }

    func removeWork() throws {
        if FileManager.default.fileExists(atPath: workPath) { try FileManager.default.removeItem(atPath: workPath) }
    }

    private var stagingPath: String { workPath + "/staging" }

    func stagingPath(for instance: InstanceID) -> String { "\(stagingPath)/\(instance.rawValue).dcm" }

    /// `released/<patient>/<study>/<series>/<instance>.dcm`, all of them pseudonyms.
    func releasedRelativePath(_ summary: InstanceSummary) -> String {
        "released/\(summary.patient)/\(summary.study)/\(summary.series)/\(summary.instance).dcm"
    }

    /// Whether a path out of the ledger lies where released files do.
    static func isReleasedPath(_ path: String) -> Bool {
        path.hasPrefix("released/") && !path.split(separator: "/").contains("..")
    }

    /// Moves a verified file to its place, in one step, and makes it last through a power cut.
    func release(staged: String, to relativePath: String) throws {
        let target = path + "/" + relativePath
        let folder = String(target[..<(target.lastIndex(of: "/") ?? target.startIndex)])
        try Self.makeFolder(folder, mode: 0o755)
        guard chmod(staged, 0o644) == 0, rename(staged, target) == 0 else {
            throw PipelineError(
                .output, "a released file can't be put in its place on the disk: \(Self.lastError)",
                hint: "mend that, then run the same command again: it goes on where it was")
        }
        Self.synchronize(folder)
    }

    /// Takes a released file out, to where a second call puts it back or `removeWork` deletes it; what isn't there is left so.
    ///
    /// - Returns: where it is now; nil where it wasn't there.
    func takeBack(_ relativePath: String, of instance: InstanceID) throws -> String? {
        let source = path + "/" + relativePath
        let target = workPath + "/withdrawn-" + instance.rawValue
        guard rename(source, target) == 0 else {
            guard errno != ENOENT else { return nil }
            throw PipelineError(
                .output, "a released file can't be taken back: \(Self.lastError)",
                hint: "mend that, then run the same command again")
        }
        Self.synchronize(String(source[..<(source.lastIndex(of: "/") ?? source.startIndex)]))
        return target
    }

    /// Where the original of a held instance lies, sealed.
    func sealedPath(of instance: InstanceID) -> String { heldPath(of: instance) + "/original.sealed" }

    func heldPath(of instance: InstanceID) -> String { quarantinePath + "/" + instance.rawValue }

    /// Removes the original of a held instance with its reasons; what isn't there is left so.
    func deleteHeld(_ instance: InstanceID) throws {
        let folder = heldPath(of: instance)
        guard FileManager.default.fileExists(atPath: folder) else { return }
        guard (try? FileManager.default.removeItem(atPath: folder)) != nil else {
            throw PipelineError(
                .output, "an original in quarantine can't be deleted", hint: "check the permissions of quarantine/")
        }
        Self.synchronize(quarantinePath)
    }

    /// Seals an original with its reasons into `quarantine/<instance>/`; there before or not, it is whole afterwards.
    func quarantine(
        _ instance: InstanceID, original: String, reasons: [ReasonCode], key: QuarantineKey
    ) throws {
        let target = heldPath(of: instance)
        let staging = workPath + "/quarantine-" + instance.rawValue
        try? FileManager.default.removeItem(atPath: staging)
        try Self.makeFolder(staging, mode: 0o700)
        try SealedFile(key).seal(original, to: staging + "/original.sealed")
        try FileCopy.write(try Self.note(instance, reasons), to: staging + "/reasons.json")
        if FileManager.default.fileExists(atPath: target) { try FileManager.default.removeItem(atPath: target) }
        guard rename(staging, target) == 0 else {
            throw PipelineError(
                .output, "a file can't be put into quarantine: \(Self.lastError)",
                hint: "mend that, then run the same command again: it goes on where it was")
        }
        Self.synchronize(quarantinePath)
    }

    /// Puts other reasons beside an original that is in quarantine.
    func setReasons(_ reasons: [ReasonCode], of instance: InstanceID) throws {
        let staged = workPath + "/reasons-" + instance.rawValue
        unlink(staged)
        try FileCopy.write(try Self.note(instance, reasons), to: staged)
        try FileCopy.require(rename(staged, heldPath(of: instance) + "/reasons.json") == 0)
        Self.synchronize(heldPath(of: instance))
    }

    private struct QuarantineNote: Codable {
        var instance: String
        var reasons: [ReasonCode]
    }

    /// What `reasons.json` beside an original says.
    private static func note(_ instance: InstanceID, _ reasons: [ReasonCode]) throws -> [UInt8] {
        let note = QuarantineNote(instance: instance.rawValue, reasons: reasons.sorted())
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        return Array(try encoder.encode(note)) + [0x0A]
    }

    /// Whether beside an original there are its reasons, as the ledger has them, and nothing else.
    func isAsHeld(_ instance: InstanceID, reasons: [ReasonCode]) -> Bool {
        let folder = heldPath(of: instance)
        guard InputFiles.isFileItself(folder + "/reasons.json"), InputFiles.isFileItself(sealedPath(of: instance))
        else {
            return false
        }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        guard Set(names) == ["original.sealed", "reasons.json"], let note = try? Self.note(instance, reasons) else {
            return false
        }
        return FileManager.default.contents(atPath: folder + "/reasons.json") == Data(note)
    }

    /// Throws where a worker says that the disk can't be written to: the run ends, and no file is blamed for it.
    static func stop(onUnwritable reason: ReasonCode) throws {
        guard reason == unwritable else { return }
        throw PipelineError(
            .output, "the output can't be written: the disk is full, or can't be written to",
            hint: "make room or mend the disk, then run the same command again: it goes on where it was")
    }

    /// What a worker answers then; it reaches no ledger.
    static let unwritable: ReasonCode = "output-unwritable"

    static func makeFolder(_ path: String, mode: mode_t) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: Int(mode)])
        } catch {
            throw PipelineError(
                .output, "a folder of the output can't be made: no space on the disk, or no permission",
                hint: "mend that, then run the same command again: it goes on where it was")
        }
    }

    static func synchronize(_ folder: String) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    static var lastError: String { String(cString: strerror(errno)) }
}
