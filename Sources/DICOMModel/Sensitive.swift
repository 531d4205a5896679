/// A value that may identify a patient. It prints as `‹redacted›` in interpolation, `dump` and `String(reflecting:)`;
/// `reveal()` is the one way out, and `grep` finds it. It is deliberately not `Codable`.
public struct Sensitive<Value> {
    private let value: Value

    public init(_ value: Value) {
        self.value = value
    }

    /// The value itself. What is done with it must not reach a log, an error, a report or a file name.
    public func reveal() -> Value { value }

    public func map<Other>(_ transform: (Value) throws -> Other) rethrows -> Sensitive<Other> {
        Sensitive<Other>(try transform(value))
    }
}

extension Sensitive: Sendable where Value: Sendable {}
extension Sensitive: Equatable where Value: Equatable {}
extension Sensitive: Hashable where Value: Hashable {}

extension Sensitive: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "‹redacted›" }
    public var debugDescription: String { "‹redacted›" }
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
