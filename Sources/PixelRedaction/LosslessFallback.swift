public import DICOMModel

/// What an object's frames are encoded in, without loss, where its own Transfer Syntax can't carry what was masked.
public enum LosslessFallback: String, Hashable, Sendable, CaseIterable, Codable {
    /// Nothing: the object is held.
    case none
    case explicitLittle = "explicit-little"
    case rle
    case jpegLossless = "jpeg-lossless"
    case jpegLS = "jpeg-ls"
    case jpeg2000 = "jpeg-2000"

    public var transferSyntax: TransferSyntax? {
        switch self {
        case .none: nil
        case .explicitLittle: .explicitVRLittleEndian
        case .rle: .rleLossless
        case .jpegLossless: .jpegLosslessSV1
        case .jpegLS: .jpegLSLossless
        case .jpeg2000: .jpeg2000Lossless
        }
    }
}
