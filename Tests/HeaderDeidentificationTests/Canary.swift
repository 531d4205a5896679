import DICOMFile
import DICOMModel
import Foundation
import HeaderDeidentification
import TestSupport

/// Swift Testing has a type of this name as well.
typealias Tag = DICOMModel.Tag

/// A made-up patient whose every value is found nowhere else.
enum Canary {
    static let text = "ZZCANARY7"
    static let name = "Zzcanary^Quuxina"
    static let date = "19871123"
    static let time = "112233.445566"
    static let uid = "1.2.826.0.1.3680043.77.1987.4711"

    /// An element that says who the patient is in whatever way its VR lets it.
    static func element(_ tag: Tag, _ vr: VR) -> DataElement {
        switch vr {
        case .sq:
            DataElement(
                tag: tag,
                items: [
                    DataSet(elements: [
                        DataElement(tag: Tag(0x0008, 0x0104), vr: .lo, ascii: text),
                        DataElement(tag: Tag(0x0008, 0x1155), vr: .ui, ascii: uid),
                        DataElement(tag: Tag(0x0010, 0x0010), vr: .pn, ascii: name),
                    ])
                ])
        case .pn: DataElement(tag: tag, vr: vr, ascii: name)
        case .da: DataElement(tag: tag, vr: vr, ascii: date)
        case .tm: DataElement(tag: tag, vr: vr, ascii: time)
        case .dt: DataElement(tag: tag, vr: vr, ascii: date + time)
        case .as: DataElement(tag: tag, vr: vr, ascii: "087Y")
        case .ds, .is: DataElement(tag: tag, vr: vr, ascii: "987654321")
        case .ui: DataElement(tag: tag, vr: vr, ascii: uid)
        case .us, .ss, .ow: DataElement(tag: tag, vr: vr, bytes: Array("ZZ".utf8))
        case .ob, .un: DataElement(tag: tag, vr: vr, bytes: Array(text.utf8))
        default: DataElement(tag: tag, vr: vr, ascii: text)
        }
    }

    /// Whether any of the canary's values is in these bytes.
    static func sings(in bytes: [UInt8]) -> Bool {
        let text = String(decoding: bytes.map { $0 == 0 || $0 > 0x7E ? 0x20 : $0 }, as: UTF8.self).lowercased()
        return ["zzcanary", "quuxina", date, "112233.44", "087y", "987654321", uid].contains { text.contains($0) }
    }
}

let deidentifier = HeaderDeidentifier(pseudonyms: pseudonyms)
let pseudonyms = Pseudonyms(key: testKey)
/// Bytes 0…31, so that another implementation of HMAC can be asked.
let testKey: ProjectKey = {
    do { return try ProjectKey(bytes: Array(0..<32)) } catch { preconditionFailure("32 bytes are a key") }
}()

func object(
    _ elements: [DataElement], sopClass: String = "1.2.840.10008.5.1.4.1.1.2",
    _ transferSyntax: TransferSyntax = .explicitVRLittleEndian
) -> DICOMObject {
    let standard = [
        DataElement(tag: .sopClassUID, vr: .ui, ascii: sopClass),
        DataElement(tag: .sopInstanceUID, vr: .ui, ascii: "1.2.3.4.5.6.7.8.9.10.11"),
    ]
    var dataSet = DataSet(
        isExplicitVR: transferSyntax.isExplicitVR, isBigEndian: transferSyntax.isBigEndian)
    for element in (standard + elements).sorted(by: { $0.tag < $1.tag }) where dataSet[element.tag] == nil {
        dataSet.append(element)
    }
    let fileMeta = DataSet(elements: [
        DataElement(tag: .mediaStorageSOPClassUID, vr: .ui, ascii: sopClass),
        DataElement(tag: .mediaStorageSOPInstanceUID, vr: .ui, ascii: "1.2.3.4.5.6.7.8.9.10.11"),
        DataElement(tag: .transferSyntaxUID, vr: .ui, bytes: Array(transferSyntax.uid.value.utf8)),
        DataElement(tag: Tag(0x0002, 0x0016), vr: .ae, ascii: Canary.text),
    ])
    return DICOMObject(fileMeta: fileMeta, dataSet: dataSet, transferSyntax: transferSyntax)
}

/// De-identifies what a reader makes of the object's bytes; gives what a reader makes of the result's, and them.
func deidentified(
    _ original: DICOMObject, pixels: PixelEvidence = .noPixels, options: Set<ProfileOption> = []
) throws -> (object: DICOMObject, bytes: [UInt8], summary: HeaderSummary) {
    var object = try DICOMObject.read(MemoryByteSource(try original.serialized()))
    let deidentifier = HeaderDeidentifier(
        profile: try DeidentificationProfile(options: options), pseudonyms: pseudonyms)
    let summary = try deidentifier.deidentify(&object, pixels: pixels)
    let bytes = try object.serialized()
    return (try DICOMObject.read(MemoryByteSource(bytes)), bytes, summary)
}

/// Where the development corpus is, if it is there.
let corpus = Corpus.root.map { URL(filePath: $0) }
