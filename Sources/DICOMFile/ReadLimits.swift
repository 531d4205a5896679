/// What a reader refuses, so that a hostile file costs neither the stack nor the memory.
public struct ReadLimits: Hashable, Sendable {
    /// Sequences inside sequences; one more is an error `.tooDeep`.
    public var maximumDepth: Int
    /// Elements, items and fragments of a whole file; one more is an error `.tooLarge`. Each takes some 200 bytes.
    public var maximumElements: Int
    /// Bytes that a deflated Data Set may unfold to, in a temporary file; more is an error `.tooLarge`.
    public var maximumInflatedBytes: Int
    /// Bytes up to which a value is loaded with the header; larger ones stay in the source.
    public var maximumLoadedValue: Int

    public init(
        maximumDepth: Int = 128, maximumElements: Int = 2_000_000, maximumInflatedBytes: Int = 1 << 32,
        maximumLoadedValue: Int = 1 << 16
    ) {
        self.maximumDepth = maximumDepth
        self.maximumElements = maximumElements
        self.maximumInflatedBytes = maximumInflatedBytes
        self.maximumLoadedValue = maximumLoadedValue
    }

    /// 128 levels, two million elements, 4 GiB of inflated Data Set, values up to 64 KiB.
    public static let `default` = ReadLimits()
}
