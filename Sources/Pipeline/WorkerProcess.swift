import DICOMModel
import Foundation
import Glibc

/// How a worker ended a step without an answer.
enum WorkerFailure: Error, Hashable, Sendable {
    case crashed
    case timedOut
    case outOfMemory
    /// The run was interrupted while the worker was at work.
    case interrupted
    /// The worker can't be started at all.
    case unavailable(String)

    /// Nil where the file isn't to blame.
    var reason: ReasonCode? {
        switch self {
        case .crashed: "worker-crashed"
        case .timedOut: "worker-timed-out"
        case .outOfMemory: "worker-out-of-memory"
        case .interrupted, .unavailable: nil
        }
    }
}

/// One worker: a process of its own in a process group of its own, started when first needed and replaced after it
/// failed. Owned by one thread.
final class WorkerProcess {
    private let command: [String]
    private let configuration: WorkerConfiguration
    private let limits: Policy.Limits
    private let temporaryFolder: String
    private let unpackingFolder: String?
    private let interruption: Interruption
    private var running: Running?

    private struct Running {
        var pid: pid_t
        var channel: MessageChannel
    }

    /// - Parameters:
    ///   - command: program and arguments.
    ///   - temporaryFolder: the worker's `TMPDIR`, for it alone.
    ///   - unpackingFolder: what it removes where the parent is killed.
    init(
        command: [String], configuration: WorkerConfiguration, limits: Policy.Limits, temporaryFolder: String,
        unpackingFolder: String? = nil, interruption: Interruption
    ) {
        self.command = command
        self.configuration = configuration
        self.limits = limits
        self.temporaryFolder = temporaryFolder
        self.unpackingFolder = unpackingFolder
        self.interruption = interruption
    }

    deinit {
        stop()
    }

    /// Sends a request and waits for the answer, at most as long as the limits allow for `frames` frames. After a
    /// failure the process and everything that it started are gone.
    func perform(_ request: WorkerRequest, frames: Int = 1) throws(WorkerFailure) -> WorkerResponse {
        let seconds = limits.secondsPerFile + limits.secondsPerFrame * max(1, min(frames, 100_000))
        do {
            let running = try started()
            return try exchange(request, with: running, seconds: seconds)
        } catch {
            stop()
            throw error
        }
    }

    /// Starts it before it is asked anything.
    func start() throws(WorkerFailure) { _ = try started() }

    /// Ends the process group.
    func stop() {
        guard let running else { return }
        self.running = nil
        kill(-running.pid, SIGKILL)
        close(running.channel.output)
        close(running.channel.input)
        ChildProcess.wait(for: running.pid)
    }

    // MARK: - Starting

    private func started() throws(WorkerFailure) -> Running {
        if let running { return running }
        guard mkdir(temporaryFolder, 0o700) == 0 || errno == EEXIST else {
            throw .unavailable("its temporary folder can't be made")
        }
        let running = try spawn()
        self.running = running
        guard case .ready = try exchange(.configure(configuration), with: running, seconds: 60) else {
            throw .unavailable("it did not get ready; `quench doctor` says what is missing")
        }
        return running
    }

    private func spawn() throws(WorkerFailure) -> Running {
        try ChildProcess.alone { () throws(WorkerFailure) in try spawnAlone() }
    }

    private func spawnAlone() throws(WorkerFailure) -> Running {
        var toChild: [Int32] = [-1, -1]
        var fromChild: [Int32] = [-1, -1]
        guard pipe(&toChild) == 0 else { throw .unavailable("no pipe") }
        guard pipe(&fromChild) == 0 else {
            for descriptor in toChild { close(descriptor) }
            throw .unavailable("no pipe")
        }
        defer {
            close(toChild[0])
            close(fromChild[1])
        }
        var pid: pid_t = 0
        let result = ChildProcess.start(command, environment: environment, pid: &pid) { actions in
            posix_spawn_file_actions_adddup2(&actions, toChild[0], 0)
            posix_spawn_file_actions_adddup2(&actions, fromChild[1], 1)
            // Codecs print what they like there, patient data included.
            posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        }
        guard result == 0 else {
            close(toChild[1])
            close(fromChild[0])
            throw .unavailable(String(cString: strerror(result)))
        }
        return Running(pid: pid, channel: MessageChannel(input: fromChild[0], output: toChild[1]))
    }

    /// What a worker needs and no more: Tesseract's OpenMP is a slow-down, temporary files stay private.
    private var environment: [String] {
        let kept = ["PATH", "LD_LIBRARY_PATH", "TESSDATA_PREFIX"].compactMap { name in
            ProcessInfo.processInfo.environment[name].map { "\(name)=\($0)" }
        }
        let unpacking = unpackingFolder.map { ["\(ArchiveKeeper.variable)=\($0)"] } ?? []
        return kept + unpacking
            + ["OMP_THREAD_LIMIT=1", "LC_ALL=C.UTF-8", "TMPDIR=\(temporaryFolder)", "HOME=\(temporaryFolder)"]
    }

    // MARK: - Talking

    private func exchange(
        _ request: WorkerRequest, with running: Running, seconds: Int
    ) throws(WorkerFailure) -> WorkerResponse {
        do {
            guard try running.channel.send(request) else { throw WorkerFailure.crashed }
            try waitForAnswer(running, seconds: seconds)
            guard let response = try running.channel.receive(WorkerResponse.self) else { throw WorkerFailure.crashed }
            return response
        } catch let failure as WorkerFailure {
            throw failure
        } catch {
            throw .crashed
        }
    }

    /// Waits until there is something to read, looking at the clock and at the worker's memory.
    private func waitForAnswer(_ running: Running, seconds: Int) throws(WorkerFailure) {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while true {
            var descriptor = pollfd(fd: running.channel.input, events: Int16(POLLIN), revents: 0)
            let ready = poll(&descriptor, 1, 50)
            if ready > 0 { return }
            if interruption.isRequested { throw .interrupted }
            if residentMegabytes(of: running.pid) > limits.workerMegabytes { throw .outOfMemory }
            if ContinuousClock.now > deadline { throw .timedOut }
        }
    }

    private func residentMegabytes(of pid: pid_t) -> Int {
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/statm", encoding: .utf8) else { return 0 }
        let fields = text.split(separator: " ")
        guard fields.count > 1, let pages = Int(fields[1]) else { return 0 }
        // The shift binds more tightly than the product.
        return (pages * sysconf(Int32(_SC_PAGESIZE))) >> 20
    }
}

/// Calls `body` with a null-terminated array of C strings.
package func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    return pointers.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { preconditionFailure("the array holds at least its end") }
        return body(base)
    }
}
