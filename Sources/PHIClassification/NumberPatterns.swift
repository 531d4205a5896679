/// Numbers that identify by their form: NHS and CHI numbers, telephone, records.
package enum NumberPatterns {
    /// Ten digits whose last is the check digit of the nine before (NHS Data Dictionary, "NHS NUMBER"): weights
    /// 10…2, 11 minus the remainder by 11, where 11 counts as 0 and 10 does not occur.
    package static func isNHSNumber(_ digits: some Collection<UInt8>) -> Bool {
        guard digits.count == 10, digits.contains(where: { $0 != digits.first }) else { return false }
        let sum = zip(digits, stride(from: 10, to: 1, by: -1)).reduce(0) { $0 + Int($1.0) * $1.1 }
        let check = (11 - sum % 11) % 11
        return check < 10 && digits.reversed().first.map(Int.init) == check
    }

    /// Scotland's Community Health Index: day, month and year of birth, three digits, and a check digit computed like
    /// that of the NHS number.
    static func isCHINumber(_ digits: some Collection<UInt8>) -> Bool {
        guard isNHSNumber(digits) else { return false }
        let pairs = Array(digits.prefix(4)).map(Int.init)
        return (1...31).contains(pairs[0] * 10 + pairs[1]) && (1...12).contains(pairs[2] * 10 + pairs[3])
    }

    /// Adjacent groups of figures that spaces, hyphens, dots and brackets separate.
    struct Group {
        var parts: [[UInt8]]
        var separators: Set<UInt32>
        /// What stands before it on the line: a `+` or an opening bracket makes a telephone number likelier.
        var lead: UInt32?

        var digits: [UInt8] { parts.flatMap { $0 } }
    }

    static func groups(_ tokens: [NumberTokens.Token]) -> [Group] {
        var groups: [Group] = []
        var current: Group?
        for token in tokens {
            guard let digits = token.digits else {
                if let group = current { groups.append(group) }
                current = nil
                continue
            }
            let gap = token.gap
            if var group = current, !gap.isEmpty, gap.count <= 3, gap.allSatisfy(isJoin) {
                group.parts.append(digits)
                group.separators.formUnion(gap)
                current = group
            } else {
                if let group = current { groups.append(group) }
                current = Group(parts: [digits], separators: [], lead: gap.last { $0 != Ascii.space })
            }
        }
        if let group = current { groups.append(group) }
        return groups
    }

    static func rules(_ groups: [Group]) -> Set<TextRule> {
        var rules: Set<TextRule> = []
        for group in groups {
            let digits = group.digits
            let windows = digits.count > 10 && group.parts.count > 1 ? tens(group.parts) : [digits]
            for window in windows where isNHSNumber(window) {
                rules.insert(.nhsNumber)
                if isCHINumber(window) { rules.insert(.chiNumber) }
            }
            if isTelephone(group, digits.count) { rules.insert(.telephone) }
            if group.parts.contains(where: { $0.count >= 6 }) { rules.insert(.recordNumber) }
            let hyphens = group.separators == [Ascii.hyphen]
            if hyphens, digits.count >= 6, group.parts.count >= 2 { rules.insert(.recordNumber) }
            let isUID = group.separators == [Ascii.full] && group.parts.count >= 4
            if isUID, digits.count >= 7 { rules.insert(.uid) }
        }
        return rules
    }

    /// Every run of whole parts with ten digits together.
    package static func tens(_ parts: [[UInt8]]) -> [[UInt8]] {
        parts.indices.compactMap { start in
            var digits: [UInt8] = []
            for part in parts[start...] where digits.count < 10 { digits += part }
            return digits.count == 10 ? digits : nil
        }
    }

    private static func isTelephone(_ group: Group, _ count: Int) -> Bool {
        guard (7...15).contains(count) else { return false }
        if group.lead == 0x2B { return true }
        guard group.parts.count >= 2, group.separators.isDisjoint(with: [Ascii.comma]) else { return false }
        let isBracketed = group.separators.contains(0x29)
        let isPlain = group.parts.dropFirst().allSatisfy { (2...5).contains($0.count) }
        return isBracketed || (isPlain && group.parts[0].count <= 5 && count >= 8)
    }

    private static func isJoin(_ scalar: UInt32) -> Bool {
        switch scalar {
        case Ascii.space, Ascii.hyphen, Ascii.full, 0x28, 0x29, Ascii.slash: true
        default: false
        }
    }
}
