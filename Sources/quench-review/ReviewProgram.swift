import FlyingFox
import FlyingSocks
import Foundation
import Glibc
import Ledger
import Pipeline
import ReviewServer
import Synchronization

/// Serves the review page; started by `quench review`, which says on standard input what to serve.
@main
enum ReviewProgram {
    static func main() async {
        signal(SIGPIPE, SIG_IGN)
        do {
            let setup = try readSetup()
            let interruption = Interruption()
            let configuration = try setup.configuration(interruption: interruption)
            try await serve(setup, configuration)
        } catch {
            try? FileHandle.standardError.write(contentsOf: Data("quench: \(text(error))\n".utf8))
            exit(1)
        }
    }

    private static func readSetup() throws -> ReviewSetup {
        guard let data = try? FileHandle.standardInput.readToEnd(),
            let setup = try? JSONDecoder().decode(ReviewSetup.self, from: data)
        else { throw PipelineError(.input, "this program serves `quench review`", hint: "run that") }
        return setup
    }

    private static func serve(_ setup: ReviewSetup, _ configuration: RunConfiguration) async throws {
        let handler = PageHandler()
        let server = try server(setup, handler)
        let running = Task { try await server.run() }
        do {
            try await server.waitUntilListening()
        } catch {
            _ = try await running.value
            throw error
        }
        let port = await server.port ?? setup.port
        let page = try ReviewPage(
            folder: setup.folder, configuration: configuration, port: port, origin: setup.origin,
            policyPath: setup.policyPath, makeReports: { try makeReports(setup) })
        handler.page = page
        let origin = setup.origin ?? "http://\(setup.address.contains(":") ? "[::1]" : "127.0.0.1"):\(port)"
        announce(origin, try setup.linksFor.map { ($0, page.oneTimeLink(for: try Reviewer($0))) })
        await waitForTheEnd(page)
        configuration.interruption.request()
        await server.stop(timeout: 1)
        running.cancel()
        page.finish()
    }

    private static func server(_ setup: ReviewSetup, _ handler: PageHandler) throws -> HTTPServer {
        guard let port = UInt16(exactly: setup.port) else { throw PipelineError(.input, "there is no such port") }
        // Acts are jobs of their own; what takes long here is the first frame of a large file.
        if setup.address.contains(":") {
            return HTTPServer(
                address: try sockaddr_in6.inet6(ip6: "::1", port: port), timeout: 600, logger: .disabled,
                handler: handler)
        }
        return HTTPServer(
            address: try sockaddr_in.inet(ip4: "127.0.0.1", port: port), timeout: 600, logger: .disabled,
            handler: handler)
    }

    private static func announce(_ origin: String, _ links: [(name: String, path: String)]) {
        var text = "The review page: \(origin)/\n"
        for link in links { text += "Signs in \(link.name), once, within ten minutes: \(origin)\(link.path)\n" }
        text += "Control-C ends it.\n"
        try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    }

    /// Until somebody interrupts it; a second time ends it at once.
    private static func waitForTheEnd(_ page: ReviewPage) async {
        for number in [SIGINT, SIGTERM] {
            signal(number) { _ in
                if ReviewProgram.ended.exchange(true, ordering: .relaxed) { _exit(130) }
            }
        }
        var ticks = 0
        while !ended.load(ordering: .relaxed) {
            try? await Task.sleep(for: .milliseconds(100))
            ticks += 1
            if ticks.isMultiple(of: 300) { page.tick() }
        }
    }

    private static let ended = Atomic<Bool>(false)

    /// In a process of its own: a report over a large ledger takes much memory for a moment. Who ends the page doesn't end a
    /// report that is half written.
    private static func makeReports(_ setup: ReviewSetup) throws {
        let environment = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
        var pid: pid_t = 0
        let result = ChildProcess.alone {
            ChildProcess.start([setup.program, "report", setup.folder], environment: environment, pid: &pid) {
                actions in
                for descriptor in Int32(0)...2 {
                    posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
                }
            }
        }
        guard result == 0 else { throw PipelineError(.output, "the reports can't be made (error \(result))") }
        ChildProcess.wait(for: pid)
    }

    private static func text(_ error: any Error) -> String {
        switch error {
        case let error as PipelineError: error.description
        case let error as LedgerError: error.description
        case let error as SocketError where "\(error)".contains("98"):
            "the port is in use: another page may be running, or give another one with --port"
        default: "the page can't be served (\(type(of: error)))"
        }
    }
}

extension HTTPServer {
    /// On which it really listens.
    fileprivate var port: Int? {
        switch listeningAddress {
        case .ip4(_, let port), .ip6(_, let port): Int(port)
        default: nil
        }
    }
}
