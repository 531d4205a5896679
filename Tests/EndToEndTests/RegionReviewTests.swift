import DICOMFile
import DICOMModel
import Foundation
import Testing

/// Releases in which a person switched regions off, or added some.
@Suite(.serialized, .enabled(if: Place.hasSampleData, "make sample-data"))
struct RegionReviewTests {
    private static let holdAll = "version: 1\nseries:\n  image: quarantine\n  ultrasound: quarantine\n"

    /// One localizer on which a name, an id and a date stand.
    private func heldLocalizer(
        copies: Int = 1, policy: String = holdAll, rescans: Bool = true, _ body: (Held) throws -> Void
    ) throws {
        try Place.temporary { folder in
            let run = SmallRun(folder: folder)
            try FileManager.default.createDirectory(atPath: run.input, withIntermediateDirectories: true)
            let bytes = try Data(
                contentsOf: URL(
                    fileURLWithPath: Place.sampleData + "/input/ALI_ZUBEYDEK_AZ-118-6602/TOPO0001"))
            for copy in 1...copies {
                try Self.renumbered(bytes, copy).write(to: URL(fileURLWithPath: run.input + "/\(copy)"))
            }
            let policy = try run.write("policy.yaml", policy)
            try #require(try run.clean(["--policy", policy]).status == 3)
            let held = Held(run: run)
            let names = Set(try held.list().compactMap { $0["name"] as? String })
            for name in names where rescans {
                #expect(try held.quarantine("rescan", name, "--as", "Ann", "--reason", "what is in it").status == 0)
            }
            try body(held)
        }
    }

    /// The same image as another Instance of another Series and Study.
    private static func renumbered(_ bytes: Data, _ number: Int) throws -> Data {
        var object = try DICOMObject.read(MemoryByteSource(Array(bytes)))
        for tag in [Tag.sopInstanceUID, .seriesInstanceUID, .studyInstanceUID] {
            let uid = (object.dataSet.string(tag) ?? "") + ".\(number)"
            object.dataSet[tag] = DataElement(tag: tag, vr: .ui, bytes: Array(uid.utf8))
            if tag == .sopInstanceUID {
                object.fileMeta[.mediaStorageSOPInstanceUID] = DataElement(
                    tag: .mediaStorageSOPInstanceUID, vr: .ui, bytes: Array(uid.utf8))
            }
        }
        return try Place.temporary { folder in
            try object.write(toPath: folder + "/object")
            return try Data(contentsOf: URL(fileURLWithPath: folder + "/object"))
        }
    }

    /// The regions of all held instances that can be switched off, by id.
    private func switchable(_ held: Held) throws -> [String: PixelRegion] {
        var regions: [String: PixelRegion] = [:]
        for instance in try held.instances() {
            for finding in instance["findings"] as? [[String: Any]] ?? []
            where finding["masking"] as? String == "switchable" {
                let id = try #require(finding["id"] as? String)
                let box = try #require(finding["region"] as? [String: Int])
                regions[id] = PixelRegion(
                    x: box["x"] ?? 0, y: box["y"] ?? 0, width: box["width"] ?? 0, height: box["height"] ?? 0)
            }
        }
        return regions
    }

    /// The region over the date at the top right, by `truth.json`.
    private func date(_ held: Held) throws -> (id: String, region: PixelRegion) {
        let date = PixelRegion(x: 418, y: 9, width: 81, height: 12)
        let found = try switchable(held).filter { $0.value.intersects(date) }
        #expect(found.count == 1)
        let one = try #require(found.first)
        return (one.key, one.value)
    }

    private func samples(_ path: String) throws -> (pixels: [UInt8], columns: Int) {
        // The Transfer Syntax is JPEG-LS; another implementation decodes it.
        let script = """
            import pydicom, subprocess, sys, tempfile
            with tempfile.NamedTemporaryFile() as file:
                subprocess.run(["dcmdjpls", sys.argv[1], file.name], check=True)
                image = pydicom.dcmread(file.name)
                sys.stdout.write(f"{image.Columns} {image.BitsAllocated} " + image.PixelData.hex())
            """
        let done = try Shell.run("/usr/bin/python3", ["-c", script, path])
        let fields = done.output.split(separator: " ")
        try #require(fields.count == 3, "\(done.errors)")
        let bytes = stride(from: 0, to: fields[2].utf8.count, by: 2).map { start -> UInt8 in
            let text = fields[2].utf8.dropFirst(start).prefix(2)
            return UInt8(String(decoding: text, as: UTF8.self), radix: 16) ?? 0
        }
        let width = (Int(fields[1]) ?? 8) / 8
        return (
            stride(from: 0, to: bytes.count, by: width).map { bytes[$0] | (width == 2 ? bytes[$0 + 1] : 0) },
            Int(fields[0]) ?? 0
        )
    }

