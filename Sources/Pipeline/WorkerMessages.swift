import DICOMModel
import DeviceRules
import Foundation
import HeaderDeidentification
import Ledger
import PixelRedaction

/// What the parent tells a worker when it starts; sent over its standard input, so that no key stands in an argument
/// list or an environment.
struct WorkerConfiguration: Codable, Sendable {
    var key: [UInt8]
    var safeTextConfidence: Double
    var fallback = LosslessFallback.none
    var archiveEntryMegabytes: Int
    /// By category: whether a finding of it that remains makes a released image unfit.
    var maskedCategories: [FindingCategory]
    var deidentification: DeidentificationProfile
    var sources = HeaderSources()
    var headerRules = Policy.HeaderRules.standard
    var deviceRules: [DeviceRule] = []
}

/// One step of work on one file.
enum WorkerRequest: Codable, Sendable {
    case configure(WorkerConfiguration)
    case receive(path: String)
    /// Takes the entries of an archive out into a folder.
    case unpack(path: String, folder: String)
    case inspect(path: String, sha256: String)
    case redact(RedactionRequest)
    case verify(VerificationRequest)
    /// The second look at a released file without its original.
    case reexamine(path: String, accepted: AcceptedText)
    /// What would become of a header, with its values or without.
    case explain(path: String, showsValues: Bool)
    /// Every Attribute of a file, with its values or without.
    case inventory(path: String, showsValues: Bool)
    /// Frames for a person to look at.
    case view(ViewRequest)
    /// What a new DICOMDIR says of a released file.
    case directory(path: String)
}

struct RedactionRequest: Codable, Sendable {
    var path: String
    var sha256: String
    var regions: [MaskedRegion]
    /// Whether nothing like text was found in any Overlay Plane.
    var overlaysAreClear: Bool
    /// Where text stood in Overlay Planes and unused bits, which go as a whole.
    var removed: [MaskedRegion]
    /// Where the result goes; must not exist.
    var destination: String
    var wantsPictures: Bool
    /// Frames that the contact sheet of the Series shows.
    var tiles: [FrameNumber]
}

struct VerificationRequest: Codable, Sendable {
    var path: String
    var destination: String
    /// What was really masked.
    var regions: [MaskedRegion]
    /// What the destination has to be encoded in.
    var transferSyntaxUID: String
}

/// What a worker answers.
enum WorkerResponse: Codable, Sendable {
    case ready
    case received(ReceivedFile)
    case unpacked([UnpackedEntry], reason: ReasonCode?)
    case inspected(Inspected)
    case redacted(RedactedFile)
    case verified(VerifiedFile)
    case reexamined([ReasonCode])
    case explained(Explanation)
    case inventoried([InventoryEntry])
    case viewed(ViewedFrames)
    case listed(DirectoryEntry)
    /// The step can't be done for this file.
    case failed(ReasonCode)
}

struct ReceivedFile: Codable, Sendable {
    var sha256: String
    var byteCount: Int
    /// Nil where the file isn't DICOM or can't be read.
    var instance: ReceivedInstance?
    /// Why there is no instance: `not-dicom`, `truncated`, `archive` …
    var reason: ReasonCode?
    var isArchive: Bool
    /// What a DICOM file that can't be read says of itself before the damage: it may hold others, and speaks for nothing.
    var beginning: ReceivedInstance?
}

struct ReceivedInstance: Codable, Sendable {
    var summary: InstanceSummary
    /// Instance Number, for the order within the Series.
    var instanceNumber: Int
    /// What the header alone gives reason for.
    var reasons: [ReasonCode]
    /// Why lists or scripts keep the instance out; empty where they don't.
    var refusals: [ReasonCode] = []
    var rules = RuleVerdict.inspect
    /// For the link table, where one is wanted.
    var link: LinkRecord?
}

struct UnpackedEntry: Codable, Sendable {
    var path: String
    /// Why it could not be taken out; there is no file then.
    var reason: ReasonCode?
}

struct RedactedFile: Codable, Sendable {
    var redacted: Redacted
    var sha256: String
    var before: Data?
    var after: Data?
    var tiles: [TilePicture] = []
    /// Lines of what the header has from its original, as the second look sees it.
    var attributes: String?
}

/// A PNG for a contact sheet.
struct TilePicture: Codable, Sendable {
    var frame: FrameNumber
    var png: Data
}

struct VerifiedFile: Codable, Sendable {
    var verified: Verified
    /// Text that the second look found and that policy doesn't keep.
    var remaining: [Finding]
    /// What the header has from its original.
    var attributes: String
}
