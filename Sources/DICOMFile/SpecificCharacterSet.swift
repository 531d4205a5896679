/// Which characters the bytes of a text mean (0008,0005; PS3.3 C.12.1.1.2).
public struct SpecificCharacterSet: Hashable, Sendable {
    /// The Defined Terms, the first being the one that values begin in; empty for the default repertoire.
    public let terms: [String]

    public init(terms: [String]) {
        self.terms = terms
    }

    /// The value of (0008,0005) as it stands in a file.
    public init(bytes: some Sequence<UInt8>) {
        let text = String(decoding: bytes.map { $0 == 0 ? 0x20 : $0 }, as: UTF8.self)
        let terms = text.split(separator: "\\", omittingEmptySubsequences: false).map { term in
            var term = term[...]
            while term.first == " " { term.removeFirst() }
            while term.last == " " { term.removeLast() }
            return String(term)
        }
        self.terms = terms.allSatisfy(\.isEmpty) ? [] : terms
    }

    public static let `default` = SpecificCharacterSet(terms: [])
}
