import DICOMFile
import DICOMModel
import Foundation
import HeaderDeidentification
import Testing

/// What dciodvfy and dcentvfy say of results, without the corpus: of SampleData, and of objects full of what is handled by
/// rules of our own.
@Suite(.enabled(if: Judges.hasDicom3tools, "make test-deps"))
struct ValidResultTests {
    /// None, and all that go together, with either kind of dates.
    static let profiles: [DeidentificationProfile] = {
        let dates: [ProfileOption] = [.retainLongitudinalFullDates, .retainLongitudinalModifiedDates]
        let most = dates.map { date in Set(ProfileOption.allCases.filter { !dates.contains($0) || $0 == date }) }
        return ([[]] + most).compactMap { try? DeidentificationProfile(options: $0) }
    }()

    private func inFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }

    private func write(
        _ original: DICOMObject, _ profile: DeidentificationProfile, to folder: URL
    ) throws -> String? {
        var object = original
        let deidentifier = HeaderDeidentifier(profile: profile, pseudonyms: pseudonyms)
        guard (try? deidentifier.deidentify(&object, pixels: .examinedAndClean)) != nil else { return nil }
        let target = folder.appending(path: UUID().uuidString + ".dcm").path
        try object.write(toPath: target)
        return target
    }

    @Test(.enabled(if: !SampleFiles.all.isEmpty, "make sample-data"), arguments: profiles)
    func `of SampleData, dciodvfy reports no error that the original didn't have, dcentvfy none at all that it hadn't`(
        _ profile: DeidentificationProfile
    ) throws {
        try inFolder { folder in
            var series: [String: [(original: URL, written: String)]] = [:]
            for file in SampleFiles.all {
                guard let original = CorpusFiles.instance(file), !original.transferSyntax.isDeflated,
                    let target = try write(original, profile, to: folder)
                else { continue }
                #expect(try Judges.newErrors(in: target, besides: file) == [], "\(file.lastPathComponent)")
                let name = original.dataSet.string(.seriesInstanceUID) ?? ""
                series[name, default: []].append((file, target))
            }
            #expect(series.values.map(\.count).reduce(0, +) > 30)
            for files in series.values where files.count > 1 {
                let before = try Judges.run("/usr/bin/dcentvfy", files.map(\.original.path))
                let after = try Judges.run("/usr/bin/dcentvfy", files.map(\.written))
                #expect(before.contains("Error") || !after.contains("Error"), "\(after.prefix(300))")
            }
        }
    }

    // MARK: - Labels

    private static func text(_ group: UInt16, _ element: UInt16, _ vr: VR, _ value: String) -> DataElement {
        DataElement(tag: Tag(group, element), vr: vr, bytes: Array(value.utf8))
    }

    /// Type 1 or 2 in these IODs, and outside Table E.1-1 (`AdditionalRules`). Objects are not complete: what they lack is
    /// wrong with them before as well.
    static let labelled: [(name: String, sopClass: String, elements: [DataElement])] = [
        (
            "segmentation", "1.2.840.10008.5.1.4.1.1.66.4",
            [
                text(0x0070, 0x0080, .cs, "SEGMENTS"), text(0x0070, 0x0081, .lo, "of Fitzwilliam"),
                DataElement(
                    tag: Tag(0x0062, 0x0002),
                    items: [
                        DataSet(elements: [
                            text(0x0062, 0x0005, .lo, "Fitzwilliam liver"), text(0x0062, 0x0006, .st, "seen by Obrian"),
                            text(0x0062, 0x0008, .cs, "MANUAL"), text(0x0062, 0x0020, .ut, "Fitzwilliam 1"),
                            text(0x0062, 0x0021, .ui, "1.2.826.0.1.3680043.10.99.7"),
                        ])
                    ]),
            ]
        ),
        (
            "RT image", "1.2.840.10008.5.1.4.1.1.481.1",
            [
                text(0x3002, 0x0002, .sh, "Fitzwilliam"), text(0x3002, 0x0003, .lo, "of Obrian"),
                text(0x3002, 0x0004, .st, "Fitzwilliam pelvis"), text(0x3002, 0x000C, .cs, "NORMAL"),
                text(0x3002, 0x0020, .sh, "LINAC7"),
            ]
        ),
        (
            "RT ion plan", "1.2.840.10008.5.1.4.1.1.481.8",
            [
                text(0x300A, 0x0002, .sh, "Fitzwilliam"), text(0x300A, 0x0003, .lo, "of Obrian"),
                DataElement(
                    tag: Tag(0x300A, 0x03A2),
                    items: [
                        DataSet(elements: [
                            text(0x300A, 0x00B2, .sh, "LINAC7"), text(0x300A, 0x00C0, .is, "1"),
                            text(0x300A, 0x00C2, .lo, "Obrian left"), text(0x300A, 0x00C3, .st, "for Fitzwilliam"),
                        ])
                    ]),
            ]
        ),
        (
            "CT image", "1.2.840.10008.5.1.4.1.1.2",
            [
                text(0x0018, 0x1003, .lo, "SER99"), text(0x0018, 0x7006, .lt, "by Obrian"),
                text(0x0020, 0x9453, .lo, "Fitzwilliam"), text(0x0040, 0x0255, .lo, "of Obrian"),
                text(0x0040, 0x2016, .lo, "ORD77"), text(0x0042, 0x0010, .st, "of Fitzwilliam"),
            ]
        ),
    ]

    @Test(arguments: labelled.indices, profiles)
    func `labels that are taken away leave no error behind, and no name`(
        _ index: Int, _ profile: DeidentificationProfile
    ) throws {
        let (name, sopClass, elements) = Self.labelled[index]
        try inFolder { folder in
            let patient = [
                DataElement(tag: .patientName, vr: .pn, ascii: "Fitzwilliam^Obrian"),
                DataElement(tag: .patientID, vr: .lo, ascii: "12345"),
            ]
            let original = object(elements + patient, sopClass: sopClass)
            let file = folder.appending(path: "original.dcm")
            try original.write(toPath: file.path)
            let target = try #require(try write(original, profile, to: folder))
            #expect(try Judges.newErrors(in: target, besides: file) == [], "\(name)")
            let text = String(decoding: try Data(contentsOf: URL(filePath: target)), as: UTF8.self).lowercased()
            #expect(!text.contains("fitzwilliam") && !text.contains("obrian"), "\(name)")
        }
    }
}
