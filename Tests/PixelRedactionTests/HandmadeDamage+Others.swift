import DICOMFile
import DICOMModel
import Testing

extension HandmadeDamageTests.Damage {
    // MARK: - JPEG 2000

    static let jpeg2000: [HandmadeDamageTests.Damage] =
        [.jpeg2000Lossless, .jpeg2000].flatMap { (syntax: TransferSyntax.PixelCodec) -> [Self] in
            func damage(_ text: String, _ change: @escaping @Sendable ([UInt8]) throws -> [UInt8]) -> Self {
                Self(testDescription: "\(syntax): \(text)", syntax: syntax, stream: change)
            }
            return [
                damage("a tile-part cut, its length left") { stream in
                    Array(stream[..<(stream.count * 2 / 3)] + [0xFF, 0xD9])
                },
                damage("a tile-part cut, its length mended") { stream in
                    let tile = try place(0x90, in: stream)
                    var result = Array(stream[..<(stream.count * 2 / 3)])
                    result.replaceSubrange((tile + 6)..<(tile + 10), with: table([result.count - tile]).reversed())
                    return result + [0xFF, 0xD9]
                },
                damage("a tile-part of no length, cut") { stream in
                    let tile = try place(0x90, in: stream)
                    var result = Array(stream[..<(stream.count * 2 / 3)])
                    result.replaceSubrange((tile + 6)..<(tile + 10), with: [0, 0, 0, 0])
                    return result + [0xFF, 0xD9]
                },
                damage("only the header and an end") { stream in
                    Array(stream[..<(try place(0x90, in: stream))] + [0xFF, 0xD9])
                },
                damage("a tile that there isn't") { stream in
                    var result = stream
                    result[try place(0x90, in: stream) + 5] = 9
                    return result
                },
                damage("the tile-part twice") { stream in
                    let tile = try place(0x90, in: stream)
                    let end = try #require(
                        stream.indices.dropLast().last { stream[$0] == 0xFF && stream[$0 + 1] == 0xD9 })
                    return Array(stream[..<end] + stream[tile...])
                },
                damage("half the tile size, so that tiles are missing") { stream in
                    var result = stream
                    let size = try place(0x51, in: stream)
                    result[size + 25] = 31
                    return result
                },
                damage("a larger image area") { stream in
                    var result = stream
                    result[try place(0x51, in: stream) + 9] = 80
                    return result
                },
                damage("no quantisation") { stream in
                    var result = stream
                    result.removeSubrange(try segment(0x5C, in: stream))
                    return result
                },
                damage("no coding style") { stream in
                    var result = stream
                    result.removeSubrange(try segment(0x52, in: stream))
                    return result
                },
                damage("more components than there are") { stream in
                    var result = stream
                    result[try place(0x51, in: stream) + 39] = 3
                    return result
                },
            ]
        }

    // MARK: - RLE

    static let rle: [HandmadeDamageTests.Damage] = {
        func damage(_ text: String, _ change: @escaping @Sendable ([UInt8]) throws -> [UInt8])
            -> HandmadeDamageTests.Damage
        {
            HandmadeDamageTests.Damage(testDescription: "RLE: \(text)", syntax: .rle, stream: change)
        }
        @Sendable func header(_ values: [Int], _ stream: [UInt8]) -> [UInt8] {
            table(values + [Int](repeating: 0, count: 16 - values.count)) + stream[64...]
        }
        return [
            damage("two segments that overlap") { header([2, 64, 64], $0) },
            damage("two segments, the second before the first") { header([2, 100, 64], $0) },
            damage("no segments") { header([0, 64], $0) },
            damage("sixteen segments") { header([16, 64], $0) },
            damage("a segment in the header") { header([1, 32], $0) },
            damage("a segment past the end") { header([1, 1 << 20], $0) },
            damage("two segments of one byte") { header([2, 64, 200], $0) },
            damage("only a header") { Array($0[..<64]) },
            damage("half of a segment") { Array($0[..<(64 + ($0.count - 64) / 2)]) },
            damage("a segment of nothing") { Array($0[..<64]) + [UInt8](repeating: 0x80, count: 400) },
        ]
    }()

    // MARK: - JPEG-LS

    static let jpegLS: [HandmadeDamageTests.Damage] =
        [.jpegLSLossless, .jpegLSNearLossless].flatMap { (syntax: TransferSyntax.PixelCodec) -> [Self] in
            func damage(_ text: String, _ change: @escaping @Sendable ([UInt8]) throws -> [UInt8]) -> Self {
                Self(testDescription: "\(syntax): \(text)", syntax: syntax, stream: change)
            }
            return [
                damage("an end in the middle") { stream in
                    let scan = try segment(0xDA, in: stream)
                    return Array(stream[..<((scan.upperBound + stream.count) / 2)] + [0xFF, 0xD9])
                },
                damage("a NEAR that there isn't") { stream in
                    var result = stream
                    result[try segment(0xDA, in: stream).lowerBound + 7] = 200
                    return result
                },
                damage("an interleave mode that there isn't") { stream in
                    var result = stream
                    result[try segment(0xDA, in: stream).lowerBound + 8] = 7
                    return result
                },
                damage("two frame headers") { stream in
                    let header = try segment(0xF7, in: stream)
                    return Array(stream[..<header.upperBound] + stream[header] + stream[header.upperBound...])
                },
                damage("thresholds out of order") { stream in
                    let scan = try segment(0xDA, in: stream)
                    let presets: [UInt8] = [0xFF, 0xF8, 0, 13, 1, 0, 255, 0, 90, 0, 20, 0, 3, 0, 64]
                    return Array(stream[..<scan.lowerBound] + presets + stream[scan.lowerBound...])
                },
                damage("a mapping table") { stream in
                    let scan = try segment(0xDA, in: stream)
                    return Array(
                        stream[..<scan.lowerBound] + [0xFF, 0xF8, 0, 8, 2, 1, 1, 0, 1, 2] + stream[scan.lowerBound...])
                },
                damage("a second picture behind the first") { $0 + $0 },
            ]
        }
}
