/// Finds the place of an Attribute in a list by one or two comparisons.
///
/// Tables of Attributes are asked for every element of every file; the hashing of a dictionary would cost more than all
/// else that is done with an element.
package struct TagIndex: Sendable {
    /// By slot: one more than a place in `tags`, or 0.
    private let slots: [UInt16]
    private let tags: [UInt32]
    private let shift: UInt32

    /// - Parameter tags: at most 16,384; of one that stands twice the last place counts.
    package init(_ tags: [UInt32]) {
        var bits: UInt32 = 4
        while 1 << bits < tags.count * 3 { bits += 1 }
        shift = 32 - bits
        self.tags = tags
        var slots = [UInt16](repeating: 0, count: 1 << bits)
        for (place, tag) in tags.enumerated() {
            var slot = Self.slot(tag, shift)
            while slots[slot] != 0, tags[Int(slots[slot]) - 1] != tag { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = UInt16(clamping: place + 1)
        }
        self.slots = slots
    }

    package func place(of tag: UInt32) -> Int? {
        var slot = Self.slot(tag, shift)
        while slots[slot] != 0 {
            let place = Int(slots[slot]) - 1
            if tags[place] == tag { return place }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// Multiplicative hashing: the upper bits of a product with 2³² divided by the golden ratio.
    private static func slot(_ tag: UInt32, _ shift: UInt32) -> Int {
        Int((tag &* 2_654_435_769) >> shift)
    }
}
