import DICOMFile
import DICOMModel

extension HandmadeDamageTests.Damage {
    // MARK: - Fragments and tables

    static let containers: [HandmadeDamageTests.Damage] =
        [.rle, .jpegBaseline, .jpeg2000Lossless].flatMap { (syntax: TransferSyntax.PixelCodec) -> [Self] in
            [
                Self(
                    testDescription: "\(syntax): frames 1 and 2 swapped, the table left", syntax: syntax,
                    fragments: { data in
                        data.basicOffsetTable = table([
                            0, data.fragments[0].count + 8, data.fragments[0].count + data.fragments[1].count + 16,
                        ])
                        data.fragments.swapAt(0, 1)
                        data.fragments[0] = ValueBytes(try data.fragments[0].load() + [0, 0])
                    }),
                Self(
                    testDescription: "\(syntax): a frame's two fragments swapped", syntax: syntax,
                    fragments: { data in
                        let whole = try data.fragments[1].load()
                        let half = whole.count / 4 * 2
                        let sizes = data.fragments.map(\.count)
                        data.fragments.replaceSubrange(
                            1...1, with: [ValueBytes(whole[half...]), ValueBytes(whole[..<half])])
                        data.basicOffsetTable = table([0, sizes[0] + 8, sizes[0] + sizes[1] + 24])
                    }),
                Self(
                    testDescription: "\(syntax): a fragment twice", syntax: syntax,
                    fragments: { data in
                        data.basicOffsetTable = []
                        data.fragments.insert(data.fragments[1], at: 1)
                    }),
                Self(
                    testDescription: "\(syntax): an empty fragment for a frame", syntax: syntax,
                    fragments: { data in
                        data.basicOffsetTable = []
                        data.fragments[1] = ValueBytes([UInt8]())
                    }),
                Self(
                    testDescription: "\(syntax): a Basic Offset Table of 10 bytes", syntax: syntax,
                    fragments: { data in
                        data.basicOffsetTable = [UInt8](repeating: 0, count: 10)
                    }),
                Self(
                    testDescription: "\(syntax): offsets past the end", syntax: syntax,
                    fragments: { data in
                        data.basicOffsetTable = table([0, 1 << 30, 1 << 31])
                    }),
                Self(
                    testDescription: "\(syntax): a delimiter behind frame 1", syntax: syntax,
                    file: { bytes in
                        let start = try find([0xFE, 0xFF, 0x00, 0xE0], in: bytes)
                        var place = start
                        for _ in 0..<2 {
                            place +=
                                8 + Int(bytes[place + 4]) + Int(bytes[place + 5]) << 8 + Int(bytes[place + 6]) << 16
                        }
                        bytes.insert(contentsOf: [0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0], at: place)
                    }),
                Self(
                    testDescription: "\(syntax): no item for the table", syntax: syntax,
                    file: { bytes in
                        let start = try find([0xFE, 0xFF, 0x00, 0xE0], in: bytes)
                        let length = Int(bytes[start + 4]) + Int(bytes[start + 5]) << 8
                        bytes.removeSubrange(start..<(start + 8 + length))
                    }),
                Self(
                    testDescription: "\(syntax): Pixel Data of a defined length", syntax: syntax,
                    file: { bytes in
                        let start = try find([0xE0, 0x7F, 0x10, 0x00], in: bytes)
                        bytes.replaceSubrange((start + 8)..<(start + 12), with: table([bytes.count - start - 12]))
                    }),
                Self(
                    testDescription: "\(syntax): an item's length one too short", syntax: syntax,
                    file: { bytes in
                        let start = try find([0xFE, 0xFF, 0x00, 0xE0], in: bytes)
                        let next = start + 8 + Int(bytes[start + 4]) + Int(bytes[start + 5]) << 8
                        bytes[next + 4] &-= 2
                    }),
            ]
        }

    // MARK: - Attributes

    static let attributes: [HandmadeDamageTests.Damage] =
        ["0", "-3", "2", "4", "3.5", "three", "4294967299", "3\\3"].map { text in
            Self(
                testDescription: "Number of Frames \(text)", syntax: .rle,
                dataSet: { dataSet in
                    dataSet[.numberOfFrames] = DataElement(tag: .numberOfFrames, vr: .is, ascii: text)
                })
        } + [
            Self(testDescription: "no Number of Frames", syntax: .rle, dataSet: { $0[.numberOfFrames] = nil }),
            Self(
                testDescription: "an Extended Offset Table past the end", syntax: .rle,
                dataSet: { dataSet in
                    dataSet.set(.extendedOffsetTable, .ov, unsigned: [0, 1 << 40, 1 << 41])
                    dataSet.set(.extendedOffsetTableLengths, .ov, unsigned: [8, 8, 8])
                }),
            Self(
                testDescription: "an Extended Offset Table without lengths", syntax: .rle,
                dataSet: { dataSet in
                    dataSet.set(.extendedOffsetTable, .ov, unsigned: [0, 8, 16])
                }),
        ]
        + [(Tag.rows, 44), (.rows, 42), (.columns, 62), (.columns, 60), (.samplesPerPixel, 3)].flatMap { tag, value in
            [TransferSyntax.PixelCodec.rle, .jpegBaseline, .jpegLSLossless, .jpeg2000Lossless, .jpegLosslessSV1].map {
                syntax in
                Self(
                    testDescription: "\(syntax): \(tag) \(value)", syntax: syntax,
                    dataSet: { $0.set(tag, .us, unsigned: [value]) })
            }
        }
}
