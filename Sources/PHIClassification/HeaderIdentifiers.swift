public import DICOMModel

/// What an object's own header says about people, places and times: the values that recognised text is compared with.
///
/// Values are added raw, as they stand in the Data Set after character set decoding; empty ones are ignored.
public struct HeaderIdentifiers: Sendable {
    /// What a value is, which decides how it is looked for.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The patient's, in PN form: `Family^Given^Middle^Prefix^Suffix`, groups by `=`, several by `\`.
        case personName = "person-name"
        /// Of physicians, operators, relatives and others; PN form.
        case otherPersonName = "other-person-name"
        /// Patient ID and everything else that numbers a person, visit, order, sample or device.
        case identifier
        case accessionNumber = "accession-number"
        /// DA, or the date of a DT.
        case date
        case time
        /// AS: `045Y`
        case age
        case address
        case telephone
        /// Institutions, departments, wards, stations.
        case institution
        /// Comments, histories, occupations: each uncommon word counts.
        case freeText = "free-text"
        case uid
    }

    struct Value: Hashable, Sendable {
        var kind: Kind
        var text: Sensitive<String>
    }

    private(set) var values: Set<Value> = []

    public init() {}

    /// Values that are not empty, each counted once.
    public var count: Int { values.count }

    /// Adds a value; several may be separated by a backslash.
    public mutating func add(_ value: Sensitive<String>, kind: Kind) {
        guard value.reveal().unicodeScalars.contains(where: { !$0.properties.isWhitespace && $0 != "\0" }) else {
            return
        }
        values.insert(Value(kind: kind, text: value))
    }

    /// Adds all values of another header, for instance those of the whole Series.
    public mutating func formUnion(_ other: HeaderIdentifiers) {
        values.formUnion(other.values)
    }
}
