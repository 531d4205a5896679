/// How a Data Set and its Pixel Data are encoded (PS3.5 section 10, PS3.6 annex A).
public struct TransferSyntax: Hashable, Sendable {
    public let uid: UID
    public let name: String
    public let isExplicitVR: Bool
    public let isBigEndian: Bool
    /// The whole Data Set is a raw deflate stream (PS3.5 A.5).
    public let isDeflated: Bool
    public let codec: PixelCodec

    /// What compresses one frame.
    public enum PixelCodec: String, Hashable, Sendable, CaseIterable {
        case native, rle, jpegBaseline, jpegExtended, jpegLossless, jpegLosslessSV1, jpegLSLossless, jpegLSNearLossless
        case jpeg2000Lossless, jpeg2000, highThroughputJPEG2000, jpegXL, deflatedFrame, video, unknown
    }

    /// Whether Pixel Data is a sequence of fragments.
    public var isEncapsulated: Bool { codec != .native }

    /// Whether encoding can't change a sample.
    public var isLossless: Bool {
        switch codec {
        case .native, .rle, .jpegLossless, .jpegLosslessSV1, .jpegLSLossless, .jpeg2000Lossless, .deflatedFrame: true
        default: false
        }
    }

    /// Looks the UID up. One that isn't known is read as explicit little endian with Pixel Data left alone.
    public init(uid: UID) {
        self =
            Self.table[uid.value]
            ?? TransferSyntax(uid.value, "Unknown", .unknown)
    }

    private init(
        _ uid: String, _ name: String, _ codec: PixelCodec, explicit: Bool = true, big: Bool = false,
        deflated: Bool = false
    ) {
        self.uid = UID(uid)
        self.name = name
        self.codec = codec
        isExplicitVR = explicit
        isBigEndian = big
        isDeflated = deflated
    }

    public static let implicitVRLittleEndian = TransferSyntax(
        "1.2.840.10008.1.2", "Implicit VR Little Endian", .native, explicit: false)
    public static let explicitVRLittleEndian = TransferSyntax(
        "1.2.840.10008.1.2.1", "Explicit VR Little Endian", .native)
    public static let deflatedExplicitVRLittleEndian = TransferSyntax(
        "1.2.840.10008.1.2.1.99", "Deflated Explicit VR Little Endian", .native, deflated: true)
    public static let explicitVRBigEndian = TransferSyntax(
        "1.2.840.10008.1.2.2", "Explicit VR Big Endian", .native, big: true)
    public static let rleLossless = TransferSyntax("1.2.840.10008.1.2.5", "RLE Lossless", .rle)
    public static let jpegBaseline = TransferSyntax("1.2.840.10008.1.2.4.50", "JPEG Baseline", .jpegBaseline)
    public static let jpegExtended = TransferSyntax("1.2.840.10008.1.2.4.51", "JPEG Extended", .jpegExtended)
    public static let jpegLossless = TransferSyntax("1.2.840.10008.1.2.4.57", "JPEG Lossless", .jpegLossless)
    public static let jpegLosslessSV1 = TransferSyntax(
        "1.2.840.10008.1.2.4.70", "JPEG Lossless, First-Order Prediction", .jpegLosslessSV1)
    public static let jpegLSLossless = TransferSyntax("1.2.840.10008.1.2.4.80", "JPEG-LS Lossless", .jpegLSLossless)
    public static let jpegLSNearLossless = TransferSyntax(
        "1.2.840.10008.1.2.4.81", "JPEG-LS Near-lossless", .jpegLSNearLossless)
    public static let jpeg2000Lossless = TransferSyntax(
        "1.2.840.10008.1.2.4.90", "JPEG 2000 Lossless Only", .jpeg2000Lossless)
    public static let jpeg2000 = TransferSyntax("1.2.840.10008.1.2.4.91", "JPEG 2000", .jpeg2000)

