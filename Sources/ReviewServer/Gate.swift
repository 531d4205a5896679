import Foundation

/// What a request must look like before anything of it is believed: asked of this server by its own name, from its own page.
package struct Gate: Sendable {
    /// `host:port` of the addresses under which a browser may know the server.
    package let hosts: Set<String>
    let origins: Set<String>
    /// Whether a proxy in front of it speaks TLS to the browser.
    let isSecure: Bool

    /// - Parameter origin: of a reverse proxy, such as `https://review.example.org`; then nothing else is believed.
    package init(port: Int, origin: String?) {
        if let origin {
            hosts = [String(origin.drop { $0 != "/" }.drop { $0 == "/" })]
            origins = [origin]
            isSecure = origin.hasPrefix("https://")
        } else {
            hosts = ["127.0.0.1:\(port)", "localhost:\(port)", "[::1]:\(port)"]
            origins = Set(hosts.map { "http://" + $0 })
            isSecure = false
        }
    }

    /// Nil where it may pass.
    func refusal(_ request: PageRequest) -> PageResponse? {
        // A page of somebody else whose name was made to mean this machine still says its own name.
        guard let host = request.headers["host"]?.lowercased(), hosts.contains(host) else {
            return .problem(403, "this server is not known by that name")
        }
        guard ["GET", "POST"].contains(request.method) else { return .problem(405, "no such method") }
        guard Self.isPlain(request.path) else { return .problem(400, "no such path") }
        if let site = request.headers["sec-fetch-site"], !["same-origin", "none"].contains(site) {
            return .problem(403, "asked for by another site")
        }
        if let origin = request.headers["origin"], !origins.contains(origin.lowercased()) {
            return .problem(403, "asked for by another site")
        }
        guard request.method != "POST" || request.headers["origin"] != nil else {
            return .problem(403, "a change must say where it comes from")
        }
        return nil
    }

    /// Letters, digits and `/ . - _`, with no way up: all that our paths are made of.
    private static func isPlain(_ path: String) -> Bool {
        path.hasPrefix("/") && path.utf8.count <= 512 && !path.contains("..") && !path.contains("//")
            && path.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF)
                    || [0x2F, 0x2E, 0x2D, 0x5F].contains(byte)
            }
    }

    var cookieName: String { isSecure ? "__Host-quench" : "quench" }

    package func cookie(_ secret: String, ends: Bool = false) -> String {
        "\(cookieName)=\(secret); Path=/; HttpOnly; SameSite=Strict" + (isSecure ? "; Secure" : "")
            + (ends ? "; Max-Age=0" : "")
    }
}
