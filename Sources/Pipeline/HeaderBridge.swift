import DICOMFile
import DICOMModel
import PHIClassification
import PixelRedaction

extension SeriesSigns {
    /// The structural signs of a header.
    init(_ object: DICOMObject) {
        let header = object.dataSet
        self.init()
        modality = header.string(.modality)
        let sopClass = header.string(.sopClassUID) ?? object.fileMeta.string(.mediaStorageSOPClassUID)
        sopClassUID = sopClass.map { UID($0) }
        transferSyntaxUID = object.transferSyntax.uid
        seriesNumber = header.integer(.seriesNumber)
        seriesDescription = header.string(.seriesDescription).map { Sensitive($0) }
        imageType = header.strings(.imageType)
        manufacturer = header.string(.manufacturer)
        conversionType = header.string(.conversionType)
        hasSecondaryCaptureAttributes = Self.secondaryCapture.contains {
            header.string($0).map { !$0.isEmpty } ?? false
        }
        hasExposureDoseSequence = header[.exposureDoseSequence] != nil
        hasCommentsOnRadiationDose = header[.commentsOnRadiationDose].map { !$0.isEmpty } ?? false
        hasPixelData = ImageReader.hasPixels(object)
        rows = header.integer(.rows)
        columns = header.integer(.columns)
        photometricInterpretation = header.string(.photometricInterpretation)
        bitsStored = header.integer(.bitsStored)
        isSigned = header.integer(.pixelRepresentation) == 1
        windowCenter = header.decimals(.windowCenter).first
        windowWidth = header.decimals(.windowWidth).first
        showsSpecimenLabel = header.string(Tag(0x0048, 0x0010)) == "YES"
        burnedInAnnotation = header.string(.burnedInAnnotation)
    }

    private static let secondaryCapture: [Tag] = [
        .secondaryCaptureDeviceID, .secondaryCaptureDeviceManufacturer, .secondaryCaptureDeviceManufacturerModelName,
        .secondaryCaptureDeviceSoftwareVersions, .dateOfSecondaryCapture,
    ]
}
