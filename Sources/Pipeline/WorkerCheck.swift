import Foundation
import HeaderDeidentification

/// Whether a worker starts and gets ready.
public enum WorkerCheck {
    /// What is wrong, or nil.
    public static func problem(command: [String]) -> String? {
        guard let folder = try? TemporaryFolder.make() else { return "no temporary folder can be made" }
        defer { try? FileManager.default.removeItem(atPath: folder) }
        guard let policy = try? Policy.builtIn() else { return "the built-in policy can't be read" }
        let configuration = WorkerConfiguration(
            key: [UInt8](repeating: 0, count: 32), safeTextConfidence: policy.safeTextConfidence,
            archiveEntryMegabytes: policy.limits.archiveEntryMegabytes, maskedCategories: [], deidentification: .basic)
        let worker = WorkerProcess(
            command: command, configuration: configuration, limits: policy.limits, temporaryFolder: folder,
            interruption: Interruption())
        do throws(WorkerFailure) {
            _ = try worker.perform(.configure(configuration))
            return nil
        } catch {
            return "no worker process gets ready"
        }
    }
}
