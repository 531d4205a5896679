import DICOMModel
import Foundation
import Glibc

/// The other side of `WorkerProcess`: answers requests from standard input until it ends.
public enum WorkerService {
    /// Serves until the parent goes away. Anything that codecs print goes nowhere.
    public static func run() {
        let answers = dup(1)
        let nowhere = open("/dev/null", O_WRONLY)
        guard answers >= 0, nowhere >= 0, dup2(nowhere, 1) >= 0 else { exit(1) }
        forbidCoreDump()
        endWithParent()
        let channel = MessageChannel(input: 0, output: answers)
        var tasks: WorkerTasks?
        while let request = try? channel.receive(WorkerRequest.self) {
            let response: WorkerResponse
            if case .configure(let configuration) = request {
                tasks = try? WorkerTasks(configuration)
                response = tasks == nil ? .failed("worker-crashed") : .ready
            } else if let tasks {
                response = tasks.perform(request)
            } else {
                response = .failed("worker-crashed")
            }
            guard (try? channel.send(response)) == true else { break }
        }
        // A parent that lives ends its workers by a signal: this one was killed.
        removeUnpacked()
    }

    /// Originals out of archives don't stay behind a parent that was killed.
    private static func removeUnpacked() {
        guard let folder = ProcessInfo.processInfo.environment[ArchiveKeeper.variable] else { return }
        // Another worker that was at it may take a moment to end.
        for _ in 0..<10 where FileManager.default.fileExists(atPath: folder) {
            try? FileManager.default.removeItem(atPath: folder)
            usleep(50_000)
        }
    }

    /// A core file would hold the image and the header.
    private static func forbidCoreDump() {
        var limit = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
    }

    /// A worker that is busy in a codec doesn't see its input end; a thread of its own watches for the parent.
    private static func endWithParent() {
        let parent = getppid()
        Thread.detachNewThread {
            while getppid() == parent { usleep(200_000) }
            removeUnpacked()
            kill(0, SIGKILL)
        }
    }
}
