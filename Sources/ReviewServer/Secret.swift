import Crypto
import DICOMModel

/// A random secret that a browser or a link carries; the server keeps only its digest.
struct Secret: Sendable {
    /// 64 hexadecimal digits, 256 bits.
    let text: String

    init() {
        var random = SystemRandomNumberGenerator()
        text = hexadecimal((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) })
    }

    /// SHA-256 of what somebody says is one.
    static func digest(_ text: String) -> String { hexadecimal(SHA256.hash(data: Array(text.utf8))) }
}
