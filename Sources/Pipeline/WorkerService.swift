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
            guard (try? channel.send(response)) == true else { return }
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
            kill(0, SIGKILL)
        }
    }
}
