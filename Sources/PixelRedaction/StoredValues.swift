import DICOMModel

/// Where the stored value sits in an allocated word, and what the other bits have to be.
struct StoredBits: Hashable, Sendable {
    let bitsAllocated: Int
    let bitsStored: Int
    /// The lowest stored bit.
    let shift: Int
    let isSigned: Bool

    init(_ description: PixelDescription) {
        bitsAllocated = description.bitsAllocated
        bitsStored = description.bitsStored
        shift = max(0, description.highBit - description.bitsStored + 1)
        isSigned = description.isSigned
    }

    var bytesPerSample: Int { max(1, bitsAllocated / 8) }
    var valueMask: UInt32 { bitsStored >= 32 ? .max : (1 << UInt32(bitsStored)) - 1 }
    /// Bits of the word that hold the stored value.
    var storedMask: UInt32 { valueMask << UInt32(shift) }
    var allocatedMask: UInt32 { bitsAllocated >= 32 ? .max : (1 << UInt32(bitsAllocated)) - 1 }
    var hasUnusedBits: Bool { bitsStored < bitsAllocated }

    /// The smallest and the largest stored value.
    var range: ClosedRange<Int> {
        isSigned ? -(1 << (bitsStored - 1))...(1 << (bitsStored - 1)) - 1 : 0...(1 << bitsStored) - 1
    }

    /// The stored value in a word.
    func value(_ word: UInt32) -> Int {
        let raw = Int((word >> UInt32(shift)) & valueMask)
        return isSigned && raw >= 1 << (bitsStored - 1) ? raw - (1 << bitsStored) : raw
    }

    /// The word for a stored value: unused bits zero, or the sign where the value is signed.
    func word(_ value: Int) -> UInt32 {
        let stored = (UInt32(truncatingIfNeeded: value) & valueMask) << UInt32(shift)
        return stored | (isSigned && value < 0 ? signExtension : 0)
    }

    /// The bits above the high bit.
    private var signExtension: UInt32 { allocatedMask & ~(storedMask | ((1 << UInt32(shift)) - 1)) }

    /// The word with its unused bits as `word(_:)` leaves them.
    func cleared(_ word: UInt32) -> UInt32 {
        let stored = word & storedMask
        let isNegative = isSigned && (stored >> UInt32(shift + bitsStored - 1)) & 1 == 1
        return stored | (isNegative ? signExtension : 0)
    }
}

extension Array where Element == UInt8 {
    /// The little-endian word of 1, 2 or 4 bytes at `offset`.
    func word(at offset: Int, bytes: Int) -> UInt32 {
        switch bytes {
        case 1: UInt32(self[offset])
        case 2: UInt32(self[offset]) | UInt32(self[offset + 1]) << 8
        default:
            UInt32(self[offset]) | UInt32(self[offset + 1]) << 8 | UInt32(self[offset + 2]) << 16
                | UInt32(self[offset + 3]) << 24
        }
    }

    mutating func setWord(_ word: UInt32, at offset: Int, bytes: Int) {
        for byte in 0..<bytes {
            self[offset + byte] = UInt8(truncatingIfNeeded: word >> UInt32(8 * byte))
        }
    }
}

extension NativeFrame {
    /// Calls `body` with the index and the word of every sample (not for 1-bit frames).
    func forEachWord(_ body: (Int, UInt32) throws -> Void) rethrows {
        let width = description.bitsAllocated / 8
        guard width > 0 else { return }
        for index in 0..<(bytes.count / width) {
            try body(index, bytes.word(at: index * width, bytes: width))
        }
    }

    /// The smallest and the largest stored value; nil for a frame without samples or of float values.
    var storedValueRange: ClosedRange<Int>? {
        if description.isFloat { return nil }
        if description.bitsAllocated == 1 { return 0...1 }
        let layout = StoredBits(description)
        var low = Int.max
        var high = Int.min
        forEachWord { _, word in
            let value = layout.value(word)
            low = Swift.min(low, value)
            high = Swift.max(high, value)
        }
        return low <= high ? low...high : nil
    }
}
