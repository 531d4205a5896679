/// The buffer that C functions write their message to.
enum CErrorMessage {
    static let capacity = 256

    /// Up to the first NUL.
    static func text(_ buffer: [CChar]) -> String {
        String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
