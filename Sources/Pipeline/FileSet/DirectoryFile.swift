import Crypto
import DICOMFile
import DICOMModel
import Foundation
import HeaderDeidentification

/// A DICOMDIR: the Media Storage Directory of a File-set (PS3.3 annex F, PS3.10 section 8), made of what workers say about
/// its files.
///
/// Values that records must have and that de-identification has taken are made up as dummies of the profile are; numbers
/// count.
package struct DirectoryFile {
    /// File IDs of the files, in the order of `entries`: nil for what no record can be made of.
    package private(set) var fileIDs: [String?]
    private var records: [Record] = []
    private let entries: [DirectoryEntry]

    /// One Directory Record, with where its neighbours are; indices are those of `records`.
    private struct Record {
        let type: String
        /// After (0004,1420), in ascending order.
        let keys: Data
        var next: Int?
        var lower: Int?
    }

    /// - Throws: `PipelineError` where there are more of something than a File ID can number.
    package init(_ entries: [DirectoryEntry]) throws {
        self.entries = entries
        fileIDs = Array(repeating: nil, count: entries.count)
        _ = try append(Array(entries.indices.filter { entries[$0].recordType != nil }), level: .patient, path: [])
    }

    // MARK: - Records

    private enum Level: Int {
        case patient, study, series, instance

        var prefix: String { ["PT", "ST", "SE", "IM"][rawValue] }
        var below: Level? { Level(rawValue: rawValue + 1) }
    }

    /// Makes the records of one directory entity and of all below them; gives the first one.
    ///
    /// - Parameters:
    ///   - members: indices of `entries`.
    ///   - path: of the components of File IDs so far.
    private mutating func append(_ members: [Int], level: Level, path: [String]) throws -> Int? {
        let groups = Dictionary(grouping: members) { key(of: $0, at: level) }.sorted { $0.key < $1.key }
        guard groups.count <= 999_999 else {
            throw PipelineError(.output, "a File-set can't number more than 999,999 files or folders of one kind")
        }
        var first: Int?
        var previous: Int?
        for (number, group) in groups.enumerated() {
            guard let member = group.value.first else { continue }
            let digits = String(number + 1)
            let name = level.prefix + String(repeating: "0", count: 6 - digits.count) + digits
            let place = records.count
            records.append(try record(of: member, at: level, number: number + 1, fileID: path + [name]))
            if let previous { records[previous].next = place }
            first = first ?? place
            previous = place
            if let below = level.below {
                records[place].lower = try append(group.value, level: below, path: path + [name])
            } else {
                fileIDs[member] = (path + [name]).joined(separator: "/")
            }
        }
        return first
    }

    /// What tells records of one entity apart, and their order.
    private func key(of index: Int, at level: Level) -> Key {
        let entry = entries[index]
        return switch level {
        case .patient: Key(number: 0, name: entry.patient)
        case .study: Key(number: 0, name: entry.study)
        case .series: Key(number: entry.seriesNumber, name: entry.series)
        case .instance: Key(number: entry.instanceNumber, name: entry.sopInstanceUID)
        }
    }

    private struct Key: Hashable, Comparable {
        let number: Int
        let name: String

        static func < (left: Key, right: Key) -> Bool { (left.number, left.name) < (right.number, right.name) }
    }

    private func record(of index: Int, at level: Level, number: Int, fileID: [String]) throws -> Record {
        let entry = entries[index]
        switch level {
        case .patient:
            return Record(type: "PATIENT", keys: try Self.joined(entry.patientRecord, of: entry, number: number))
        case .study: return Record(type: "STUDY", keys: try Self.joined(entry.studyRecord, of: entry, number: number))
        case .series:
            return Record(type: "SERIES", keys: try Self.joined(entry.seriesRecord, of: entry, number: number))
        case .instance:
            let references = DataSet(elements: [
                DataElement(tag: Tag(0x0004, 0x1500), vr: .cs, bytes: Array(fileID.joined(separator: "\\").utf8)),
                DataElement(tag: Tag(0x0004, 0x1510), vr: .ui, bytes: Array(entry.sopClassUID.utf8)),
                DataElement(tag: Tag(0x0004, 0x1511), vr: .ui, bytes: Array(entry.sopInstanceUID.utf8)),
                DataElement(tag: Tag(0x0004, 0x1512), vr: .ui, bytes: Array(entry.transferSyntaxUID.utf8)),
            ])
            let keys = try Self.encoded(references) + Self.joined(entry.instanceRecord, of: entry, number: number)
            return Record(type: entry.recordType ?? "", keys: keys)
        }
    }

    /// - Parameter number: what a number is that has to be made up.
    private static func joined(
        _ attributes: [DirectoryEntry.Attribute], of entry: DirectoryEntry, number: Int
    ) throws -> Data {
        try attributes.reduce(into: Data()) { result, attribute in
            let tag = Tag(rawValue: attribute.tag)
            result += try attribute.bytes ?? encoded(DataSet(elements: [madeUp(tag, of: entry, number: number)]))
        }
    }

    private static func madeUp(_ tag: Tag, of entry: DirectoryEntry, number: Int) -> DataElement {
        let vr = DataDictionary.standardVR(tag) ?? .un
        switch tag {
        case .instanceNumber, .seriesNumber, .studyID:
            return DataElement(tag: tag, vr: vr, ascii: String(number))
        case _ where vr == .ui:
            return DataElement(tag: tag, vr: vr, ascii: uid("\(tag) \(entry.sopInstanceUID)").value)
        default:
            return DummyValue.element(tag, vr: vr)
        }
    }

    // MARK: - The file

    /// The whole file: offsets count from its first byte (PS3.3 F.3.2.2).
    package func bytes() throws -> [UInt8] {
        // Offsets have one size, so that nothing moves when they are set.
        let start = try object(records: [], offsets: (0, 0)).count
        var offsets: [Int] = []
        var end = start
        for record in records {
            offsets.append(end)
            end += try Self.item(record, next: 0, lower: 0).count
        }
        guard UInt32(exactly: end) != nil else { throw PipelineError(.output, "a DICOMDIR can't have more than 4 GiB") }
        func offset(_ index: Int?) -> Int { index.map { offsets[$0] } ?? 0 }
        let items = try records.map { try Self.item($0, next: offset($0.next), lower: offset($0.lower)) }
        // The first record is the first of the root; the last of the root is the end of its chain.
        var last = records.indices.first
        while let next = last.flatMap({ records[$0].next }) { last = next }
        return try object(records: items, offsets: (offset(records.indices.first), offset(last)))
    }

    private static func item(_ record: Record, next: Int, lower: Int) throws -> Data {
        var keys = DataSet()
        keys.set(Tag(0x0004, 0x1400), .ul, unsigned: [next])
        keys.set(Tag(0x0004, 0x1410), .us, unsigned: [0xFFFF])
        keys.set(Tag(0x0004, 0x1420), .ul, unsigned: [lower])
        keys[Tag(0x0004, 0x1430)] = DataElement(tag: Tag(0x0004, 0x1430), vr: .cs, bytes: Array(record.type.utf8))
        let content = try encoded(keys) + record.keys
        let length = UInt32(clamping: content.count)
        let header: [UInt8] = [0xFE, 0xFF, 0x00, 0xE0] + (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
        return Data(header) + content
    }

    private func object(records: [Data], offsets: (first: Int, last: Int)) throws -> [UInt8] {
        var dataSet = DataSet()
        dataSet[Tag(0x0004, 0x1130)] = DataElement(tag: Tag(0x0004, 0x1130), vr: .cs, ascii: "QUENCH")
        dataSet.set(Tag(0x0004, 0x1200), .ul, unsigned: [offsets.first])
        dataSet.set(Tag(0x0004, 0x1202), .ul, unsigned: [offsets.last])
        dataSet.set(Tag(0x0004, 0x1212), .us, unsigned: [0])
        let items = Array(Data(records.joined()))
        dataSet[.directoryRecordSequence] = DataElement(tag: .directoryRecordSequence, vr: .sq, bytes: items)
        let fileMeta = HeaderDeidentifier.fileMeta(
            UID("1.2.840.10008.1.3.10"), fileSetUID, .explicitVRLittleEndian)
        return try DICOMObject(
            fileMeta: fileMeta, dataSet: dataSet, transferSyntax: .explicitVRLittleEndian
        ).serialized()
    }

    /// The same for the same files.
    private var fileSetUID: UID {
        Self.uid(entries.map(\.sopInstanceUID).sorted().joined(separator: "\n"))
    }

    private static func uid(_ text: String) -> UID {
        UID(uuid: SHA256.hash(data: Array(text.utf8)).prefix(16))
    }

    /// In explicit VR little endian.
    static func encoded(_ dataSet: DataSet) throws -> Data {
        let object = DICOMObject(
            preamble: nil, fileMeta: DataSet(), dataSet: dataSet, transferSyntax: .explicitVRLittleEndian)
        return Data(try object.serialized())
    }
}
