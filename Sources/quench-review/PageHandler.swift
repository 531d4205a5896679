import FlyingFox
import Foundation
import ReviewServer
import Synchronization

/// Between the socket and the page.
final class PageHandler: HTTPHandler, Sendable {
    /// More than any decision needs.
    private static let largestBody = 4 << 20

    private let served = Mutex<ReviewPage?>(nil)
    /// The page waits for workers and the disk; the server's own threads must not.
    private let threads = DispatchQueue(label: "requests", attributes: .concurrent)

    var page: ReviewPage? {
        get { served.withLock { $0 } }
        set { served.withLock { $0 = newValue } }
    }

    func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard let page else { return HTTPResponse(statusCode: .serviceUnavailable) }
        guard let body = try await Self.body(of: request) else { return HTTPResponse(statusCode: .payloadTooLarge) }
        let asked = PageRequest(
            method: request.method.rawValue, path: request.target.path(), query: request.target.query(),
            headers: Dictionary(
                request.headers.map { ($0.key.rawValue.lowercased(), $0.value) },
                uniquingKeysWith: { first, _ in first }),
            body: body)
        let response = await withCheckedContinuation { continuation in
            threads.async { continuation.resume(returning: page.respond(to: asked)) }
        }
        return HTTPResponse(
            statusCode: HTTPStatusCode(response.status, phrase: ""),
            headers: HTTPHeaders(
                Dictionary(uniqueKeysWithValues: response.headers.map { (HTTPHeader($0.key), $0.value) })),
            body: response.body)
    }

    /// Nil where it is too large.
    private static func body(of request: HTTPRequest) async throws -> Data? {
        var body = Data()
        var count = 0
        // To the end in any case: what is left unread would be taken for the next request.
        for try await part in request.bodySequence {
            count += part.count
            if count <= largestBody { body += part } else { body = Data() }
        }
        return count <= largestBody ? body : nil
    }
}
