import DICOMFile
import DICOMModel
import Foundation
import PixelRedaction

/// What a DICOMDIR says about one released instance. Everything in it stands in the released file as well.
package struct DirectoryEntry: Codable, Sendable {
    /// An Attribute as it stands in explicit VR little endian, header and value; nil where the record must have a value
    /// and the object has none.
    struct Attribute: Codable, Sendable {
        var tag: UInt32
        var bytes: Data?
    }

    /// Of the whole file.
    var sha256: String
    package var patient: String
    package var study: String
    package var series: String
    var seriesNumber: Int
    var instanceNumber: Int
    var sopClassUID: String
    package var sopInstanceUID: String
    var transferSyntaxUID: String
    /// Nil where the standard has no type of record for the object.
    var recordType: String?
    var patientRecord: [Attribute]
    var studyRecord: [Attribute]
    var seriesRecord: [Attribute]
    var instanceRecord: [Attribute]
}

extension DirectoryEntry {
    /// What records of a new DICOMDIR need of a file (PS3.3 F.5).
    package init(path: String) throws {
        let digest = try FileCopy.digest(of: path).sha256
        let object = try DICOMObject.read(try FileByteSource(path: path))
        let dataSet = object.dataSet
        let sopClass = dataSet.string(.sopClassUID) ?? ""
        let type = DirectoryRecordType(sopClassUID: sopClass, hasPixels: ImageReader.hasPixels(object))
        self.init(
            sha256: digest, patient: dataSet.string(.patientID) ?? "", study: dataSet.string(.studyInstanceUID) ?? "",
            series: dataSet.string(.seriesInstanceUID) ?? "", seriesNumber: dataSet.integer(.seriesNumber) ?? 0,
            instanceNumber: dataSet.integer(.instanceNumber) ?? 0, sopClassUID: sopClass,
            sopInstanceUID: dataSet.string(.sopInstanceUID) ?? "", transferSyntaxUID: object.transferSyntax.uid.value,
            recordType: type?.rawValue,
            patientRecord: try Self.record(DirectoryAttribute.patient, of: dataSet),
            studyRecord: try Self.record(DirectoryAttribute.study, of: dataSet),
            seriesRecord: try Self.record(DirectoryAttribute.series, of: dataSet),
            instanceRecord: try Self.record(type?.attributes ?? [], of: dataSet))
    }

    private static func record(
        _ attributes: [DirectoryAttribute], of dataSet: DataSet
    ) throws -> [Attribute] {
        let elements = attributes.map { ($0, element(for: $0, of: dataSet)) }
        var record = try elements.compactMap { attribute, element -> Attribute? in
            guard element != nil || attribute.need == .value else { return nil }
            return Attribute(tag: attribute.tag.rawValue, bytes: try element.map(encoded))
        }
        let usesCharacterSet = record.contains { $0.bytes?.contains { $0 >= 0x80 || $0 == 0x1B } == true }
        if usesCharacterSet, let element = dataSet[.specificCharacterSet] {
            record.append(Attribute(tag: element.tag.rawValue, bytes: try encoded(element)))
        }
        return record.sorted { $0.tag < $1.tag }
    }

    /// Nil for what the record has not, and for what has to be made up.
    private static func element(for attribute: DirectoryAttribute, of dataSet: DataSet) -> DataElement? {
        let element = dataSet[attribute.tag]
        switch attribute.need {
        case .value: return element.flatMap { $0.isEmpty ? nil : $0 }
        case .ifPresent: return element
        case .presence:
            return element ?? DataElement(emptyOf: attribute.tag, vr: DataDictionary.standardVR(attribute.tag) ?? .un)
        case .conceptModifiers:
            let items = (element?.items ?? []).filter { $0.string(.relationshipType) == "HAS CONCEPT MOD" }
            return items.isEmpty ? nil : DataElement(tag: attribute.tag, items: items)
        case .latestVerification:
            return dataSet.items(Tag(0x0040, 0xA073)).compactMap { $0.string(attribute.tag) }.max().map {
                DataElement(tag: attribute.tag, vr: .dt, ascii: $0)
            }
        }
    }

    private static func encoded(_ element: DataElement) throws -> Data {
        try DirectoryFile.encoded(DataSet(elements: [element]))
    }
}
