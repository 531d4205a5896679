/// What the header says on how stored values become what a person sees (PS3.4 N.2). Nothing here is trusted to be the
/// only view: text may stand outside every window.
public struct RenderingDescription: Hashable, Sendable {
    /// Window Center and Window Width (0028,1050 / 1051), in output units of the Modality LUT.
    public struct Window: Hashable, Sendable {
        public var center: Double
        public var width: Double

        public init(center: Double, width: Double) {
            self.center = center
            self.width = width
        }
    }

    /// Red, Green and Blue tables (0028,1101 …).
    public struct Palette: Hashable, Sendable {
        public var red: LookupTable
        public var green: LookupTable
        public var blue: LookupTable

        public init(red: LookupTable, green: LookupTable, blue: LookupTable) {
            self.red = red
            self.green = green
            self.blue = blue
        }
    }

    public var rescaleSlope: Double
    public var rescaleIntercept: Double
    public var modalityLUT: LookupTable?
    public var windows: [Window]
    public var voiLUTs: [LookupTable]
    public var palette: Palette?
    /// Pixel Padding Value and Range Limit, or their float forms, as stored values, both ends included.
    public var paddingValues: ClosedRange<Double>?

    public init(
        rescaleSlope: Double = 1, rescaleIntercept: Double = 0, modalityLUT: LookupTable? = nil,
        windows: [Window] = [], voiLUTs: [LookupTable] = [], palette: Palette? = nil,
        paddingValues: ClosedRange<Double>? = nil
    ) {
        self.rescaleSlope = rescaleSlope
        self.rescaleIntercept = rescaleIntercept
        self.modalityLUT = modalityLUT
        self.windows = windows
        self.voiLUTs = voiLUTs
        self.palette = palette
        self.paddingValues = paddingValues
    }
}
