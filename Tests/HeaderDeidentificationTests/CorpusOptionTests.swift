import DICOMFile
import DICOMModel
import Foundation
import HeaderDeidentification
import Testing

/// The options on real files: nothing new is wrong with the results, they fit together, and the patient is gone.
@Suite(.enabled(if: corpus != nil))
struct CorpusOptionTests {
    /// Everything that can be retained and cleaned together, with either kind of dates.
    static let profiles: [DeidentificationProfile] = {
        let dates: [ProfileOption] = [.retainLongitudinalFullDates, .retainLongitudinalModifiedDates]
        let together = dates.map { date in Set(ProfileOption.allCases.filter { !dates.contains($0) || $0 == date }) }
        let alone = CorpusFiles.isWhole ? ProfileOption.allCases.map { Set([$0]) } : []
        return (together + alone).compactMap { try? DeidentificationProfile(options: $0) }
    }()

    private func deidentified(_ original: DICOMObject, _ profile: DeidentificationProfile) -> DICOMObject? {
        var object = original
        let deidentifier = HeaderDeidentifier(profile: profile, pseudonyms: pseudonyms)
        return (try? deidentifier.deidentify(&object, pixels: .examinedAndClean)) == nil ? nil : object
    }

    @Test(arguments: profiles)
    func `no identifier that the options don't keep is left`(_ profile: DeidentificationProfile) throws {
        let names = Set(profile.options.map(\.rawValue))
        let kept = Set(
            AnswerKeyTests.rows.filter { row in names.contains { row.options[$0] == "kept" } }.map(\.tag))
        var examined = 0
        var held = 0
        for file in CorpusFiles.sample {
            guard let original = CorpusFiles.instance(file), let object = deidentified(original, profile) else {
                continue
            }
            let written = MemoryByteSource(try object.serialized())
            let left = try ResidualSweep(original: original, profile: profile).residuals(in: written)
            let blocking = left.filter(\.isBlocking)
            // The name of an institution or a UID that has the patient's id in it can't both be kept and be released.
            #expect(blocking.allSatisfy { isIn(kept, $0) }, "\(file.lastPathComponent)")
            examined += 1
            held += blocking.isEmpty ? 0 : 1
        }
        #expect(examined > 200 && held < examined / 10, "\(held) of \(examined)")
    }

    private func isIn(_ kept: Set<Tag>, _ residual: Residual) -> Bool {
        if case .dataSet(let path) = residual.place { kept.contains(path.tag) } else { false }
    }

    @Test(.enabled(if: Judges.hasDicom3tools), arguments: profiles)
    func `dciodvfy reports no error that the original didn't have`(_ profile: DeidentificationProfile) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let some = CorpusFiles.some(oneIn: 8)
        let reports = CorpusFiles.all(in: "plain/themorlan+openREM/openrem/remapp/test_files", named: "RDSR")
        for file in some + reports {
            guard let original = CorpusFiles.instance(file), !original.transferSyntax.isDeflated,
                let object = deidentified(original, profile)
            else { continue }
            let target = folder.appending(path: UUID().uuidString + ".dcm").path
            try object.write(toPath: target)
            #expect(try Judges.newErrors(in: target, besides: file) == [], "\(file.lastPathComponent)")
        }
    }

    @Test(.enabled(if: Judges.hasDicom3tools), arguments: profiles + [.basic])
    func `dcentvfy finds a Series consistent if it was`(_ profile: DeidentificationProfile) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for series in ["plain/neurolabusc+dcm_qa_ct/GE", "plain/commontk+CTKData/Data/DICOM/MRHEAD"] {
            var written: [String] = []
            for file in CorpusFiles.all(in: series) {
                guard let original = CorpusFiles.instance(file), let object = deidentified(original, profile) else {
                    continue
                }
                written.append(folder.appending(path: UUID().uuidString + ".dcm").path)
                try object.write(toPath: written[written.count - 1])
            }
            #expect(written.count > 20)
            let before = try Judges.run("/usr/bin/dcentvfy", CorpusFiles.all(in: series).map(\.path))
            let after = try Judges.run("/usr/bin/dcentvfy", written)
            let isSound = !before.contains("Error")
            #expect(!isSound || !after.contains("Error"), "\(after.prefix(300))")
        }
    }

    /// Segmentations and reports that refer to images in the same folder.
    @Test(arguments: profiles + [.basic])
    func `references resolve within the set as they did`(_ profile: DeidentificationProfile) throws {
        let files = CorpusFiles.all(in: "plain/ImagingDataCommons+highdicom/test_files")
        let originals = files.compactMap(CorpusFiles.instance)
        let results = originals.compactMap { deidentified($0, profile) }
        #expect(results.count == originals.count && results.count > 20)
        let before = resolved(originals)
        let after = resolved(results)
        #expect(before.reduce(0, +) >= 10)
        // Without Retain UIDs some references of images go; what is left of them resolves, and others can't appear.
        if profile.options.contains(.retainUIDs) {
            #expect(before == after)
        } else {
            #expect(zip(before, after).allSatisfy { $0 >= $1 } && after.reduce(0, +) > 0)
        }
    }

    /// For each object, how many different instances of the set it refers to.
    private func resolved(_ objects: [DICOMObject]) -> [Int] {
        let instances = Set(objects.compactMap { $0.dataSet.string(.sopInstanceUID) })
        return objects.map { object in
            var found: Set<String> = []
            object.dataSet.walk { path, element, dataSet in
                guard path.tag == Tag(0x0008, 0x1155), let uid = dataSet.strings(element).first else { return }
                if instances.contains(uid) { found.insert(uid) }
            }
            return found.count
        }
    }
}
