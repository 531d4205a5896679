import DICOMFile
import DICOMModel
import PixelCodecs

/// Objects made for a test: the Image Pixel Module and frames of a known pattern.
struct SyntheticObject {
    var description: PixelDescription
    var transferSyntax = TransferSyntax.explicitVRLittleEndian
    var numberOfFrames = 1
    var vr: VR?
    /// Stored value for frame, pixel (row × columns + column) and channel.
    var sample: (Int, Int, Int) -> Int = { frame, pixel, channel in 40 + (frame * 31 + pixel * 7 + channel * 53) % 150 }
    var extra: [DataElement] = []

    init(_ description: PixelDescription) {
        self.description = description
    }

    /// Frame `index`, little endian, in the layout that `description` has.
    func nativeFrame(_ index: Int) -> NativeFrame {
        let width = max(1, description.bitsAllocated / 8)
        var bytes = [UInt8](repeating: 0, count: description.bytesPerFrame)
        for pixel in 0..<description.pixelsPerFrame {
            for channel in 0..<description.samplesPerPixel {
                let value = sample(index, pixel, channel)
                if description.bitsAllocated == 1 {
                    bytes[pixel / 8] |= UInt8(value & 1) << UInt8(pixel % 8)
                    continue
                }
                let place = Self.place(description, pixel: pixel, channel: channel) * width
                let word = description.isFloat ? floatWord(value, pixel: pixel) : UInt64(truncatingIfNeeded: value)
                for byte in 0..<width { bytes[place + byte] = UInt8(truncatingIfNeeded: word >> UInt64(8 * byte)) }
            }
        }
        return NativeFrame(description: description, bytes: bytes)
    }

    /// Eighths, some of them negative, and here and there what is no number.
    private func floatWord(_ value: Int, pixel: Int) -> UInt64 {
        let number =
            switch pixel % 103 {
            case 5: Double.nan
            case 6: Double.infinity
            case 7: -Double.infinity
            default: Double(value) / 8 - 30
            }
        return description.bitsAllocated == 64 ? number.bitPattern : UInt64(Float(number).bitPattern)
    }

    /// Which sample of the frame: by hand from PS3.3 C.7.6.3.1.3 and C.7.6.3.1.2.
    static func place(_ description: PixelDescription, pixel: Int, channel: Int) -> Int {
        if description.isNative422 { return pixel / 2 * 4 + (channel == 0 ? pixel % 2 : channel + 1) }
        if description.isPlanar { return channel * description.pixelsPerFrame + pixel }
        return pixel * description.samplesPerPixel + channel
    }

    /// - Parameter streams: of the frames, made by somebody else; without, ours encodes them.
    func object(streams: [[UInt8]]? = nil) throws -> DICOMObject {
        let explicit = transferSyntax.isExplicitVR
        var dataSet = DataSet(isExplicitVR: explicit, isBigEndian: transferSyntax.isBigEndian)
        try dataSet.set(.sopClassUID, .ui, string: "1.2.840.10008.5.1.4.1.1.7")
        try dataSet.set(.sopInstanceUID, .ui, string: "2.25.1234567890")
        try dataSet.set(.studyInstanceUID, .ui, string: "2.25.1234567891")
        try dataSet.set(.seriesInstanceUID, .ui, string: "2.25.1234567892")
        try dataSet.set(.modality, .cs, string: "OT")
        try dataSet.set(.photometricInterpretation, .cs, string: description.photometricInterpretation.term)
        if numberOfFrames > 1 { try dataSet.set(.numberOfFrames, .is, string: String(numberOfFrames)) }
        for (tag, value) in [
            (Tag.rows, description.rows), (.columns, description.columns),
            (.samplesPerPixel, description.samplesPerPixel), (.bitsAllocated, description.bitsAllocated),
            (.bitsStored, description.bitsStored), (.highBit, description.highBit),
            (.pixelRepresentation, description.isSigned ? 1 : 0),
        ] { dataSet.set(tag, .us, unsigned: [value]) }
        if description.isFloat {
            // PS3.3 C.7.6.24 has none of these.
            for tag in [Tag.bitsStored, .highBit, .pixelRepresentation] { dataSet[tag] = nil }
        }
        if description.samplesPerPixel > 1 {
            dataSet.set(.planarConfiguration, .us, unsigned: [description.isPlanar ? 1 : 0])
        }
        for element in extra { dataSet[element.tag] = element }
        let pixels = try pixelData(streams)
        dataSet[pixels.tag] = pixels
        var meta = DataSet()
        try meta.set(.mediaStorageSOPClassUID, .ui, string: "1.2.840.10008.5.1.4.1.1.7")
        try meta.set(.mediaStorageSOPInstanceUID, .ui, string: "2.25.1234567890")
        try meta.set(.transferSyntaxUID, .ui, string: transferSyntax.uid.value)
        return DICOMObject(fileMeta: meta, dataSet: dataSet, transferSyntax: transferSyntax)
    }

