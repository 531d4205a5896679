/// What is done with a script that XNAT would refuse though its meaning is clear.
public enum ScriptTolerance: String, Hashable, Sendable, CaseIterable {
    case strict
    /// Runs it, with a warning for each such place.
    case tolerant
}