    @Test func `a region that two people switch off stays to be seen, and the others are masked`() throws {
        try heldLocalizer { held in
            let name = try held.name()
            let (id, box) = try date(held)
            func release(_ person: String, _ arguments: String...) throws -> Finished {
                try Shell.run(
                    Place.program,
                    ["quarantine", "release", held.output, name, "--as", person, "--reason", "the date is made up"]
                        + arguments)
            }
            #expect(try release("Ann", "--without-region", id).status == 3)
            #expect(try held.states() == ["under-review"])
            #expect(Place.contents(of: held.output + "/released").isEmpty)
            let proposed = try #require(try held.instances().first)
            #expect(proposed["proposedBy"] as? String == "Ann")
            #expect((proposed["proposed"] as? [String: Any])?["without"] as? [String] == [id])
            let same = try release("Ann", "--without-region", id)
            #expect(same.status == 2 && same.errors.contains("a second person has to confirm"))
            let second = try release("Bob", "--without-region", id)
            #expect(second.status == 0, "\(second.output)\(second.errors)")
            #expect(try held.states() == ["released-masked"])
            let step = try #require((try held.instances().first?["history"] as? [[String: Any]])?.last)
            let evidence = try #require(step["evidence"] as? [String])
            #expect(evidence.contains("without=\(id)") && evidence.contains("first=Ann"))
            let released = try #require(Place.contents(of: held.output + "/released").keys.first)
            let before = try samples(held.run.input + "/1")
            let after = try samples(held.output + "/released/" + released)
            for y in box.y..<box.maxY {
                for x in box.x..<box.maxX {
                    #expect(after.pixels[y * after.columns + x] == before.pixels[y * before.columns + x])
                }
            }
            // ALI, Z at the top left, by truth.json.
            for y in 9..<23 { for x in 14..<60 { #expect(after.pixels[y * after.columns + x] == 0) } }
            #expect(try held.verifies(), "what people let stay is not held against the file")
        }
    }

    @Test func `what nobody was shown is masked up to the share that policy allows, and shown before more of it is`()
        throws
    {
        for (share, isReleased) in [("0.5", true), ("0.001", false)] {
            let policy = Self.holdAll + "pixels:\n  maximum-masked-share: \(share)\n"
            try heldLocalizer(policy: policy, rescans: false) { held in
                let name = try held.name()
                func release() throws -> Finished {
                    try held.quarantine("release", name, "--as", "Ann", "--reason", "masked")
                }
                let first = try release()
                #expect(first.status == (isReleased ? 0 : 3), "\(first.output)\(first.errors)")
                #expect(first.output.contains("found on the way"))
                guard !isReleased else { return }
                #expect(first.output.contains("stays held: too-many-regions"))
                #expect(try switchable(held).count >= 3, "a reviewer sees them now")
                #expect(Place.contents(of: held.output + "/released").isEmpty)
                let second = try release()
                #expect(second.status == 0 && !second.output.contains("found on the way"), "\(second.output)")
            }
        }
    }

    @Test func `who proposes less than the other switches off has not agreed to the rest`() throws {
        try heldLocalizer { held in
            let name = try held.name()
            let all = try switchable(held).keys.sorted()
            try #require(all.count >= 2)
            func release(_ person: String, without: [String]) throws -> Finished {
                try Shell.run(
                    Place.program,
                    ["quarantine", "release", held.output, name, "--as", person, "--reason", "made up"]
                        + without.flatMap { ["--without-region", $0] })
            }
            #expect(try release("Ann", without: [all[0]]).status == 3)
            #expect(try release("Bob", without: [all[0], all[1]]).status == 3, "Bob proposes, Ann has to agree")
            #expect(Place.contents(of: held.output + "/released").isEmpty)
            let asItIs = try held.quarantine("release", name, "--as-is", "--as", "Ann", "--reason", "all of it")
            #expect(asItIs.status == 3, "nobody else wanted all of it")
            #expect(try release("Bob", without: [all[0]]).status == 0, "less than what Ann proposed")
            #expect(Place.contents(of: held.output + "/released").count == 1)
        }
    }

    @Test func `a region that is moved aside of nothing, or is not there, is told apart`() throws {
        try heldLocalizer { held in
            let name = try held.name()
            let (id, box) = try date(held)
            let unknown = try held.quarantine(
                "release", name, "--without-region", "name-like@1,2,3,4", "--as", "Ann", "--reason", "slip")
            #expect(unknown.status == 2 && unknown.errors.contains("no region name-like@1,2,3,4"))
            #expect(try held.states() == ["under-review"])
            // Resized: the old box off, a larger one in its place, so that no text stays and one person is enough.
            let larger = "\(box.x - 6),\(max(0, box.y - 6)),\(box.width + 12),\(box.height + 12)"
            let resized = try held.quarantine(
                "release", name, "--without-region", id, "--mask", larger, "--as", "Ann", "--reason", "a larger box")
            #expect(resized.status == 0, "\(resized.output)\(resized.errors)")
            #expect(try held.states() == ["released-masked"])
            #expect(try held.verifies())
        }
    }

    @Test func `all held series of one device and size are released by one command, others are not`() throws {
        try heldLocalizer(copies: 2) { held in
            try SmallStudy(number: 9).write(to: held.run.input)
            #expect(try held.run.clean(["--policy", held.run.folder + "/policy.yaml"]).status == 3)
            let localizers = try held.list().filter { $0["modality"] as? String == "CT" }
            #expect(localizers.count == 3)
            let one = try #require(
                try held.list().first { item in
                    (item["instances"] as? [[String: Any]])?.first?["rows"] as? Int != 64
                }?["name"] as? String)
            let listed = try held.quarantine("list", "--like", one, "--json")
            let like = try #require(
                try JSONSerialization.jsonObject(with: Data(listed.output.utf8)) as? [[String: Any]])
            #expect(like.count == 2)
            let released = try held.quarantine(
                "release", one, "--alike", "--mask", "100,300,20,10", "--as", "Ann", "--reason", "the same banner")
            #expect(released.status == 0, "\(released.output)\(released.errors)")
            #expect(try held.states() == ["held", "released-masked", "released-masked"])
            #expect(try held.verifies())
        }
    }
}
