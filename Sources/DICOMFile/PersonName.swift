/// A value of VR PN, divided (PS3.5 6.2.1).
public struct PersonName: Hashable, Sendable {
    /// Family name, given name, middle name, prefix, suffix; those at the end may be missing.
    public struct Group: Hashable, Sendable {
        public let components: [String]

        public var familyName: String { component(0) }
        public var givenName: String { component(1) }
        public var middleName: String { component(2) }
        public var prefix: String { component(3) }
        public var suffix: String { component(4) }

        public var isEmpty: Bool { components.allSatisfy(\.isEmpty) }

        private func component(_ index: Int) -> String {
            components.indices.contains(index) ? components[index] : ""
        }
    }

    /// Alphabetic, ideographic, phonetic; those at the end may be missing.
    public let groups: [Group]

    public var alphabetic: Group { group(0) }
    public var ideographic: Group { group(1) }
    public var phonetic: Group { group(2) }

    /// - Parameter value: one decoded value, such as `Yamada^Tarou=山田^太郎=やまだ^たろう`.
    public init(_ value: String) {
        groups = value.split(separator: "=", omittingEmptySubsequences: false).map { group in
            Group(
                components: group.split(separator: "^", omittingEmptySubsequences: false).map { component in
                    var component = component.unicodeScalars
                    while let last = component.last, last == " " || last == "\0" { component.removeLast() }
                    while component.first == " " { component.removeFirst() }
                    return String(component)
                })
        }
    }

    private func group(_ index: Int) -> Group {
        groups.indices.contains(index) ? groups[index] : Group(components: [])
    }
}

// A name in an interpolation or a log would be patient data.
extension PersonName: CustomStringConvertible, CustomReflectable {
    public var description: String { "‹redacted›" }
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}

extension PersonName.Group: CustomStringConvertible, CustomReflectable {
    public var description: String { "‹redacted›" }
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
