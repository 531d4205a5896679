public import DICOMModel

/// A rectangle that `alterPixels` wants to be filled, on every frame.
public struct ScriptRedaction: Hashable, Sendable {
    /// Not yet cut to the frame: it may reach beyond it.
    public let region: PixelRegion
    public let line: Int
}