    private func encoded() throws -> [[UInt8]] {
        let codec = try FrameCodec(transferSyntax: transferSyntax, description: description)
        return try (0..<numberOfFrames).map { try codec.encode(nativeFrame($0)) }
    }

    private func pixelData(_ streams: [[UInt8]]?) throws -> DataElement {
        if transferSyntax.isEncapsulated {
            var table: [UInt8] = []
            var place = 0
            var fragments: [ValueBytes] = []
            for var stream in try streams ?? encoded() {
                if stream.count % 2 == 1 { stream.append(0) }
                table += (0..<4).map { UInt8(truncatingIfNeeded: place >> (8 * $0)) }
                place += stream.count + 8
                fragments.append(ValueBytes(stream))
            }
            let value = EncapsulatedPixelData(basicOffsetTable: table, fragments: fragments)
            return DataElement(tag: .pixelData, vr: .ob, value: .fragments(value))
        }
        return DataElement(tag: tag, vr: elementVR, bytes: fileBytes())
    }

    var tag: Tag {
        description.isFloat ? (description.bitsAllocated == 64 ? .doubleFloatPixelData : .floatPixelData) : .pixelData
    }

    var elementVR: VR {
        if description.isFloat { return description.bitsAllocated == 64 ? .od : .of }
        return vr ?? (description.bitsAllocated > 8 || !transferSyntax.isExplicitVR ? .ow : .ob)
    }

    /// All frames in the file's byte order: words of OW, or samples of 32 bits, are swapped.
    private func fileBytes() -> [UInt8] {
        var bytes: [UInt8] = []
        if description.bitsAllocated == 1 {
            // 1-bit frames follow each other without padding (PS3.5 8.1.1).
            bytes = [UInt8](repeating: 0, count: (description.bitsPerFrame * numberOfFrames + 7) / 8)
            for index in 0..<numberOfFrames {
                for pixel in 0..<description.pixelsPerFrame {
                    let bit = index * description.bitsPerFrame + pixel
                    bytes[bit / 8] |= UInt8(sample(index, pixel, 0) & 1) << UInt8(bit % 8)
                }
            }
        } else {
            for index in 0..<numberOfFrames { bytes += nativeFrame(index).bytes }
        }
        if bytes.count % 2 == 1 { bytes.append(0) }
        guard transferSyntax.isBigEndian else { return bytes }
        let word = max(elementVR == .ow ? 2 : 1, description.bitsAllocated / 8)
        return stride(from: 0, to: bytes.count, by: word).flatMap { bytes[$0..<min($0 + word, bytes.count)].reversed() }
    }
}

extension DICOMObject {
    /// Written and read again, as a file would be.
    func reread() throws -> DICOMObject {
        try DICOMObject.read(MemoryByteSource(try serialized()))
    }
}

extension NativeFrame {
    /// The stored word at a place, unmasked.
    func word(x: Int, y: Int, channel: Int = 0) -> Int {
        let pixel = y * description.columns + x
        if description.bitsAllocated == 1 { return Int(bytes[pixel / 8] >> UInt8(pixel % 8) & 1) }
        let width = description.bitsAllocated / 8
        let place = SyntheticObject.place(description, pixel: pixel, channel: channel) * width
        return (0..<width).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
    }

    /// As a signed number where values are signed.
    func value(x: Int, y: Int, channel: Int = 0) -> Int {
        let raw = word(x: x, y: y, channel: channel)
        let sign = 1 << (description.bitsAllocated - 1)
        return description.isSigned && raw >= sign ? raw - 2 * sign : raw
    }
}
