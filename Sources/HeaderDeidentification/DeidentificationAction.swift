/// What Table E.1-1 asks to do with an Attribute (PS3.15 E.1.1, codes of the table).
public enum DeidentificationAction: String, Hashable, Sendable, CaseIterable {
    /// Remove, with all that it contains.
    case remove = "X"
    /// Zero length, or a dummy value.
    case empty = "Z"
    /// A dummy value of non-zero length, valid for the VR.
    case dummy = "D"
    /// A new UID, the same for the same original everywhere.
    case newUID = "U"
    /// Keep; items of sequences are entered.
    case keep = "K"
    /// Clean: keep only what is known not to identify.
    case clean = "C"
    /// The stronger one unless the Type in the IOD forbids it.
    case emptyOrDummy = "Z/D"
    case removeOrEmpty = "X/Z"
    case removeOrDummy = "X/D"
    case removeOrEmptyOrDummy = "X/Z/D"
    /// As `removeOrEmpty`; items of a Type 1 sequence stay, with new UIDs.
    case removeOrEmptyOrNewUIDs = "X/Z/U*"

    /// The action once the Attribute's Type is known: one of the plain codes.
    ///
    /// A plain X or Z is softened where the Type demands a value (Type 1) or presence (Type 2): X and Z become D, X
    /// becomes Z. What identifies is gone either way, and the object stays valid.
    func resolved(for type: AttributeType) -> DeidentificationAction {
        switch self {
        case .dummy, .newUID, .keep, .clean: self
        case .remove: type == .one ? .dummy : type == .two ? .empty : .remove
        case .empty: type == .one ? .dummy : .empty
        case .emptyOrDummy: type.demandsValue ? .dummy : .empty
        case .removeOrEmpty, .removeOrDummy, .removeOrEmptyOrDummy:
            type.demandsValue ? .dummy : type.demandsPresence ? .empty : .remove
        case .removeOrEmptyOrNewUIDs: type.demandsValue ? .keep : type.demandsPresence ? .empty : .remove
        }
    }
}

/// Whether an Attribute must be there and have a value (PS3.5 7.4).
enum AttributeType: Character, Hashable, Sendable {
    case one = "1"
    case oneConditional = "a"
    case two = "2"
    case twoConditional = "b"
    case three = "3"

    /// A conditional one that is there is taken to be there because its condition holds.
    var demandsValue: Bool { self == .one || self == .oneConditional }
    var demandsPresence: Bool { self != .three }
}
