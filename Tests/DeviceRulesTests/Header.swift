import DICOMFile
import DICOMModel

/// Swift Testing has a type of this name as well.
typealias Tag = DICOMModel.Tag

/// An object with nothing but a header.
enum Header {
    static func object(_ values: [(Tag, VR, String)], items: [(Tag, [DataSet])] = []) -> DICOMObject {
        var dataSet = DataSet()
        for (tag, vr, value) in values {
            if vr == .us {
                dataSet.set(tag, vr, unsigned: value.split(separator: "\\").compactMap { Int($0) })
            } else {
                dataSet[tag] = DataElement(tag: tag, vr: vr, bytes: Array(value.utf8))
            }
        }
        for (tag, items) in items { dataSet[tag] = DataElement(tag: tag, items: items) }
        let meta = DataSet(elements: [
            DataElement(tag: .implementationVersionName, vr: .sh, bytes: Array("MAKER_1".utf8))
        ])
        return DICOMObject(fileMeta: meta, dataSet: dataSet, transferSyntax: .explicitVRLittleEndian)
    }

    /// An ultrasound image of 768 rows and 1024 columns.
    static let ultrasound = object([
        (.modality, .cs, "US"), (.manufacturer, .lo, "ACME Medical Systems"), (.manufacturerModelName, .lo, "Sono 5+"),
        (.imageType, .cs, "DERIVED\\SECONDARY\\CAPTURE"), (.rows, .us, "768"), (.columns, .us, "1024"),
        (Tag(0x0018, 0x1018), .lo, ""),
    ])
}
