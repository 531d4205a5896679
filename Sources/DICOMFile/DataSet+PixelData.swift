import DICOMModel

extension DataSet {
    /// Whether it has Pixel Data of any kind, at its root.
    package var hasPixelData: Bool { Tag.pixelDataKinds.contains(where: contains) }
}
