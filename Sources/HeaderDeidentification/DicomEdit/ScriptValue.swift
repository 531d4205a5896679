/// What an expression gives while a script runs. It may identify a patient and is never printed.
enum ScriptValue: Sendable {
    /// Java's null: an element that isn't there, a regular expression that doesn't match.
    case absent
    case text(String)
    case boolean(Bool)
    case list(ScriptList)
    /// In a list or as an argument a path is itself, not what is there.
    case path(PathPattern)
}

/// A list of values, which knows how many there are with those of lists in it.
struct ScriptList: Sendable {
    let values: [ScriptValue]
    let count: Int

    init(_ values: [ScriptValue]) {
        self.values = values
        count = values.reduce(0) { total, value in
            if case .list(let list) = value {
                total.addingReportingOverflow(list.count + 1).partialValue
            } else {
                total + 1
            }
        }
    }

    /// All values in order, lists in it resolved.
    var flattened: [ScriptValue] {
        values.flatMap { value -> [ScriptValue] in
            if case .list(let list) = value { list.flattened } else { [value] }
        }
    }
}
