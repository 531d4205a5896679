/// Value Representation (PS3.5 section 6.2): two upper-case letters. Letters that the standard doesn't know are
/// representable, because files contain them.
public struct VR: Hashable, Sendable {
    public let first: UInt8
    public let second: UInt8

    public init(_ first: UInt8, _ second: UInt8) {
        self.first = first
        self.second = second
    }

    private init(code: StaticString) {
        self.init(code.utf8Start[0], code.utf8Start[1])
    }

    public static let ae = VR(code: "AE"), `as` = VR(code: "AS"), at = VR(code: "AT"), cs = VR(code: "CS"),
        da = VR(code: "DA"), ds = VR(code: "DS")
    public static let dt = VR(code: "DT"), fl = VR(code: "FL"), fd = VR(code: "FD"), `is` = VR(code: "IS"),
        lo = VR(code: "LO"), lt = VR(code: "LT")
    public static let ob = VR(code: "OB"), od = VR(code: "OD"), of = VR(code: "OF"), ol = VR(code: "OL"),
        ov = VR(code: "OV"), ow = VR(code: "OW")
    public static let pn = VR(code: "PN"), sh = VR(code: "SH"), sl = VR(code: "SL"), sq = VR(code: "SQ"),
        ss = VR(code: "SS"), st = VR(code: "ST")
    public static let sv = VR(code: "SV"), tm = VR(code: "TM"), uc = VR(code: "UC"), ui = VR(code: "UI"),
        ul = VR(code: "UL"), un = VR(code: "UN")
    public static let ur = VR(code: "UR"), us = VR(code: "US"), ut = VR(code: "UT"), uv = VR(code: "UV")

    /// Those of PS3.5 table 6.2-1.
    public static let known: Set<VR> = [
        .ae, .as, .at, .cs, .da, .ds, .dt, .fl, .fd, .is, .lo, .lt, .ob, .od, .of, .ol, .ov, .ow, .pn, .sh, .sl, .sq,
        .ss, .st, .sv, .tm, .uc, .ui, .ul, .un, .ur, .us, .ut, .uv,
    ]

    public var isKnown: Bool { Self.known.contains(self) }

    /// Whether its explicit form has two reserved bytes and a 32-bit length (PS3.5 7.1.2).
    public var hasLongLength: Bool { Self.long.contains(self) }

    /// Whether its value is characters, in the default or in the Specific Character Set.
    public var isText: Bool { Self.text.contains(self) }

    /// Whether Specific Character Set (0008,0005) applies to it (PS3.5 6.1.2.2).
    public var usesSpecificCharacterSet: Bool { Self.characterSet.contains(self) }

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
    private static let characterSet: Set<VR> = [.lo, .lt, .pn, .sh, .st, .uc, .ut]
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
