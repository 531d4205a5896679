public import DICOMFile
public import DICOMModel
import PixelCodecs

/// The frames of an object's Pixel Data, decoded one at a time; nothing is loaded before it is asked for.
public struct ImageReader: Sendable {
    /// How the header describes the stored values. What a codec returns describes itself and may differ in
    /// Photometric Interpretation and planar configuration.
    public let description: PixelDescription
    public let numberOfFrames: Int
    public let rendering: RenderingDescription
    /// The one that the streams are in, as the first says; the object may name another, which they aren't in.
    public let transferSyntax: TransferSyntax

    enum Storage: Sendable {
        case native(NativePixelData)
        case encapsulated(EncapsulatedFrames, FrameCodec)
    }

    let storage: Storage
    let dataSet: DataSet
    /// Pixel Data, Float Pixel Data or Double Float Pixel Data.
    let tag: Tag

    /// Checks the Image Pixel Module against itself and against Pixel Data.
    ///
    /// - Throws: `PixelRedactionError` with the reason why the image can't be examined.
    public init(_ object: DICOMObject) throws {
        let dataSet = object.dataSet
        let elements = Tag.pixelDataKinds.compactMap { dataSet[$0] }
        guard let element = elements.first else {
            throw PixelRedactionError(.noPixels, "the object has no Pixel Data")
        }
        guard elements.count == 1 else {
            throw ImagePixelModule.unsupported("the object has Pixel Data of two kinds")
        }
        guard !element.isEmpty else { throw PixelRedactionError(.noPixels, "Pixel Data is empty") }
        let module = try ImagePixelModule(dataSet, of: element.tag)
        self.tag = element.tag
        self.dataSet = dataSet
        description = module.description
        numberOfFrames = module.numberOfFrames
        rendering = try RenderingDescription(dataSet, description: module.description)
        storage = try Self.storage(element, module: module, object: object)
        transferSyntax =
            if case .encapsulated(_, let codec) = storage { codec.transferSyntax } else { object.transferSyntax }
    }

    /// Whether the object has Pixel Data of any kind, float ones included, read or not.
    public static func hasPixels(_ object: DICOMObject) -> Bool {
        object.dataSet.hasPixelData
    }

    /// Whether a Data Set holds a picture beside its own Pixel Data, at which nobody looks: in an item, or of a retired
    /// kind. None may be released.
    public static func hasUnseenPicture(_ dataSet: DataSet) -> Bool {
        var isFound = false
        dataSet.walk { path, element, _ in
            let isNested = !path.sequences.isEmpty && Tag.pixelDataKinds.contains(element.tag)
            if isNested || element.tag.isRetiredPicture { isFound = true }
        }
        return isFound
    }

    /// All frames, in order.
    public var frameNumbers: [FrameNumber] { (0..<numberOfFrames).map(FrameNumber.init(index:)) }

    /// Decodes one frame.
    ///
    /// - Throws: `PixelRedactionError`; `DICOMFileError` where the file can't be read.
    public func frame(_ number: FrameNumber) throws -> NativeFrame {
        try frame(number, from: storedBytes(number))
    }

    /// A frame's bytes as they are in the file: native samples, or the compressed stream without trailing padding.
    func storedBytes(_ number: FrameNumber) throws -> [UInt8] {
        switch storage {
        case .native(let pixelData): try pixelData.frame(number).bytes
        case .encapsulated(let frames, _): try frames.stream(number)
        }
    }

    /// The frame that its stored bytes decode to.
    func frame(_ number: FrameNumber, from stored: [UInt8]) throws -> NativeFrame {
        guard case .encapsulated(_, let codec) = storage else {
            return NativeFrame(description: description, bytes: stored)
        }
        try checkTransferSyntax(of: stored, number)
        let frame: NativeFrame
        do {
            frame = try codec.decode(stored)
        } catch {
            let isUnknown = (error as? PixelCodecError)?.code == .unsupported
            throw PixelRedactionError(
                isUnknown ? .unsupportedPixelFormat : .undecodableFrame,
                "the frame can't be decoded\(error.codecReason)", frame: number)
        }
        try check(frame, number)
        return frame
    }

    /// Whether a frame's stream carries something besides its picture: comments, another picture, bytes behind its end.
    ///
    /// - Throws: as `init` does for Pixel Data that can't be read, `DICOMFileError` where the file can't be.
    public static func hasCompany(_ object: DICOMObject) throws -> Bool {
        guard hasPixels(object), object.transferSyntax.isEncapsulated else { return false }
        let reader = try ImageReader(object)
        return try reader.frameNumbers.contains { reader.carriesMoreThanPicture(try reader.storedBytes($0)) }
    }

