public import DICOMModel

extension SpecificCharacterSet {
    /// The text that the bytes mean. It never fails: what has no meaning becomes U+FFFD.
    ///
    /// In the default repertoire bytes above 7F mean nothing; they are read as UTF-8 if they are valid as that and as
    /// Latin-1 else, because a name that can be read is a name that can be looked for.
    ///
    /// - Parameter vr: for VRs that the character set doesn't apply to it is the default; in PN, `^` and `=` end code
    ///   extensions.
    public func decode(_ bytes: [UInt8], vr: VR) -> String {
        if bytes.allSatisfy({ $0 < 0x80 && $0 != 0x1B }) { return String(decoding: bytes, as: UTF8.self) }
        guard vr.usesSpecificCharacterSet || vr == .un else { return Self.guess(bytes) }
        switch scheme {
        case .none: return Self.guess(bytes)
        case .utf8: return String(decoding: bytes, as: UTF8.self)
        case .multiByte(let name): return Self.decode(bytes, iconv: name)
        case .iso2022(let g0, let g1, let others):
            var decoder = ISO2022Decoder(g0: g0, g1: g1, others: others, isPersonName: vr == .pn)
            return decoder.decode(bytes)
        }
    }

    private static func guess(_ bytes: [UInt8]) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: bytes.map { Unicode.Scalar($0) })
        return String(text)
    }

    private static func decode(_ bytes: [UInt8], iconv name: String) -> String {
        guard let converter = IconvConverter(from: name, to: "UTF-8") else { return guess(bytes) }
        var text: [UInt8] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let (output, unconverted) = converter.convertPrefix(rest)
            text += output
            if !unconverted.isEmpty { text += Array("\u{FFFD}".utf8) }
            rest = unconverted.dropFirst()
        }
        return String(decoding: text, as: UTF8.self)
    }
}

/// Follows the escape sequences of ISO/IEC 2022 through a value (PS3.5 6.1.2.5).
private struct ISO2022Decoder {
    private let initialG0: CodedCharacterSet
    private let initialG1: CodedCharacterSet?
    /// For values without the escape sequence that they should have: what the upper half most likely is.
    private let likelyG1: CodedCharacterSet?
    private let isPersonName: Bool
    private var g0: CodedCharacterSet
    private var g1: CodedCharacterSet?
    private var text = String.UnicodeScalarView()

    init(g0: CodedCharacterSet, g1: CodedCharacterSet?, others: [CodedCharacterSet], isPersonName: Bool) {
        initialG0 = g0
        initialG1 = g1
        self.g0 = g0
        self.g1 = g1
        self.isPersonName = isPersonName
        likelyG1 = others.first { $0.element == .g1 }
    }

    mutating func decode(_ bytes: [UInt8]) -> String {
        var rest = bytes[...]
        while let byte = rest.first {
            if byte == 0x1B, let set = escape(rest.dropFirst()) {
                if set.element == .g0 { g0 = set } else { g1 = set }
                rest = rest.dropFirst(1 + set.escape.count)
            } else {
                rest = rest.dropFirst(character(byte, rest.dropFirst().first))
            }
        }
        return String(text)
    }

    private func escape(_ bytes: ArraySlice<UInt8>) -> CodedCharacterSet? {
        CodedCharacterSet.all.first { bytes.starts(with: $0.escape) }
    }

    /// Takes one character; gives the number of its bytes.
    private mutating func character(_ byte: UInt8, _ next: UInt8?) -> Int {
        guard byte > 0x20, byte != 0x7F else {
            text.append(Unicode.Scalar(byte))
            if [0x09, 0x0A, 0x0C, 0x0D].contains(byte) { reset() }
            return 1
        }
        let set = byte < 0x80 ? g0 : g1 ?? likelyG1
        guard let set, let table = CodeTable.of(set.table) else {
            text.append(byte < 0x80 ? Unicode.Scalar(byte) : "\u{FFFD}")
            if byte == 0x5C || isPersonName && (byte == 0x5E || byte == 0x3D) { reset() }
            return 1
        }
        guard set.bytesPerCharacter == 2 else {
            text.append(table.scalar(Int(byte)) ?? "\u{FFFD}")
            return 1
        }
        guard let next, next & 0x80 == byte & 0x80, let code = CodeTable.code(byte, next) else {
            text.append("\u{FFFD}")
            return 1
        }
        text.append(table.scalar(code) ?? "\u{FFFD}")
        return 2
    }

    private mutating func reset() {
        g0 = initialG0
        g1 = initialG1
    }
}
