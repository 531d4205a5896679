/// Which characters the bytes of a text mean (0008,0005; PS3.3 C.12.1.1.2).
public struct SpecificCharacterSet: Hashable, Sendable {
    /// The Defined Terms, the first being the one that values begin in; empty for the default repertoire.
    public let terms: [String]

    public init(terms: [String]) {
        self.terms = terms
    }

    public static let `default` = SpecificCharacterSet(terms: [])
}
