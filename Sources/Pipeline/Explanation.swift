public import DICOMModel

/// What would become of one object's header, Attribute by Attribute.
public struct Explanation: Sendable, Codable {
    public struct Row: Sendable, Codable {
        public enum Fate: String, Sendable, Codable {
            case kept, replaced, emptied, removed, created
        }

        /// `(0008,1140)[0]/(0008,1155)`.
        public var path: String
        /// Of the standard; nil for private and unknown tags.
        public var keyword: String?
        public var vr: String
        public var becomes: Fate
        /// What decided, in the order in which it did: `script 1, line 4`, `E.1-1 X/Z`, `cohort list` …
        public var by: [String]
        /// Only where values were asked for.
        public var original: String?
        public var result: String?
    }

    public var rows: [Row]
    /// Rectangles that scripts and device rules ask to be masked: `script 1, line 12: 16 × 6 at (8, 4)`.
    public var masks: [String]
    /// Which device rules apply, and to what effect.
    public var rules: [String] = []
    /// What lists, scripts and device rules say against the object.
    public var refusals: [ReasonCode]
    /// Where the residual sweep still finds something of the original, without what: `person-name in (0018,0024) SH`.
    public var residuals: [String]
    /// Of `residuals`, those that keep the object from release.
    public var blocking: Int
    /// Why the header can't be de-identified at all: the line of a script, or a reason code.
    public var failure: String?

    /// Of a file that can't be read.
    static func failed(_ reason: ReasonCode) -> Explanation {
        Explanation(rows: [], masks: [], refusals: [], residuals: [], blocking: 0, failure: reason.rawValue)
    }

    /// Whether the header would pass: what `clean` finds in pixels is not in it.
    public var wouldPass: Bool { refusals.isEmpty && blocking == 0 && failure == nil }
}
