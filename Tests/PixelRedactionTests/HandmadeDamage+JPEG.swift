import DICOMFile
import DICOMModel
import Testing

extension HandmadeDamageTests.Damage {
    // MARK: - JPEG

    static let jpeg: [HandmadeDamageTests.Damage] =
        [.jpegBaseline, .jpegExtended, .jpegLosslessSV1].flatMap { (syntax: TransferSyntax.PixelCodec) -> [Self] in
            let sof: UInt8 = syntax == .jpegBaseline ? 0xC0 : syntax == .jpegExtended ? 0xC1 : 0xC3
            func damage(_ text: String, _ change: @escaping @Sendable ([UInt8]) throws -> [UInt8]) -> Self {
                Self(testDescription: "\(syntax): \(text)", syntax: syntax, stream: change)
            }
            return [
                damage("two frame headers") { stream in
                    let header = try segment(sof, in: stream)
                    return Array(stream[..<header.upperBound] + stream[header] + stream[header.upperBound...])
                },
                damage("a second frame header of another size behind the scan header") { stream in
                    let header = try segment(sof, in: stream)
                    var second = Array(stream[header])
                    second[6] = 20
                    let scan = try segment(0xDA, in: stream)
                    return Array(stream[..<scan.lowerBound] + second + stream[scan.lowerBound...])
                },
                damage("fewer rows in the frame header") { stream in
                    var result = stream
                    result[try place(sof, in: stream) + 6] = 35
                    return result
                },
                damage("no rows in the frame header") { stream in
                    var result = stream
                    result[try place(sof, in: stream) + 6] = 0
                    return result
                },
                damage("another precision") { stream in
                    var result = stream
                    result[try place(sof, in: stream) + 4] = 17
                    return result
                },
                damage("a Huffman table with more codes than there are") { stream in
                    var result = stream
                    let table = try segment(0xC4, in: stream)
                    result[table.lowerBound + 5] = 3
                    return result
                },
                damage("a scan of a component that there isn't") { stream in
                    var result = stream
                    result[try segment(0xDA, in: stream).lowerBound + 5] = 77
                    return result
                },
                damage("text behind the last code") { stream in
                    guard let end = stream.indices.dropLast().last(where: { stream[$0...].starts(with: [0xFF, 0xD9]) })
                    else { throw Absent() }
                    return Array(stream[..<end] + "HUBERTUS KLIMBIM".utf8 + stream[end...])
                },
                damage("an end in the middle") { stream in
                    let scan = try segment(0xDA, in: stream)
                    let half = (scan.upperBound + stream.count) / 2
                    return Array(stream[..<half] + [0xFF, 0xD9])
                },
                damage("an end in the middle, and the rest behind it") { stream in
                    let scan = try segment(0xDA, in: stream)
                    let half = (scan.upperBound + stream.count) / 2
                    return Array(stream[..<half] + [0xFF, 0xD9] + stream[half...])
                },
                damage("a restart marker where there are none") { stream in
                    let scan = try segment(0xDA, in: stream)
                    let half = (scan.upperBound + stream.count) / 2
                    return Array(stream[..<half] + [0xFF, 0xD0] + stream[half...])
                },
                damage("a restart interval without restart markers") { stream in
                    let scan = try segment(0xDA, in: stream)
                    return Array(stream[..<scan.lowerBound] + [0xFF, 0xDD, 0, 4, 0, 5] + stream[scan.lowerBound...])
                },
                damage("a second picture behind the first") { $0 + $0 },
                damage("the scan twice") { stream in
                    let scan = try segment(0xDA, in: stream)
                    let end = try #require(
                        stream.indices.dropLast().last { stream[$0] == 0xFF && stream[$0 + 1] == 0xD9 })
                    return Array(stream[..<end] + stream[scan.lowerBound...])
                },
                damage("a segment longer than the stream") { stream in
                    Array(stream[..<2] + [0xFF, 0xFE, 0xFF, 0xFF] + stream[2...])
                },
                damage("begins with its end") { stream in [0xFF, 0xD8, 0xFF, 0xD9] + stream[2...] },
            ]
        } + [
            Self(
                testDescription: "no quantisation table", syntax: .jpegBaseline,
                stream: { stream in
                    var result = stream
                    while let table = try? segment(0xDB, in: result) { result.removeSubrange(table) }
                    return result
                }),
            // libjpeg has the usual tables at hand where a stream of 8 bits has none.
            Self(
                testDescription: "no Huffman tables", syntax: .jpegLosslessSV1,
                stream: { stream in
                    var result = stream
                    while let table = try? segment(0xC4, in: result) { result.removeSubrange(table) }
                    return result
                }),
            Self(
                testDescription: "a predictor that there isn't", syntax: .jpegLosslessSV1,
                stream: { stream in
                    var result = stream
                    result[try segment(0xDA, in: stream).lowerBound + 7] = 9
                    return result
                }),
        ]
}
