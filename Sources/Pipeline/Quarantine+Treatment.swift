public import DICOMModel
import Ledger

extension Quarantine {
    /// What a person wants done to the pixels.
    public enum Treatment: Hashable, Sendable {
        /// What the policy masks of the findings is masked, but for those that are switched off, and these boxes besides.
        case masked(Set<Box>, without: Set<RegionID> = [])
        /// Nothing is masked but what scripts of the site ask for: text that was found may stay.
        case asItIs

        static let byPolicy = Treatment.masked([])
    }

    /// A box in stored pixels, origin top left.
    public struct Box: Hashable, Sendable {
        public var region: PixelRegion
        /// Nil for all frames.
        public var frames: ClosedRange<FrameNumber>?

        public init(region: PixelRegion, frames: ClosedRange<FrameNumber>? = nil) {
            self.region = region
            self.frames = frames
        }

        /// Nil unless the text is `x,y,width,height`, with a frame or a range of frames behind it where it isn't for all of
        /// them: `x,y,width,height,3`, `x,y,width,height,3-10`.
        public init?(_ text: String) {
            let fields = text.split(separator: ",", omittingEmptySubsequences: false)
            guard fields.count == 4 || fields.count == 5, let region = Self.region(fields.prefix(4)) else { return nil }
            self.region = region
            guard fields.count == 5 else { return }
            let numbers = fields[4].split(separator: "-", omittingEmptySubsequences: false).map { number in
                Self.number(number).flatMap { FrameNumber($0) }
            }
            guard numbers.count <= 2, let first = numbers.first ?? nil, let last = numbers.last ?? nil, first <= last
            else { return nil }
            frames = first...last
        }

        private static func region(_ fields: ArraySlice<Substring>) -> PixelRegion? {
            let numbers = fields.compactMap(number)
            guard numbers.count == 4, numbers[2] > 0, numbers[3] > 0 else { return nil }
            return PixelRegion(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
        }

        /// Digits alone, below 2³¹.
        private static func number(_ text: Substring) -> Int? {
            guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let value = Int(text), value < 1 << 31 else {
                return nil
            }
            return value
        }

        /// Nil where it lies outside an image of this size.
        func inImage(_ bounds: PixelRegion, frameCount: Int) -> MaskedRegion? {
            guard bounds.contains(region), frames.map({ $0.upperBound.value <= frameCount }) ?? true else { return nil }
            let indices = frames.map { $0.lowerBound.index..<$0.upperBound.value } ?? 0..<frameCount
            return MaskedRegion(frames: indices.map(FrameNumber.init(index:)), region: region)
        }
    }
}

extension Quarantine.Box: CustomStringConvertible {
    /// In the form that it is read from.
    public var description: String {
        let box = "\(region.x),\(region.y),\(region.width),\(region.height)"
        guard let frames else { return box }
        return frames.lowerBound == frames.upperBound
            ? "\(box),\(frames.lowerBound)" : "\(box),\(frames.lowerBound)-\(frames.upperBound)"
    }
}

// MARK: - In the ledger

extension Quarantine.Treatment {
    /// `mask=…` and `without=…`, from which `init(proposedBy:)` makes it again.
    var evidence: [String] {
        guard case .masked(let boxes, let without) = self else { return [] }
        return boxes.map { "mask=\($0)" }.sorted() + without.sorted().map { "without=\($0.rawValue)" }
    }

    /// What a proposal asked for; nil where it is none.
    init?(proposedBy step: Reviewed) {
        switch step.action {
        case .proposed: self = .asItIs
        case .proposedPartly:
            let boxes = step.evidence.values(of: "mask").compactMap { Quarantine.Box($0) }
            self = .masked(Set(boxes), without: Set(step.evidence.values(of: "without").map(RegionID.init(rawValue:))))
        default: return nil
        }
    }
}

extension Quarantine.Treatment: Encodable {
    private enum CodingKeys: CodingKey {
        case asItIs
        case masks
        case without
    }

    /// `{"asItIs": true}`, or `{"masks": ["x,y,w,h,frames"], "without": ["id"]}`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .asItIs: try container.encode(true, forKey: .asItIs)
        case .masked(let boxes, let without):
            try container.encode(boxes.map(\.description).sorted(), forKey: .masks)
            try container.encode(without.sorted(), forKey: .without)
        }
    }
}
