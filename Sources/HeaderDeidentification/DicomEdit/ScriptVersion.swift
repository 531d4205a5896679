/// The versions of the language that XNAT's `version "6.n"` may name: 6.0–6.7, and 6.10 up.
enum ScriptVersion {
    static func isKnown(_ text: String) -> Bool {
        guard let minor = minor(text) else { return false }
        return (0...7).contains(minor) || minor >= 10
    }

    /// n of `6.n`; nil for anything else.
    static func minor(_ text: String) -> Int? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == "6", let minor = Int(parts[1]), String(minor) == parts[1], minor < 1000
        else {
            return nil
        }
        return minor
    }
}
