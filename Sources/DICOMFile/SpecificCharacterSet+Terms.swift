extension SpecificCharacterSet {
    /// What the Defined Terms come to.
    enum Scheme: Hashable, Sendable {
        /// ISO/IEC 2022 with what is designated at the beginning, and what escape sequences may bring in.
        case iso2022(g0: CodedCharacterSet, g1: CodedCharacterSet?, others: [CodedCharacterSet])
        case utf8
        /// By its name in iconv: GBK or GB18030.
        case multiByte(String)
        /// The default repertoire, or terms that nobody knows.
        case none
    }

    /// Whether every Defined Term is one of the standard's.
    public var isKnown: Bool {
        terms.allSatisfy { term in
            term.isEmpty || Self.registration(term) != nil || ["GB18030", "GBK"].contains(Self.normalized(term))
        }
    }

    var scheme: Scheme {
        let first = terms.first.map(Self.normalized) ?? ""
        if first == "GB18030" || first == "GBK" { return .multiByte(first) }
        let registrations = terms.map { $0.isEmpty ? 6 : Self.registration($0) ?? 0 }
        if registrations.first == 192 { return .utf8 }
        let sets = registrations.dropFirst().compactMap(Self.set)
        guard let initial = registrations.first, initial != 0 || !sets.isEmpty else { return .none }
        if initial == 6, sets.isEmpty { return .none }
        let others = sets.flatMap { $0.registration == 13 ? [$0, .jisRoman] : [$0] }
        guard let set = Self.set(initial) else { return .iso2022(g0: .ascii, g1: nil, others: others) }
        switch set.element {
        case .g1: return .iso2022(g0: set.registration == 13 ? .jisRoman : .ascii, g1: set, others: others)
        // A double-byte G0 set can't be what values begin in.
        case .g0: return .iso2022(g0: .ascii, g1: nil, others: set == .ascii ? others : [set] + others)
        }
    }

    private static func set(_ registration: Int) -> CodedCharacterSet? {
        CodedCharacterSet.all.first { $0.registration == registration }
    }

    /// The number in `ISO_IR 100` and `ISO 2022 IR 100`, also where blanks, underscores and dashes are mixed up.
    private static func registration(_ term: String) -> Int? {
        let words = normalized(term).split(separator: " ")
        guard words.first == "ISO", let place = words.firstIndex(of: "IR"), place == 1 || words[1] == "2022",
            words.count == place + 2, let number = Int(words[place + 1])
        else { return nil }
        return number == 192 || set(number) != nil ? number : nil
    }

    private static func normalized(_ term: String) -> String {
        String(term.uppercased().map { $0 == "_" || $0 == "-" ? " " : $0 })
    }
}
