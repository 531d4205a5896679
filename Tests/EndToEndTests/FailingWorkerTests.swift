import DICOMModel
import Foundation
import Glibc
import HeaderDeidentification
import Ledger
import Pipeline
import Testing

/// A worker that fails on purpose at one file, and works like a real one at all others.
@Suite(.serialized, .enabled(if: Place.hasSampleData && Place.hasPython, "make sample-data"))
struct FailingWorkerTests {
    enum Fault: String, CaseIterable {
        case crash, hang, grow

        var reason: ReasonCode {
            switch self {
            case .crash: "worker-crashed"
            case .hang: "worker-timed-out"
            case .grow: "worker-out-of-memory"
            }
        }
    }

    /// Passes messages on to a real worker, but misbehaves when asked to inspect a file called `faulty.dcm`.
    private static let proxy = """
        import os, signal, struct, subprocess, sys, time
        program, fault, note = sys.argv[1:4]
        real = subprocess.Popen([program, "worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        def read(stream):
            head = stream.read(4)
            return head + stream.read(struct.unpack("<I", head)[0]) if len(head) == 4 else None
        while True:
            message = read(sys.stdin.buffer)
            if message is None:
                break
            if b"faulty.dcm" in message and b'"inspect"' in message:
                if fault == "crash":
                    os.kill(os.getpid(), signal.SIGSEGV)
                elif fault == "hang":
                    helper = subprocess.Popen(["sleep", "1000"])
                    open(note, "w").write(str(helper.pid))
                    time.sleep(1000)
                hoard = []
                while True:
                    hoard.append(bytearray(os.urandom(1 << 20)) * 16)
            real.stdin.write(message)
            real.stdin.flush()
            sys.stdout.buffer.write(read(real.stdout))
            sys.stdout.buffer.flush()
        """

    @Test(arguments: Fault.allCases)
    func `a worker that fails costs one held file, and the others are released`(fault: Fault) throws {
        try Place.temporary { folder in
            let input = try Self.input(in: folder)
            let script = folder + "/proxy.py"
            try Self.proxy.write(toFile: script, atomically: true, encoding: .utf8)
            let note = folder + "/helper.pid"
            let policy = try Policy(
                yaml:
                    "version: 1\nlimits:\n  worker-megabytes: 1024\n  seconds-per-file: 40\n  seconds-per-frame: 0\nquarantine:\n  hold: instance\n"
            )
            let configuration = RunConfiguration(
                policy: policy, key: try ProjectKey(bytes: [UInt8](repeating: 7, count: 32)),
                workerCommand: ["/usr/bin/python3", script, Place.program, fault.rawValue, note], workerCount: 2,
                versions: [:], interruption: Interruption(), progress: { _ in })
            let run = try CleanRun(inputs: [input], output: folder + "/out", configuration: configuration)
            let summary = try run.run()
            #expect(summary.inputs == 3)
            #expect(summary.outcomes[.quarantined] == 1)
            #expect(summary.outcomes[.released, default: 0] + summary.outcomes[.releasedMasked, default: 0] == 2)
            let state = try Ledger.openReadOnly(path: folder + "/out/ledger.sqlite").state()
            let held = try #require(state.instances.first { $0.outcome == .quarantined })
            #expect(held.reasons.contains(fault.reason))
            if fault == .hang {
                // What the worker started is gone with it.
                let pid = try #require(pid_t(try String(contentsOfFile: note, encoding: .utf8)))
                usleep(100_000)
                #expect(kill(pid, 0) != 0 || Self.isDead(pid))
            }
        }
    }

    private static func input(in folder: String) throws -> String {
        let input = folder + "/input"
        try FileManager.default.createDirectory(atPath: input, withIntermediateDirectories: true)
        let source = Place.sampleData + "/input/"
        let slices = try #require(FileManager.default.enumerator(atPath: source)).compactMap { $0 as? String }
            .filter { $0.contains("S0002_CHEST") && $0.contains("/i77000") }.sorted()
        try #require(slices.count >= 3)
        for (slice, name) in zip(slices, ["one.dcm", "faulty.dcm", "three.dcm"]) {
            try FileManager.default.copyItem(atPath: source + slice, toPath: input + "/" + name)
        }
        return input
    }

    /// Ended and not yet waited for by whoever inherited it.
    private static func isDead(_ pid: pid_t) -> Bool {
        let status = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ") Z"
        return status.contains(") Z")
    }
}
