/// The pattern of `format`: java.text.MessageFormat as far as plain texts go into it.
///
/// `{0}` is an argument, `''` a quote, and what stands between single quotes is taken as it is. `{0,number}` and the like
/// are not offered.
struct MessagePattern: Hashable, Sendable {
    private enum Part: Hashable, Sendable {
        case text(String)
        case argument(Int)
    }

    private let parts: [Part]

    /// Nil where MessageFormat refuses the pattern, or it asks for a format.
    init?(_ pattern: String) {
        var parts: [Part] = []
        var text = ""
        var isQuoted = false
        var rest = pattern.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            if scalar == "'" {
                if rest.first == "'" {
                    text.unicodeScalars.append("'")
                    rest.removeFirst()
                } else {
                    isQuoted.toggle()
                }
            } else if scalar == "{", !isQuoted {
                guard let end = rest.firstIndex(of: "}") else { return nil }
                let number = String(rest[..<end]).trimmingBlanks
                guard let index = Int(number), (0..<10_000).contains(index), number.utf8.first != 0x2B else {
                    return nil
                }
                parts += [.text(text), .argument(index)]
                text = ""
                rest = rest[rest.index(after: end)...]
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        self.parts = parts + [.text(text)]
    }

    /// An argument that isn't there stands as `{n}`, one without a value as `null`, as in Java.
    func formatted(_ arguments: [String?]) -> String {
        parts.map { part in
            switch part {
            case .text(let text): text
            case .argument(let index): index < arguments.count ? arguments[index] ?? "null" : "{\(index)}"
            }
        }.joined()
    }
}
