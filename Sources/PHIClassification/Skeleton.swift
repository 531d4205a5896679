/// The shape of a word as a recogniser may have seen it: characters that are taken for one another share a code
/// (0/O/D/Q, 1/I/L/|/!, 5/S, 8/B, 2/Z, 6/G, RN/M, CL/D, VV/W). Two texts with equal skeletons may be the same text.
enum Skeleton {
    typealias Code = UInt8

    /// Codes are 0…39; 26…35 are the digits that look like no letter.
    static let codeCount = 40

    /// The code of one folded character, or nil where it is neither a letter nor a digit nor taken for one.
    static func code(_ scalar: UInt32) -> Code? {
        if Ascii.isUpper(scalar) { return letters[Int(scalar - 0x41)] }
        if Ascii.isDigit(scalar) { return digits[Int(scalar - 0x30)] }
        switch scalar {
        case 0x7C, 0x21: return 8
        case 0x24: return 18
        default: return nil
        }
    }

    /// The codes of folded characters; other characters are left out.
    static func codes(_ scalars: some Sequence<UInt32>) -> [Code] {
        var result: [Code] = []
        result.reserveCapacity(scalars.underestimatedCount)
        for scalar in scalars {
            guard let code = code(scalar) else { continue }
            append(code, to: &result)
        }
        return result
    }

    /// Appends a code; two strokes that look like one letter become that letter.
    static func append(_ code: Code, to codes: inout [Code]) {
        if let last = codes.last {
            switch (last, code) {
            case (17, 13):
                codes[codes.count - 1] = 12
                return  // RN → M
            case (2, 8):
                codes[codes.count - 1] = 14
                return  // CL → D, which is O here
            case (21, 21):
                codes[codes.count - 1] = 22
                return  // VV → W
            default: break
            }
        }
        codes.append(code)
    }

    /// One bit per code: which occur.
    static func mask(_ codes: [Code]) -> UInt64 {
        codes.reduce(0) { $0 | 1 << UInt64($1 & 63) }
    }

    private static let letters: [Code] = (0..<26).map { index -> Code in
        switch index {
        case 3, 16: 14  // D, Q → O
        case 11: 8  // L → I
        default: Code(index)
        }
    }

    private static let digits: [Code] = [14, 8, 25, 29, 30, 18, 6, 33, 1, 35]
}