    /// Every Transfer Syntax that the standard has for files, known or not to any codec of ours.
    public static let all: [TransferSyntax] = [
        implicitVRLittleEndian, explicitVRLittleEndian, deflatedExplicitVRLittleEndian, explicitVRBigEndian,
        rleLossless, jpegBaseline, jpegExtended, jpegLossless, jpegLosslessSV1, jpegLSLossless, jpegLSNearLossless,
        jpeg2000Lossless, jpeg2000,
        TransferSyntax("1.2.840.10008.1.2.1.98", "Encapsulated Uncompressed", .unknown),
        TransferSyntax("1.2.840.10008.1.2.8.1", "Deflated Image Frame Compression", .deflatedFrame),
        TransferSyntax("1.2.840.10008.1.2.4.52", "JPEG Extended (Process 3 & 5), retired", .unknown),
        TransferSyntax("1.2.840.10008.1.2.4.53", "JPEG Spectral Selection (Process 6 & 8), retired", .unknown),
        TransferSyntax("1.2.840.10008.1.2.4.55", "JPEG Full Progression (Process 10 & 12), retired", .unknown),
        TransferSyntax("1.2.840.10008.1.2.4.92", "JPEG 2000 Part 2 Lossless", .unknown),
        TransferSyntax("1.2.840.10008.1.2.4.93", "JPEG 2000 Part 2", .unknown),
        TransferSyntax("1.2.840.10008.1.2.4.94", "JPIP Referenced", .unknown),
        TransferSyntax("1.2.840.10008.1.2.4.95", "JPIP Referenced Deflate", .unknown, deflated: true),
        TransferSyntax("1.2.840.10008.1.2.4.100", "MPEG-2 Main Profile / Main Level", .video),
        TransferSyntax("1.2.840.10008.1.2.4.100.1", "Fragmentable MPEG-2 Main Profile / Main Level", .video),
        TransferSyntax("1.2.840.10008.1.2.4.101", "MPEG-2 Main Profile / High Level", .video),
        TransferSyntax("1.2.840.10008.1.2.4.101.1", "Fragmentable MPEG-2 Main Profile / High Level", .video),
        TransferSyntax("1.2.840.10008.1.2.4.102", "MPEG-4 AVC/H.264 High Profile 4.1", .video),
        TransferSyntax("1.2.840.10008.1.2.4.102.1", "Fragmentable MPEG-4 AVC/H.264 High Profile 4.1", .video),
        TransferSyntax("1.2.840.10008.1.2.4.103", "MPEG-4 AVC/H.264 BD-compatible", .video),
        TransferSyntax("1.2.840.10008.1.2.4.103.1", "Fragmentable MPEG-4 AVC/H.264 BD-compatible", .video),
        TransferSyntax("1.2.840.10008.1.2.4.104", "MPEG-4 AVC/H.264 High Profile 4.2 2D", .video),
        TransferSyntax("1.2.840.10008.1.2.4.104.1", "Fragmentable MPEG-4 AVC/H.264 High Profile 4.2 2D", .video),
        TransferSyntax("1.2.840.10008.1.2.4.105", "MPEG-4 AVC/H.264 High Profile 4.2 3D", .video),
        TransferSyntax("1.2.840.10008.1.2.4.105.1", "Fragmentable MPEG-4 AVC/H.264 High Profile 4.2 3D", .video),
        TransferSyntax("1.2.840.10008.1.2.4.106", "MPEG-4 AVC/H.264 Stereo High Profile", .video),
        TransferSyntax("1.2.840.10008.1.2.4.106.1", "Fragmentable MPEG-4 AVC/H.264 Stereo High Profile", .video),
        TransferSyntax("1.2.840.10008.1.2.4.107", "HEVC/H.265 Main Profile", .video),
        TransferSyntax("1.2.840.10008.1.2.4.108", "HEVC/H.265 Main 10 Profile", .video),
        TransferSyntax("1.2.840.10008.1.2.4.110", "JPEG XL Lossless", .jpegXL),
        TransferSyntax("1.2.840.10008.1.2.4.111", "JPEG XL JPEG Recompression", .jpegXL),
        TransferSyntax("1.2.840.10008.1.2.4.112", "JPEG XL", .jpegXL),
        TransferSyntax("1.2.840.10008.1.2.4.201", "HTJ2K Lossless", .highThroughputJPEG2000),
        TransferSyntax("1.2.840.10008.1.2.4.202", "HTJ2K Lossless RPCL", .highThroughputJPEG2000),
        TransferSyntax("1.2.840.10008.1.2.4.203", "HTJ2K", .highThroughputJPEG2000),
        TransferSyntax("1.2.840.10008.1.2.4.204", "JPIP HTJ2K Referenced", .unknown),
        TransferSyntax("1.2.840.10008.1.2.4.205", "JPIP HTJ2K Referenced Deflate", .unknown, deflated: true),
        TransferSyntax("1.2.840.10008.1.2.7.1", "SMPTE ST 2110-20 Uncompressed Progressive Active Video", .video),
        TransferSyntax("1.2.840.10008.1.2.7.2", "SMPTE ST 2110-20 Uncompressed Interlaced Active Video", .video),
        TransferSyntax("1.2.840.10008.1.2.7.3", "SMPTE ST 2110-30 PCM Digital Audio", .video),
    ]

    private static let table = Dictionary(uniqueKeysWithValues: all.map { ($0.uid.value, $0) })
}
