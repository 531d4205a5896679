import DICOMFile
import DICOMModel

/// Files written byte by byte, so that tests don't depend on the writer.
enum Bytes {
    static func u16(_ value: Int) -> [UInt8] { [UInt8(value & 0xFF), UInt8(value >> 8 & 0xFF)] }

    static func u32(_ value: Int) -> [UInt8] { u16(value & 0xFFFF) + u16(value >> 16 & 0xFFFF) }

    static func tag(_ group: Int, _ element: Int) -> [UInt8] { u16(group) + u16(element) }

    /// Explicit little endian; VRs with a long length get one.
    static func explicit(_ group: Int, _ element: Int, _ vr: String, _ value: [UInt8]) -> [UInt8] {
        let isLong = ["OB", "OW", "OV", "SQ", "UN", "UT"].contains(vr)
        let length = isLong ? [0, 0] + u32(value.count) : u16(value.count)
        return tag(group, element) + Array(vr.utf8) + length + value
    }

    static func explicit(_ group: Int, _ element: Int, _ vr: String, _ text: String) -> [UInt8] {
        explicit(group, element, vr, Array(text.utf8))
    }

    static func implicit(_ group: Int, _ element: Int, _ value: [UInt8]) -> [UInt8] {
        tag(group, element) + u32(value.count) + value
    }

    static func item(_ content: [UInt8]) -> [UInt8] { tag(0xFFFE, 0xE000) + u32(content.count) + content }

    static let undefined: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF]
    static let itemEnd = tag(0xFFFE, 0xE00D) + u32(0)
    static let sequenceEnd = tag(0xFFFE, 0xE0DD) + u32(0)

    /// Preamble, `DICM`, File Meta Information with a Transfer Syntax.
    static func beginning(_ transferSyntax: String = "1.2.840.10008.1.2.1") -> [UInt8] {
        let padded = transferSyntax.utf8.count % 2 == 0 ? transferSyntax : transferSyntax + "\0"
        let meta = explicit(0x0002, 0x0010, "UI", padded)
        return [UInt8](repeating: 0, count: 128) + Array("DICM".utf8)
            + explicit(0x0002, 0x0000, "UL", u32(meta.count)) + meta
    }

    /// A few plain elements that any file has.
    static let modality = explicit(0x0008, 0x0060, "CS", "OT")

    static func read(_ bytes: [UInt8], limits: ReadLimits = .default) throws -> DICOMObject {
        try DICOMObject.read(MemoryByteSource(bytes), limits: limits)
    }
}
