extension SpecificCharacterSet {
    /// The bytes of a text, with the escape sequences that it needs; nil where a character isn't in the set.
    ///
    /// The text must be precomposed: a combining mark of its own is in none of the single-byte sets.
    public func encode(_ text: String) -> [UInt8]? {
        let bytes = Array(text.utf8)
        if bytes.allSatisfy({ $0 < 0x80 && $0 != 0x1B }) { return bytes }
        switch scheme {
        case .none: return nil
        case .utf8: return bytes
        case .multiByte(let name): return IconvConverter(from: "UTF-8", to: name)?.convert(bytes)
        case .iso2022(let g0, let g1, let others):
            var encoder = ISO2022Encoder(g0: g0, g1: g1, others: others)
            return encoder.encode(text)
        }
    }
}

/// Writes text with the escape sequences of ISO/IEC 2022 (PS3.5 6.1.2.5): the initial sets hold again after each
/// delimiter and at the end.
private struct ISO2022Encoder {
    private let initialG0: CodedCharacterSet
    private let initialG1: CodedCharacterSet?
    private let others: [CodedCharacterSet]
    private var g0: CodedCharacterSet
    private var g1: CodedCharacterSet?
    private var bytes: [UInt8] = []

    init(g0: CodedCharacterSet, g1: CodedCharacterSet?, others: [CodedCharacterSet]) {
        initialG0 = g0
        initialG1 = g1
        self.others = others
        self.g0 = g0
        self.g1 = g1
    }

    mutating func encode(_ text: String) -> [UInt8]? {
        for scalar in text.unicodeScalars {
            if scalar.value < 0x80 {
                ascii(UInt8(scalar.value))
            } else if !character(scalar) {
                return nil
            }
        }
        restoreG0()
        return bytes
    }

    private mutating func ascii(_ byte: UInt8) {
        if g0.bytesPerCharacter > 1 { restoreG0() }
        bytes.append(byte)
        // Backslash, caret, equals sign, TAB, LF, FF, CR.
        if [0x5C, 0x5E, 0x3D, 0x09, 0x0A, 0x0C, 0x0D].contains(byte) { g1 = initialG1 }
    }

    private mutating func restoreG0() {
        guard g0 != initialG0 else { return }
        bytes += [0x1B] + initialG0.escape
        g0 = initialG0
    }

    private mutating func character(_ scalar: Unicode.Scalar) -> Bool {
        for set in [initialG1].compactMap({ $0 }) + others {
            guard let code = CodeTable.of(set.table)?.code(scalar) else { continue }
            switch set.element {
            case .g0:
                if g0 != set { bytes += [0x1B] + set.escape }
                g0 = set
            case .g1:
                if g1 != set { bytes += [0x1B] + set.escape }
                g1 = set
            }
            let high: UInt8 = set.element == .g1 ? 0x80 : 0
            if set.bytesPerCharacter == 2 {
                bytes += [UInt8(truncatingIfNeeded: code / 94 + 0x21) | high]
                bytes += [UInt8(truncatingIfNeeded: code % 94 + 0x21) | high]
            } else {
                bytes.append(UInt8(truncatingIfNeeded: code))
            }
            return true
        }
        return false
    }
}
