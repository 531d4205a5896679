public import DICOMModel

/// The header values from which `SeriesRules` tells the kind of an instance; all optional, as files leave them out.
public struct SeriesSigns: Hashable, Sendable {
    public var modality: String?
    public var sopClassUID: UID?
    public var transferSyntaxUID: UID?
    public var seriesNumber: Int?
    public var seriesDescription: Sensitive<String>?
    /// The values of Image Type (0008,0008), in order.
    public var imageType: [String] = []
    public var manufacturer: String?
    /// (0008,0064)
    public var conversionType: String?
    /// Any of (0018,1010), (0018,1012), (0018,1016), (0018,1018), (0018,1019) has a value.
    public var hasSecondaryCaptureAttributes = false
    /// (0040,030E)
    public var hasExposureDoseSequence = false
    /// (0040,0310)
    public var hasCommentsOnRadiationDose = false
    /// Pixel Data, Float or Double Float Pixel Data.
    public var hasPixelData = true
    public var rows: Int?
    public var columns: Int?
    public var photometricInterpretation: String?
    public var bitsStored: Int?
    /// Pixel Representation is 1.
    public var isSigned = false
    /// The first value of each.
    public var windowCenter: Double?
    public var windowWidth: Double?
    /// (0048,0010) Specimen Label in Image is YES.
    public var showsSpecimenLabel = false
    /// (0028,0301)
    public var burnedInAnnotation: String?

    public init() {}
}
