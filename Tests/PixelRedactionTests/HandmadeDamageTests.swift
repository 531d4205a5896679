import DICOMFile
import DICOMModel
import Foundation
import PixelRedaction
import Testing

/// Damage that no random change makes: structure that contradicts itself, and streams that a lenient decoder would show in part.
@Suite(.enabled(if: MatrixRun.isPossible)) struct HandmadeDamageTests {
    struct Damage: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let syntax: TransferSyntax.PixelCodec
        /// Changes a file's bytes.
        var file: (@Sendable (inout [UInt8]) throws -> Void)?
        /// Changes the fragments of an object of three frames.
        var fragments: (@Sendable (inout EncapsulatedPixelData) throws -> Void)?
        /// Changes the Data Set.
        var dataSet: (@Sendable (inout DataSet) throws -> Void)?
        /// Changes the second frame's stream.
        var stream: (@Sendable ([UInt8]) throws -> [UInt8])?
    }

    @Test(arguments: Damage.all)
    func `it is held, and nothing is masked in part`(_ damage: Damage) throws {
        guard let damaged = try damage.object() else { return }
        let frames = (0..<3).map(FrameNumber.init(index:))
        var isHeld = false
        do {
            let reader = try ImageReader(damaged)
            for number in reader.frameNumbers { _ = try reader.frame(number) }
        } catch is PixelRedactionError {
            isHeld = true
        }
        var redacted = damaged
        let box = PixelRegion(x: 4, y: 4, width: 20, height: 12)
        do {
            _ = try PixelRedactor().redact(
                &redacted, regions: Dictionary(uniqueKeysWithValues: frames.map { ($0, [box]) }))
        } catch is PixelRedactionError {
            isHeld = true
            #expect(try redacted.serialized() == damaged.serialized())
        }
        #expect(isHeld)
    }
}

extension HandmadeDamageTests.Damage {
    static let frames = 3

    /// What a damage is made to isn't there.
    struct Absent: Error {}

    /// Nil where the file can't even be read, which holds it as well.
    func object() throws -> DICOMObject? {
        let folder = try Dcmtk.Folder()
        try cell.write(to: folder["whole"], in: folder)
        var object = try DICOMObject.read(FileByteSource(path: folder["whole"]))
        if case .fragments(var pixelData)? = object.dataSet[.pixelData]?.value {
            if let stream {
                var new = try stream(pixelData.fragments[1].load())
                if new.count % 2 == 1 { new.append(0) }
                pixelData.fragments[1] = ValueBytes(new)
                pixelData.basicOffsetTable = []
            }
            try fragments?(&pixelData)
            object.dataSet[.pixelData] = DataElement(tag: .pixelData, vr: .ob, value: .fragments(pixelData))
        }
        try dataSet?(&object.dataSet)
        var bytes = try object.serialized()
        try file?(&bytes)
        return try? DICOMObject.read(MemoryByteSource(bytes))
    }

    private var cell: MatrixCase {
        get throws {
            try #require(
                MatrixCase.all.first {
                    $0.transferSyntax.codec == syntax && $0.frames == Self.frames && $0.fallback == .none
                        && $0.layout.title == (syntax == .jpegExtended ? "grey 12 of 16" : "grey 8")
                })
        }
    }

    static func table(_ values: [Int], width: Int = 4) -> [UInt8] {
        values.flatMap { value in (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    }

    static func find(_ pattern: [UInt8], in bytes: [UInt8], from start: Int = 0) throws -> Int {
        guard let place = (start..<(bytes.count - pattern.count)).first(where: { bytes[$0...].starts(with: pattern) })
        else { throw Absent() }
        return place
    }

    static func place(_ marker: UInt8, in stream: [UInt8]) throws -> Int {
        try find([0xFF, marker], in: stream)
    }

    /// The segment of a marker, with it.
    static func segment(_ marker: UInt8, in stream: [UInt8]) throws -> Range<Int> {
        let start = try place(marker, in: stream)
        return start..<(start + 2 + Int(stream[start + 2]) << 8 + Int(stream[start + 3]))
    }

    static var all: [HandmadeDamageTests.Damage] { containers + attributes + jpeg + jpeg2000 + rle + jpegLS }
}
