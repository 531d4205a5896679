public import DICOMModel

/// One stroke of a rule over the mask of an image: what is painted later covers what was painted before.
public struct RulePaint: Hashable, Sendable, Codable {
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case mask
        /// Takes back what rules painted before; never what the detector finds.
        case keep
    }

    public enum Area: Hashable, Sendable, Codable {
        /// In stored pixels, origin top left.
        case box(PixelRegion)
        case everything
        /// Region Location Min/Max X0, Y0, X1, Y1 of each Item of Sequence of Ultrasound Regions (0018,6011), as
        /// half-open ranges.
        case ultrasoundRegions
    }

    public var kind: Kind
    public var area: Area

    public init(_ kind: Kind, _ area: Area) {
        self.kind = kind
        self.area = area
    }
}
