import DICOMModel
import Foundation
import PixelCodecs
import Testing

@Suite(.enabled(if: OtherImplementation.hasDCMTK)) struct JPEGCoefficientsTests {
    struct Kind: Sendable, CustomTestStringConvertible {
        let bits: Int
        let samples: Int
        let options: [String]
        /// An MCU in pixels.
        let mcu: (width: Int, height: Int)

        var testDescription: String { "\(bits) bits x \(samples) \(options.joined(separator: " "))" }

        var description: PixelDescription {
            PixelDescription(
                rows: 75, columns: 101, samplesPerPixel: samples, bitsAllocated: bits <= 8 ? 8 : 16, bitsStored: bits,
                photometricInterpretation: samples == 3 ? .rgb : .monochrome2)
        }

        static let all = [
            Kind(bits: 8, samples: 1, options: ["+eb"], mcu: (8, 8)),
            Kind(bits: 12, samples: 1, options: ["+ee"], mcu: (8, 8)),
            Kind(bits: 8, samples: 3, options: ["+eb", "+s4"], mcu: (8, 8)),
            Kind(bits: 8, samples: 3, options: ["+eb", "+cr"], mcu: (8, 8)),
            Kind(bits: 8, samples: 3, options: ["+eb", "+s2"], mcu: (16, 8)),
            Kind(bits: 8, samples: 3, options: ["+eb", "+n1"], mcu: (16, 16)),
            Kind(bits: 8, samples: 1, options: ["+ep"], mcu: (8, 8)),
        ]
    }

    private func file(_ kind: Kind, _ more: [String] = []) throws -> TestFile {
        try OtherImplementation().encode(
            SyntheticFrame.make(kind.description), with: "dcmcjpeg", kind.options + ["+q", "85"] + more)
    }

    @Test(arguments: Kind.all)
    func `only the blocks of touched MCUs change`(kind: Kind) throws {
        let file = try file(kind)
        let region = PixelRegion(x: 30, y: 17, width: 21, height: 9)
        let result = try JPEGCoefficients.mask(
            file.pixels, regions: [region], photometricInterpretation: file.description.photometricInterpretation)
        let left = 30 / kind.mcu.width
        let right = (51 + kind.mcu.width - 1) / kind.mcu.width
        let top = 17 / kind.mcu.height
        let bottom = (26 + kind.mcu.height - 1) / kind.mcu.height
        #expect(
            result.masked == [
                PixelRegion(
                    x: left * kind.mcu.width, y: top * kind.mcu.height, width: (right - left) * kind.mcu.width,
                    height: (bottom - top) * kind.mcu.height)
            ])
        let before = try JPEGCoefficients.blockDigests(of: file.pixels)
        let after = try JPEGCoefficients.blockDigests(of: result.stream)
        #expect(before.count == after.count)
        // Blocks of the first component that lie outside; a component of full size has one per 8 x 8 pixels.
        let across = (101 + 7) / 8
        for (index, digests) in zip(before, after).prefix(across * ((75 + 7) / 8)).enumerated() {
            let x = index % across * 8 / kind.mcu.width
            let y = index / across * 8 / kind.mcu.height
            if !(left..<right).contains(x) || !(top..<bottom).contains(y) {
                #expect(digests.0 == digests.1, "block \(index)")
            }
        }
        let perMCU = kind.mcu.width * kind.mcu.height / 64 + (kind.samples == 3 ? 2 : 0)
        let changed = zip(before, after).count { $0 != $1 }
        #expect(changed <= (right - left) * (bottom - top) * perMCU)
        #expect(result.stream.count <= file.pixels.count)
    }

    /// A fill byte before a marker is legal (B.1.1.2) and is left to libjpeg.
    @Test(arguments: Kind.all)
    func `masking between the codes gives the blocks that libjpeg gives`(kind: Kind) throws {
        guard kind.bits == 8, !kind.options.contains("+ep") else { return }
        // The tables of annex K, which have every code that a mask may need.
        let file = try file(kind, ["-ho"])
        let regions = [
            PixelRegion(x: 30, y: 17, width: 21, height: 9), PixelRegion(x: 90, y: 60, width: 20, height: 20),
            PixelRegion(x: 0, y: 0, width: 3, height: 3),
        ]
        func masked(_ stream: [UInt8]) throws -> [UInt8] {
            try JPEGCoefficients.mask(
                stream, regions: regions, photometricInterpretation: file.description.photometricInterpretation
            ).stream
        }
        let between = try masked(file.pixels)
        let byLibrary = try masked(leftToLibrary(file.pixels))
        #expect(try JPEGCoefficients.blockDigests(of: between) == JPEGCoefficients.blockDigests(of: byLibrary))
        // Only libjpeg makes new Huffman tables.
        #expect(areEqual(between, file.pixels))
        #expect(!areEqual(byLibrary, file.pixels))
    }

    /// A fill byte before the first marker.
    private func leftToLibrary(_ stream: [UInt8]) -> [UInt8] { Array(stream[..<2]) + [0xFF] + stream[2...] }

    /// By class and destination: how many codes have each length, and their symbols (B.2.4.2).
    private func tables(_ stream: [UInt8]) -> [UInt8: (counts: [Int], symbols: [UInt8])] {
        var result: [UInt8: (counts: [Int], symbols: [UInt8])] = [:]
        var place = 2
        while place + 4 <= stream.count, stream[place + 1] != 0xDA {
            let end = place + 2 + (Int(stream[place + 2]) << 8) + Int(stream[place + 3])
            var table = place + 4
            while stream[place + 1] == 0xC4, table < end {
                let counts = stream[(table + 1)...(table + 16)].map { Int($0) }
                let next = table + 17 + counts.reduce(0, +)
                result[stream[table]] = (counts, Array(stream[(table + 17)..<next]))
                table = next
            }
            place = end
        }
        return result
    }

    private func areEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        let (one, other) = (tables(one), tables(other))
        return one.keys == other.keys
            && one.allSatisfy { other[$0]?.counts == $1.counts && other[$0]?.symbols == $1.symbols }
    }

    /// Whether all tables of `old` have their codes in `new` as well, behind which others may follow.
    private func isExtended(_ old: [UInt8], to new: [UInt8]) -> Bool {
        let (old, new) = (tables(old), tables(new))
        return new.allSatisfy { selector, table in
            guard let before = old[selector], let longest = before.counts.lastIndex(where: { $0 > 0 }) else {
                return false
            }
            return table.symbols.starts(with: before.symbols)
                && table.counts[..<longest] == before.counts[..<longest]
                && table.counts[longest] >= before.counts[longest]
        }
    }

    /// Tables made for a bright picture lack a DC difference as large as that to black.
    @Test(arguments: Kind.all)
    func `a symbol that a table lacks gets a code behind all others`(kind: Kind) throws {
        guard !kind.options.contains("+ep") else { return }
        var frame = SyntheticFrame.make(kind.description)
        for index in frame.bytes.indices {
            if kind.bits == 8 { frame.bytes[index] = 0xF0 | frame.bytes[index] >> 4 }
            if kind.bits == 12, index % 2 == 1 { frame.bytes[index] = 0x0F }
        }
        let file = try OtherImplementation().encode(frame, with: "dcmcjpeg", kind.options + ["+q", "85"])
        let regions = [PixelRegion(x: 40, y: 40, width: 9, height: 9), PixelRegion(x: 0, y: 0, width: 101, height: 8)]
        func masked(_ stream: [UInt8]) throws -> [UInt8] {
            try JPEGCoefficients.mask(
                stream, regions: regions, photometricInterpretation: file.description.photometricInterpretation
            ).stream
        }
        let between = try masked(file.pixels)
        #expect(isExtended(file.pixels, to: between))
        #expect(!areEqual(file.pixels, between))
        let byLibrary = try masked(leftToLibrary(file.pixels))
        #expect(try JPEGCoefficients.blockDigests(of: between) == JPEGCoefficients.blockDigests(of: byLibrary))
        #expect(between.count <= file.pixels.count)
    }

    /// Where every block ends with its last coefficient, no table has the code for the end of a block.
    @Test func `the end of a block gets a code as well`() throws {
        let other = try OtherImplementation()
        let description = PixelDescription(rows: 8, columns: 16)
        let (input, output) = (other.folder.appending(path: "noise.pgm"), other.folder.appending(path: "noise.jpg"))
        for seed in 1...200 {
            let pixels = SyntheticFrame.noise(description, seed: UInt32(seed)).bytes
            try Data(Array("P5 16 8 255\n".utf8) + pixels).write(to: input)
            try other.run("cjpeg", ["-quality", "100", "-optimize", "-outfile", output.path, input.path])
            let stream = [UInt8](try Data(contentsOf: output))
            guard let codes = tables(stream)[0x10], !codes.symbols.contains(0) else { continue }
            let masked = try JPEGCoefficients.mask(
                stream, regions: [PixelRegion(x: 8, y: 0, width: 8, height: 8)],
                photometricInterpretation: .monochrome2
            ).stream
            #expect(isExtended(stream, to: masked))
            #expect(tables(masked)[0x10]?.symbols.contains(0) == true)
            let (before, after) = try (
                JPEGCoefficients.blockDigests(of: stream), JPEGCoefficients.blockDigests(of: masked)
            )
            #expect(before[0] == after[0] && before[1] != after[1])
            let picture = other.folder.appending(path: "masked.jpg")
            let shown = other.folder.appending(path: "masked.pgm")
            try Data(masked).write(to: picture)
            try other.run("djpeg", ["-outfile", shown.path, picture.path])
            let samples = [UInt8](try Data(contentsOf: shown)).suffix(128)
            #expect(samples.enumerated().allSatisfy { $0.offset % 16 < 8 || $0.element == 0 })
            return
        }
        Issue.record("no noise without an end of block")
    }

    /// DHT counts the codes of a length in one byte (B.2.4.2). 255 codes of 8 bits leave room for one of 9 bits; 255 of 9
    /// bits leave room for another of 9 that couldn't be counted, so that libjpeg makes new tables.
    @Test(arguments: [(8, true), (9, false)])
    func `a table with 255 codes of one length gets no more of them`(length: Int, isExtended: Bool) throws {
        func code(_ value: Int, _ length: Int) -> String {
            let digits = String(value, radix: 2)
            return String(repeating: "0", count: length - digits.count) + digits
        }
        // A DC difference of 0, three runs of 16 zeros, one of 14 and a coefficient of 1: no block asks for an end.
        let block = "0000" + [0xF0, 0xF0, 0xF0, 0xE1].map { code($0 - 1, length) }.joined() + "1"
        var bits = block + block
        while bits.count % 8 != 0 { bits += "1" }
        var stream: [UInt8] = [0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0] + [UInt8](repeating: 16, count: 64)
        stream += [0xFF, 0xC0, 0, 11, 8, 0, 8, 0, 16, 1, 1, 0x11, 0]
        stream += [0xFF, 0xC4, 0, 27, 0x00] + (1...16).map { $0 == 4 ? 8 : 0 } + (0...7)
        stream += [0xFF, 0xC4, 1, 18, 0x10] + (1...16).map { $0 == length ? 255 : 0 } + (1...255)
        stream += [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0]
        for start in stride(from: 0, to: bits.count, by: 8) {
            stream.append(try #require(UInt8(bits.dropFirst(start).prefix(8), radix: 2)))
        }
        stream += [0xFF, 0xD9]
        let region = [PixelRegion(x: 0, y: 0, width: 8, height: 8)]
        let masked = try JPEGCoefficients.mask(stream, regions: region, photometricInterpretation: .monochrome2).stream
        let (before, after) = try (
            JPEGCoefficients.blockDigests(of: stream), JPEGCoefficients.blockDigests(of: masked)
        )
        #expect(before[0] == before[1] && before[0] != after[0] && before[1] == after[1])
        #expect(self.isExtended(stream, to: masked) == isExtended)
    }

    @Test(arguments: [0, 5, 40])
    func `data that isn't all there, or more than is wanted, isn't masked between the codes`(missing: Int) throws {
        let file = try file(Kind.all[0], ["-ho"])
        let region = [PixelRegion(x: 0, y: 0, width: 9, height: 9)]
        let end = try #require(file.pixels.indices.last { file.pixels[$0...].starts(with: [0xFF, 0xD9]) })
        let stream =
            missing == 0
            ? file.pixels[..<end] + [0x55, 0x55, 0xFF, 0xD9] : file.pixels[..<(end - missing)] + [0xFF, 0xD9]
        let result = try? JPEGCoefficients.mask(
            Array(stream), regions: region, photometricInterpretation: .monochrome2
        ).stream
        // libjpeg overlooks bytes behind the last block and refuses a scan that ends early.
        #expect((result == nil) == (missing > 0))
        if let result { #expect(!areEqual(result, file.pixels)) }
    }

    @Test(arguments: Kind.all)
    func `DCMTK shows black inside and the same samples outside`(kind: Kind) throws {
        guard !kind.options.contains("+ep") else { return }
        let file = try file(kind)
        let other = try OtherImplementation()
        let region = PixelRegion(x: 40, y: 30, width: 30, height: 20)
        let result = try JPEGCoefficients.mask(
            file.pixels, regions: [region], photometricInterpretation: file.description.photometricInterpretation)
        let masked = try #require(result.masked.first)
        let before = try other.convert(file, with: "dcmdjpeg", ["+cn", "+px"])
        var changed = file
        changed.pixels = result.stream
        let after = try other.convert(changed, with: "dcmdjpeg", ["+cn", "+px"])
        // Upsampled chroma may differ one pixel outside.
        let isSubsampled = kind.mcu.width > 8
        let ring = masked.expanded(by: isSubsampled ? 2 : 0, within: kind.description.bounds)
        let width = kind.description.bitsAllocated / 8
        let isYBR = kind.samples == 3 && !kind.options.contains("+cr")
        var different = 0
        var bright = 0
        for y in 0..<75 {
            for x in 0..<101 {
                for sample in 0..<kind.samples {
                    let index = ((y * 101 + x) * kind.samples + sample) * width
                    let old = before.pixels[index..<(index + width)]
                    let new = after.pixels[index..<(index + width)]
                    if !ring.contains(x: x, y: y), old != new { different += 1 }
                    guard masked.contains(x: x, y: y) else { continue }
                    if isYBR, sample > 0 {
                        if !isSubsampled, new.first != 128 { bright += 1 }
                    } else if new.contains(where: { $0 != 0 }) {
                        bright += 1
                    }
                }
            }
        }
        #expect(different == 0)
        #expect(bright == 0)
    }

    @Test(arguments: [8, 12])
    func `MONOCHROME1 becomes the highest value, and a level can be asked for`(bits: Int) throws {
        let kind = Kind(bits: bits, samples: 1, options: [bits == 8 ? "+eb" : "+ee"], mcu: (8, 8))
        let file = try file(kind)
        var description = file.description
        description.photometricInterpretation = .monochrome1
        let codec = try FrameCodec(transferSyntax: file.syntax, description: description)
        let region = PixelRegion(x: 8, y: 8, width: 8, height: 8)
        func sample(level: Int?) throws -> Int {
            let stream = try JPEGCoefficients.mask(
                file.pixels, regions: [region], photometricInterpretation: .monochrome1, level: level
            ).stream
            let bytes = try codec.decode(stream).bytes
            let index = 10 * 101 + 10
            return bits == 8 ? Int(bytes[index]) : Int(bytes[2 * index]) | Int(bytes[2 * index + 1]) << 8
        }
        #expect(try sample(level: nil) == 1 << bits - 1)
        #expect(try sample(level: 0) == 0)
        let middle = 1 << (bits - 1)
        #expect(try sample(level: middle) == middle)
    }

    @Test func `comments, thumbnails and foreign application markers are dropped, restart intervals kept`() throws {
        // RGB in the header and YCbCr in the stream: without JFIF nobody could tell.
        let file = try file(Kind.all[2])
        var stream = Array(file.pixels.prefix(2))
        // JFIF with a thumbnail of one pixel, Exif, a comment, a restart interval of 5 MCUs.
        stream += [0xFF, 0xE0, 0, 19] + Array("JFIF\0".utf8) + [1, 1, 0, 0, 1, 0, 1, 1, 1, 0x51, 0x52, 0x53]
        stream += [0xFF, 0xE1, 0, 8] + Array("Exif\0\0".utf8)
        stream += [0xFF, 0xFE, 0, 10] + Array("ZZTOPPAT".utf8)
        stream += file.pixels.dropFirst(2)
        let masked = try JPEGCoefficients.mask(
            stream, regions: [PixelRegion(x: 0, y: 0, width: 9, height: 9)], photometricInterpretation: .rgb
        ).stream
        let text = String(decoding: masked, as: Unicode.ASCII.self)
        #expect(!text.contains("ZZTOPPAT"))
        #expect(!text.contains("Exif"))
        #expect(!text.contains("QRS"))
        #expect(Array(masked[2..<20]) == [0xFF, 0xE0, 0, 16] + Array("JFIF\0".utf8) + [1, 1, 0, 0, 1, 0, 1, 0, 0])
    }

    @Test(arguments: [0, 2])
    func `JFIF goes where components are what any decoder takes them for`(_ kind: Int) throws {
        let file = try file(Kind.all[kind])
        #expect(file.pixels[3] == 0xE0)
        let masked = try JPEGCoefficients.mask(
            file.pixels, regions: [PixelRegion(x: 0, y: 0, width: 9, height: 9)],
            photometricInterpretation: kind == 0 ? .monochrome2 : .ybrFull
        ).stream
        #expect(masked[3] != 0xE0)
    }

    /// Dark noise-free blocks cost next to nothing, and the mask's edges more: every byte of the header counts.
    @Test(arguments: [8, 12])
    func `a mask over next to nothing makes the stream no larger`(_ bits: Int) throws {
        let description = PixelDescription(
            rows: 75, columns: 101, bitsAllocated: bits == 8 ? 8 : 16, bitsStored: bits)
        let flat = NativeFrame(
            description: description,
            bytes: (0..<description.pixelsPerFrame).flatMap { pixel -> [UInt8] in
                let value = pixel % 101 < 50 ? 3 << (bits - 8) : (pixel % 101 * 2) << (bits - 8)
                return bits == 8 ? [UInt8(value)] : [UInt8(value & 0xFF), UInt8(value >> 8)]
            })
        let file = try OtherImplementation().encode(
            flat, with: "dcmcjpeg", [bits == 8 ? "+eb" : "+ee", "+q", "95"])
        let result = try JPEGCoefficients.mask(
            file.pixels, regions: [PixelRegion(x: 8, y: 16, width: 8, height: 40)],
            photometricInterpretation: .monochrome2)
        #expect(result.stream.count <= file.pixels.count)
    }

    @Test func `regions beyond the frame are cut, those outside dropped`() throws {
        let file = try file(Kind.all[0])
        let result = try JPEGCoefficients.mask(
            file.pixels,
            regions: [
                PixelRegion(x: 99, y: 70, width: .max, height: .max), PixelRegion(x: 500, y: 0, width: 5, height: 5),
                PixelRegion(x: -9, y: -9, width: 10, height: 10), PixelRegion(x: 3, y: 3, width: 0, height: 7),
                PixelRegion(x: .min, y: .min, width: -1, height: -1),
            ], photometricInterpretation: .monochrome2)
        #expect(
            result.masked == [
                PixelRegion(x: 96, y: 64, width: 5, height: 11), PixelRegion(x: 0, y: 0, width: 8, height: 8),
            ])
    }
}
