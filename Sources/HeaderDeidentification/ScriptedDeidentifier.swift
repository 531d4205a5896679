package import DICOMFile
import DICOMModel

/// Finishes an object whose header the site's scripts have rewritten instead of the profile: what no script can do, and
/// what every released object carries. Whether the scripts left nothing is for the residual sweep to say.
package enum ScriptedDeidentifier {
    /// First value of De-identification Method (0012,0063).
    static let method = "Quench 0.1, DicomEdit 6"

    /// Replaces File Meta Information and preamble, removes what stands outside the image and beyond the reach of
    /// scripts, and sets the markers (PS3.15 E.1.1). Code 113100 is not among them.
    ///
    /// - Parameter original: the Data Set before the scripts.
    /// - Throws: `.notAnInstance` where the scripts have left no SOP Class UID or no SOP Instance UID, or none that is a UID.
    package static func finish(_ object: inout DICOMObject, original: DataSet, pixels: PixelEvidence) throws {
        guard let sopClass = object.dataSet.string(.sopClassUID), let instance = object.dataSet.string(.sopInstanceUID)
        else {
            throw HeaderDeidentificationError(.notAnInstance, "the scripts left no SOP Class UID or SOP Instance UID")
        }
        var dataSet = Self.withoutForbiddenParts(object.dataSet)
        // The sweep finds every date that is still the original's; those that are left were moved.
        let dates: [Tag] = [.studyDate, Tag(0x0008, 0x0021), Tag(0x0008, 0x0022), Tag(0x0008, 0x0023)]
        let hasDates = dates.contains { dataSet.string($0) != nil }
        let markers = DeidentificationMarkers(
            method: Self.method, codes: pixels.isClean ? [.cleanPixelData] : [],
            temporalInformation: hasDates ? .modified : .removed, pixels: pixels)
        _ = markers.set(in: &dataSet, of: original)
        try HeaderDeidentifier.finish(&object, dataSet, UID(sopClass), UID(instance))
    }

    /// Without overlay planes, pictures in items, encrypted Attributes, signatures, padding, and groups that don't belong in a Data Set.
    private static func withoutForbiddenParts(_ dataSet: DataSet) -> DataSet {
        var result = dataSet
        result.mapElements { element in
            let tag = element.tag
            if AdditionalRules.isRemovedGroup(tag) || removed.contains(tag) { return nil }
            guard let items = element.items else { return element }
            if items.contains(where: \.hasPixelData) { return nil }
            return element.replacing(.items(items.map(withoutForbiddenParts)))
        }
        return result
    }

    private static let removed: Set<Tag> = [
        .iconImageSequence, AdditionalRules.encryptedAttributes, AdditionalRules.encryptedContent,
        AdditionalRules.macParameters,
        .digitalSignaturesSequence, .dataSetTrailingPadding, Tag(0x0008, 0x0001),
    ]
}
