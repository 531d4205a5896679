/// A Modality, VOI or Palette Color lookup table, segments already expanded (PS3.3 C.11.1, C.11.2, C.7.6.3.1.5).
public struct LookupTable: Hashable, Sendable {
    /// The stored value that the first entry belongs to; smaller ones map to it as well.
    public var firstMappedValue: Int
    /// 8 or 16: how many bits of an entry count.
    public var bitsPerEntry: Int
    public var entries: [UInt16]

    public init(firstMappedValue: Int, bitsPerEntry: Int, entries: [UInt16]) {
        self.firstMappedValue = firstMappedValue
        self.bitsPerEntry = bitsPerEntry
        self.entries = entries
    }

    /// The entry for a stored value; beyond both ends the nearest entry. Nil for an empty table.
    public subscript(value: Int) -> UInt16? {
        guard !entries.isEmpty else { return nil }
        return entries[min(max(value - firstMappedValue, 0), entries.count - 1)]
    }
}
