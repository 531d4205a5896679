import Glibc

/// The characters of one coded character set, taken from iconv once and from then on looked up without it.
struct CodeTable: Sendable {
    /// By code: the byte, or 94 × row + cell of a double-byte set; 0 where there is no character.
    private let scalars: [UInt32]
    private let codes: [UInt32: Int]

    /// - Parameter bytes: the code as iconv's encoding has it.
    private init(iconv name: String, count: Int, bytes: (Int) -> [UInt8]) {
        var scalars = [UInt32](repeating: 0, count: count)
        var codes: [UInt32: Int] = [:]
        if let converter = IconvConverter(from: name, to: "UTF-8") {
            for code in 0..<count {
                guard let text = converter.convert(bytes(code)) else { continue }
                let found = Array(String(decoding: text, as: UTF8.self).unicodeScalars)
                guard found.count == 1, let scalar = found.first, scalar != "\u{FFFD}" else { continue }
                scalars[code] = scalar.value
                codes[scalar.value] = code
            }
        }
        self.scalars = scalars
        self.codes = codes
    }

    func scalar(_ code: Int) -> Unicode.Scalar? {
        guard scalars.indices.contains(code), scalars[code] != 0 else { return nil }
        return Unicode.Scalar(scalars[code])
    }

    func code(_ scalar: Unicode.Scalar) -> Int? {
        codes[scalar.value]
    }

    /// Codes of double-byte sets, from two bytes whose high bits don't matter.
    static func code(_ row: UInt8, _ cell: UInt8) -> Int? {
        let row = Int(row & 0x7F) - 0x21
        let cell = Int(cell & 0x7F) - 0x21
        return (0..<94).contains(row) && (0..<94).contains(cell) ? row * 94 + cell : nil
    }

    // MARK: - The tables

    static func of(_ table: CodedCharacterSet.Table) -> CodeTable? {
        switch table {
        case .ascii: nil
        case .upperHalf(let name): upperHalves[name]
        case .jisX0208: jisX0208
        case .jisX0212: jisX0212
        case .ksX1001: ksX1001
        case .gb2312: gb2312
        }
    }

    private static let jisX0208 = doubleByte("EUC-JP")
    private static let jisX0212 = doubleByte("EUC-JP", prefix: [0x8F])
    private static let ksX1001 = doubleByte("EUC-KR")
    private static let gb2312 = doubleByte("GB2312")

    private static let upperHalves: [String: CodeTable] = {
        var tables: [String: CodeTable] = [:]
        for case .upperHalf(let name) in CodedCharacterSet.all.map(\.table) {
            tables[name] = CodeTable(iconv: name, count: 256) { code in code < 0x80 ? [] : [UInt8(code)] }
        }
        return tables
    }()

    private static func doubleByte(_ name: String, prefix: [UInt8] = []) -> CodeTable {
        CodeTable(iconv: name, count: 94 * 94) { code in
            prefix + [UInt8(code / 94 + 0xA1), UInt8(code % 94 + 0xA1)]
        }
    }
}

/// Owns an iconv conversion.
final class IconvConverter {
    private let descriptor: iconv_t

    init?(from source: String, to target: String) {
        let descriptor = iconv_open(target, source)
        // POSIX: (iconv_t)-1 is the error.
        guard let descriptor, Int(bitPattern: descriptor) != -1 else { return nil }
        self.descriptor = descriptor
    }

    deinit {
        iconv_close(descriptor)
    }

    /// Nil where a byte or character can't be converted, or the end is incomplete.
    func convert(_ bytes: [UInt8]) -> [UInt8]? {
        let (output, rest) = convertPrefix(bytes[...])
        return rest.isEmpty ? output : nil
    }

    /// What can be converted from the beginning on, and the rest.
    func convertPrefix(_ bytes: ArraySlice<UInt8>) -> (output: [UInt8], rest: ArraySlice<UInt8>) {
        iconv(descriptor, nil, nil, nil, nil)
        var input = bytes.map { CChar(bitPattern: $0) }
        var consumed = 0
        // No character of any set that is converted here needs more than four bytes for each of its own.
        let output = [UInt8](unsafeUninitializedCapacity: bytes.count * 4 + 16) { buffer, initialized in
            input.withUnsafeMutableBufferPointer { input in
                var inputPointer = input.baseAddress
                var inputLeft = input.count
                buffer.withMemoryRebound(to: CChar.self) { output in
                    var outputPointer = output.baseAddress
                    var outputLeft = output.count
                    iconv(descriptor, &inputPointer, &inputLeft, &outputPointer, &outputLeft)
                    initialized = output.count - outputLeft
                }
                consumed = input.count - inputLeft
            }
        }
        return (output, bytes.dropFirst(consumed))
    }
}
