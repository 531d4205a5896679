internal import Crypto
import DICOMModel
public import Foundation

/// A PNG for the report, or a list of `RetainedAttribute`s, as it is stored beside the events that name it.
public struct LedgerBlob: Hashable, Sendable {
    public let data: Data
    /// SHA-256 in hexadecimal digits; no other name can be given to it.
    public let name: String

    public init(_ data: Data) {
        self.data = data
        name = hexadecimal(SHA256.hash(data: data))
    }
}
