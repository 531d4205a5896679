/// The bytes of texts in encodings that their object doesn't name: programs write what their system has, and call it
/// ISO_IR 100 or UTF-8.
package struct ForeignEncodings {
    private var converters: [String: IconvConverter] = [:]

    package init() {}

    /// In each of the usual encodings of the script that the first character beyond ASCII belongs to, and that has all
    /// characters of the text. Nothing for ASCII; UTF-8 and UTF-16 are left out.
    package mutating func encoded(_ text: String) -> Set<[UInt8]> {
        guard let scalar = text.unicodeScalars.first(where: { $0.value >= 0x80 }) else { return [] }
        let bytes = Array(text.utf8)
        var encoded: Set<[UInt8]> = []
        for name in Self.encodings(of: scalar) {
            let converter = converters[name] ?? IconvConverter(from: "UTF-8", to: name)
            converters[name] = converter
            if let bytes = converter?.convert(bytes) { encoded.insert(bytes) }
        }
        return encoded
    }

    private static func encodings(of scalar: Unicode.Scalar) -> [String] {
        switch scalar.value {
        case 0x00A0...0x024F: ["ISO-8859-1", "ISO-8859-2", "ISO-8859-9", "CP1250"]
        case 0x0370...0x03FF: ["ISO-8859-7", "CP1253"]
        case 0x0400...0x04FF: ["ISO-8859-5", "CP1251", "KOI8-R"]
        case 0x0590...0x05FF: ["ISO-8859-8"]
        case 0x0600...0x06FF: ["ISO-8859-6", "CP1256"]
        case 0x0E00...0x0E7F: ["TIS-620"]
        case 0x1100...0x11FF, 0xAC00...0xD7AF: ["EUC-KR"]
        case 0x2E80...0xFFEF: ["GB18030", "BIG5", "SHIFT_JIS", "EUC-JP", "ISO-2022-JP", "EUC-KR"]
        default: []
        }
    }
}
