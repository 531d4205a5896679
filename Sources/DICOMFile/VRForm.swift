import DICOMModel

/// What a reader must know about two letters, looked up without hashing.
enum VRForm: UInt8 {
    /// Not one of the standard's.
    case unknown
    /// Known, with a 16-bit length.
    case short
    /// Known, with two reserved bytes and a 32-bit length.
    case long

    static func of(_ vr: VR) -> VRForm {
        let first = Int(vr.first) - 0x41
        let second = Int(vr.second) - 0x41
        guard (0..<26).contains(first), (0..<26).contains(second) else { return .unknown }
        return table[first * 26 + second]
    }

    private static let table: [VRForm] = {
        var table = [VRForm](repeating: .unknown, count: 26 * 26)
        for vr in VR.known {
            table[(Int(vr.first) - 0x41) * 26 + Int(vr.second) - 0x41] = vr.hasLongLength ? .long : .short
        }
        return table
    }()
}

extension VR {
    /// `isKnown`, quickly.
    var isStandard: Bool { VRForm.of(self) != .unknown }

    /// `hasLongLength` of those that are known, quickly.
    var isLong: Bool { VRForm.of(self) == .long }
}