    /// Nobody can tell what a stream carries that can't be walked to its end.
    func carriesMoreThanPicture(_ stored: [UInt8]) -> Bool {
        guard case .encapsulated(_, let codec) = storage else { return false }
        guard StreamComments.walks(transferSyntax.codec) else { return codec.carriesMoreThanPicture(stored) }
        return StreamComments(stored, codec: transferSyntax.codec).map { !$0.isClean } ?? true
    }

    var isLossyJPEG: Bool { transferSyntax.codec == .jpegBaseline || transferSyntax.codec == .jpegExtended }

    /// Bits of a sample in a stream of lossy JPEG.
    func lossyPrecision(_ stream: [UInt8]) -> Int {
        StreamPrecision.bits(stream, codec: transferSyntax.codec) ?? 8
    }

    /// Every unused bit of a frame that holds a picture: embedded overlays and junk.
    public func unusedBitPlanes(in frame: NativeFrame) -> [UnusedBitPlane] { frame.unusedBitPlanes() }

    // MARK: - Checks

    /// - Throws: `.undecodableFrame` for a stream that isn't in the Transfer Syntax that the first is in.
    func checkTransferSyntax(of stream: [UInt8], _ number: FrameNumber) throws {
        guard FrameCodec.transferSyntax(of: stream, declared: transferSyntax) == transferSyntax else {
            throw PixelRedactionError(
                .undecodableFrame, "the frame's stream isn't in the Transfer Syntax of the first", frame: number)
        }
    }

    private static func storage(
        _ element: DataElement, module: ImagePixelModule, object: DICOMObject
    ) throws -> Storage {
        if module.description.isFloat, object.transferSyntax.isEncapsulated {
            throw ImagePixelModule.unsupported("float Pixel Data is never encapsulated")
        }
        switch (element.value, object.transferSyntax.isEncapsulated) {
        case (.bytes(let value), false):
            let order = ByteOrder(
                isBigEndian: object.dataSet.isBigEndian, vr: element.vr,
                bitsAllocated: module.description.bitsAllocated)
            return .native(
                try NativePixelData(
                    value: value, order: order, description: module.description,
                    numberOfFrames: module.numberOfFrames))
        case (.fragments(let pixelData), true):
            return try encapsulated(pixelData, module: module, object: object)
        case (.items, _):
            throw PixelRedactionError(.unsupportedPixelFormat, "Pixel Data is a sequence")
        default:
            throw PixelRedactionError(
                .unsupportedTransferSyntax, "Pixel Data isn't native or encapsulated as the Transfer Syntax says")
        }
    }

    private static func encapsulated(
        _ pixelData: EncapsulatedPixelData, module: ImagePixelModule, object: DICOMObject
    ) throws -> Storage {
        func codec(_ syntax: TransferSyntax) throws -> FrameCodec {
            do {
                return try FrameCodec(transferSyntax: syntax, description: module.description)
            } catch {
                let code: PixelRedactionError.Code =
                    FrameCodec.exists(for: syntax) ? .unsupportedPixelFormat : .unsupportedTransferSyntax
                throw PixelRedactionError(
                    code, "no codec for \(syntax.name) with this pixel format\(error.codecReason)")
            }
        }
        let declared = try codec(object.transferSyntax)
        let frames = try EncapsulatedFrames(
            pixelData, numberOfFrames: module.numberOfFrames, dataSet: object.dataSet)
        let first = try frames.stream(FrameNumber(index: 0))
        let syntax = FrameCodec.transferSyntax(of: first, declared: object.transferSyntax)
        return .encapsulated(frames, syntax == object.transferSyntax ? declared : try codec(syntax))
    }

    /// A codec's frame has to be what the header promised, in everything that matters for masks and fills.
    private func check(_ frame: NativeFrame, _ number: FrameNumber) throws {
        let decoded = frame.description
        guard decoded.rows == description.rows, decoded.columns == description.columns,
            decoded.samplesPerPixel == description.samplesPerPixel,
            frame.bytes.count == decoded.bytesPerFrame
        else {
            throw PixelRedactionError(
                .undecodableFrame, "the frame's stream has another size than the header says", frame: number)
        }
    }
}
