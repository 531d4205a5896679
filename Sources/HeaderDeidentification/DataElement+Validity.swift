import DICOMFile
import DICOMModel

/// Whether an element is what its Attribute and its VR ask for (PS3.5 6.2): what isn't may say anything, and so doesn't stay.
extension DataElement {
    /// The dictionary's VR, so that a dummy is valid even where the file's VR is not.
    var standardVR: VR {
        guard let vr = DataDictionary.standardVR(tag), vr != .un else { return self.vr }
        return vr
    }

    /// Items only where the standard has some, bits where it has bits, and no other characters than the VR allows.
    func isValid() throws -> Bool {
        let bytes: ValueBytes
        switch value {
        case .items: return [.sq, .un].contains(standardVR)
        case .fragments: return tag == .pixelData
        case .bytes(let value): bytes = value
        }
        guard !bytes.isEmpty else { return true }
        let standardVR = standardVR
        if standardVR == .sq || vr == .sq || vr.isText && !standardVR.isText { return false }
        if tag == .specificCharacterSet { return try SpecificCharacterSet(bytes: bytes.load()).isKnown }
        return try Self.allows(bytes, standardVR) && (vr == standardVR || Self.allows(bytes, vr))
    }

    private static func allows(_ value: ValueBytes, _ vr: VR) throws -> Bool {
        guard vr.isRestricted else { return true }
        if let bytes = value.loaded { return vr.allows(bytes) }
        // Numbers may be any number; nothing else of a restricted VR is that long.
        guard vr == .ds || vr == .is else { return false }
        let piece = 1 << 20
        return try stride(from: 0, to: value.count, by: piece).allSatisfy { start in
            vr.allows(try value.load(start..<start + piece)[...])
        }
    }

    /// Of several codes those that are some, and a dummy for each that is none.
    func withValidCodes() throws -> DataElement? {
        guard case .bytes(let value) = value else { return nil }
        let codes = try value.load().split(separator: 0x5C, omittingEmptySubsequences: false)
        let valid = codes.map { VR.cs.allows($0) ? $0 : Array(DummyValue.text.utf8)[...] }
        return DataElement(tag: tag, vr: .cs, bytes: Array(valid.joined(separator: [0x5C])))
    }
}
