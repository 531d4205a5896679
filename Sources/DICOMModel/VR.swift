/// Value Representation (PS3.5 section 6.2): two upper-case letters. Letters that the standard doesn't know are
/// representable, because files contain them.
public struct VR: Hashable, Sendable {
    public let first: UInt8
    public let second: UInt8

    public init(_ first: UInt8, _ second: UInt8) {
        self.first = first
        self.second = second
    }

    private init(_ first: Unicode.Scalar, _ second: Unicode.Scalar) {
        self.init(UInt8(ascii: first), UInt8(ascii: second))
    }

    public static let ae = VR("A", "E"), `as` = VR("A", "S"), at = VR("A", "T"), cs = VR("C", "S"),
        da = VR("D", "A"), ds = VR("D", "S")
    public static let dt = VR("D", "T"), fl = VR("F", "L"), fd = VR("F", "D"), `is` = VR("I", "S"),
        lo = VR("L", "O"), lt = VR("L", "T")
    public static let ob = VR("O", "B"), od = VR("O", "D"), of = VR("O", "F"), ol = VR("O", "L"),
        ov = VR("O", "V"), ow = VR("O", "W")
    public static let pn = VR("P", "N"), sh = VR("S", "H"), sl = VR("S", "L"), sq = VR("S", "Q"),
        ss = VR("S", "S"), st = VR("S", "T")
    public static let sv = VR("S", "V"), tm = VR("T", "M"), uc = VR("U", "C"), ui = VR("U", "I"),
        ul = VR("U", "L"), un = VR("U", "N")
    public static let ur = VR("U", "R"), us = VR("U", "S"), ut = VR("U", "T"), uv = VR("U", "V")

    /// Those of PS3.5 table 6.2-1.
    public static let known: Set<VR> = [
        .ae, .as, .at, .cs, .da, .ds, .dt, .fl, .fd, .is, .lo, .lt, .ob, .od, .of, .ol, .ov, .ow, .pn, .sh, .sl, .sq,
        .ss, .st, .sv, .tm, .uc, .ui, .ul, .un, .ur, .us, .ut, .uv,
    ]

    public var isKnown: Bool { traits.contains(.known) }

    /// Whether its explicit form has two reserved bytes and a 32-bit length (PS3.5 7.1.2).
    public var hasLongLength: Bool { traits.contains(.longLength) }

    /// Whether its value is characters, in the default or in the Specific Character Set.
    public var isText: Bool { traits.contains(.text) }

    /// Whether Specific Character Set (0008,0005) applies to it (PS3.5 6.1.2.2).
    public var usesSpecificCharacterSet: Bool { traits.contains(.characterSet) }

    /// Whether its values consist of few characters (PS3.5 6.2): a code, a number, a date, a UID or an address.
    public var isRestricted: Bool { traits.contains(.restricted) }

    /// Whether a backslash separates values.
    public var isMultiValued: Bool { isText && self != .lt && self != .st && self != .ut && self != .ur }

    /// What a value of odd length is filled up with: NUL for UI and binary, a space for characters.
    public var padding: UInt8 { isText && self != .ui ? 0x20 : 0x00 }

    /// Bytes in one binary value, whose order depends on the Transfer Syntax: 1, 2, 4 or 8.
    public var wordSize: Int {
        switch self {
        case .us, .ss, .ow, .at: 2
        case .ul, .sl, .fl, .of, .ol: 4
        case .fd, .od, .sv, .uv, .ov: 8
        default: 1
        }
    }

    private static let long: Set<VR> = [
        .ob, .od, .of, .ol, .ov, .ow, .sq, .sv, .uc, .un, .ur, .ut, .uv,
    ]
    private static let text: Set<VR> = [
        .ae, .as, .cs, .da, .ds, .dt, .is, .lo, .lt, .pn, .sh, .st, .tm, .uc, .ui, .ur, .ut,
    ]
    private static let restricted: Set<VR> = [.ae, .as, .cs, .da, .ds, .dt, .is, .tm, .ui, .ur]
    private static let characterSet: Set<VR> = [.lo, .lt, .pn, .sh, .st, .uc, .ut]

    // MARK: - Traits

    /// What is asked of every element of every file, and so is looked up without hashing.
    private struct Traits: OptionSet {
        let rawValue: UInt8

        static let known = Traits(rawValue: 1)
        static let longLength = Traits(rawValue: 2)
        static let text = Traits(rawValue: 4)
        static let characterSet = Traits(rawValue: 8)
        static let restricted = Traits(rawValue: 16)
    }

    private var traits: Traits {
        Self.index(first, second).map { Self.table[$0] } ?? []
    }

    /// Of two letters in a table of 26 × 26; nil for what are no letters.
    private static func index(_ first: UInt8, _ second: UInt8) -> Int? {
        let row = Int(first) - 0x41
        let column = Int(second) - 0x41
        return (0..<26).contains(row) && (0..<26).contains(column) ? row * 26 + column : nil
    }

    private static let table: [Traits] = {
        var table = [Traits](repeating: [], count: 26 * 26)
        for (vrs, trait) in [
            (known, Traits.known), (long, .longLength), (text, .text), (characterSet, .characterSet),
            (restricted, .restricted),
        ] {
            for vr in vrs {
                if let index = index(vr.first, vr.second) { table[index].insert(trait) }
            }
        }
        return table
    }()
}

extension VR: CustomStringConvertible {
    public var description: String { String(decoding: [first, second], as: UTF8.self) }

    /// Reads two letters such as `PN`.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 2 else { return nil }
        self.init(bytes[0], bytes[1])
    }
}
