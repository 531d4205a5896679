/// The number of a frame, counted from 1 as DICOM does (PS3.3 C.7.6.6).
public struct FrameNumber: Hashable, Sendable {
    public let value: Int

    /// Nil unless `value` is at least 1.
    public init?(_ value: Int) {
        guard value >= 1 else { return nil }
        self.value = value
    }

    /// The frame that stands at `index`, counted from 0, in an array.
    public init(index: Int) {
        precondition(index >= 0, "an array has no negative index")
        value = index + 1
    }

    /// Where the frame stands in an array, counted from 0.
    public var index: Int { value - 1 }
}

extension FrameNumber: Comparable {
    public static func < (left: FrameNumber, right: FrameNumber) -> Bool { left.value < right.value }
}

extension FrameNumber: CustomStringConvertible {
    public var description: String { String(value) }
}

extension FrameNumber: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let number = FrameNumber(try container.decode(Int.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "frames are counted from 1")
        }
        self = number
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }
}
