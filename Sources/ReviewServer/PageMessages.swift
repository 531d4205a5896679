public import Foundation

/// What a browser asks for, without the socket.
public struct PageRequest: Sendable {
    public var method: String
    /// As it was sent, percent signs and all.
    public var path: String
    public var query: String
    /// By name in lower case.
    public var headers: [String: String]
    public var body: Data

    public init(method: String, path: String, query: String = "", headers: [String: String] = [:], body: Data = Data())
    {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }

    /// The value of a cookie; nil where it wasn't sent.
    func cookie(_ name: String) -> String? {
        (headers["cookie"] ?? "").split(separator: ";").lazy
            .map { $0.trimmingCharacters(in: .whitespaces) }
            .first { $0.hasPrefix(name + "=") }
            .map { String($0.dropFirst(name.count + 1)) }
    }

    /// The query's fields, decoded.
    var fields: [String: String] {
        var fields: [String: String] = [:]
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let decoded = parts.map { $0.replacing("+", with: " ").removingPercentEncoding ?? "" }
            if let name = decoded.first { fields[name] = decoded.count > 1 ? decoded[1] : "" }
        }
        return fields
    }
}

/// What a browser gets.
public struct PageResponse: Sendable {
    public var status: Int
    public var headers: [String: String]
    public var body: Data

    /// Nothing but our own files, nothing inline, no frame around it.
    static let contentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
        + "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    /// The report brings its style and script inline: it gets an origin of its own, which can't reach the page.
    package static let reportPolicy =
        "sandbox allow-scripts allow-modals; default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
        + "script-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

    init(status: Int = 200, type: String, body: Data, policy: String = contentPolicy) {
        self.status = status
        self.body = body
        headers = [
            "Content-Type": type, "Content-Security-Policy": policy, "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY",
            "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
        ]
    }

    static func json(_ value: some Encodable, status: Int = 200) throws -> PageResponse {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return PageResponse(status: status, type: "application/json", body: try encoder.encode(value))
    }

    static func problem(_ status: Int, _ message: String, hint: String? = nil) -> PageResponse {
        let problem = Problem(error: Problem.Text(message: message, hint: hint))
        let body = (try? JSONEncoder().encode(problem)) ?? Data()
        return PageResponse(status: status, type: "application/json", body: body)
    }

    private struct Problem: Encodable {
        struct Text: Encodable {
            var message: String
            var hint: String?
        }

        var error: Text
    }
}
