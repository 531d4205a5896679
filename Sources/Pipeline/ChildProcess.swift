import Foundation
package import Glibc
import Synchronization

/// Programs that are started and waited for by their number: Foundation's `Process` waits until a socket closes, which
/// others that start at the same moment inherit and keep.
package enum ChildProcess {
    private static let starting = Mutex(())

    /// Calls `body`, which makes descriptors for a child and starts it, when nobody else does: no child inherits what is
    /// meant for another.
    package static func alone<Result, Failure: Error>(
        _ body: () throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        try starting.withLock { _ throws(Failure) in try body() }
    }

    /// Starts a program in a process group of its own, with no signal blocked or ignored, and no descriptor of ours but
    /// those that `standard` gives it as 0, 1 and 2.
    ///
    /// - Returns: the system's error, 0 where there is none.
    package static func start(
        _ command: [String], environment: [String], pid: inout pid_t,
        standard: (inout posix_spawn_file_actions_t) -> Void
    ) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        standard(&actions)
        closeOnExec()
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        posix_spawnattr_setpgroup(&attributes, 0)
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        return withCStrings(command) { arguments in
            withCStrings(environment) { posix_spawn(&pid, command[0], &actions, &attributes, arguments, $0) }
        }
    }

    /// Marks all that is open: libraries open sockets that would stay open in the child.
    private static func closeOnExec() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? [] {
            guard let descriptor = Int32(name), descriptor > 2 else { continue }
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        }
    }

    package static func wait(for pid: pid_t) {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    }
}
