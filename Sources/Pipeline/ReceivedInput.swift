import DICOMModel
import HeaderDeidentification
import Ledger

/// An input file with its pseudonymous name.
struct ReceivedInput: Sendable {
    let id: InstanceID
    let path: String
    let file: ReceivedFile
    /// Whether a file with the same bytes came before it.
    let isDuplicate: Bool

    /// Names files by their content and by how many equal ones came before, so that neither the place of an input nor
    /// its name matters, and a second run knows what it has done. What can't be read goes by its place.
    static func named(_ files: [ReceivedPlace], key: ProjectKey) -> [ReceivedInput] {
        let pseudonyms = Pseudonyms(key: key)
        var seen: [String: Int] = [:]
        return files.map { input in
            let content = input.file.sha256.isEmpty ? "place:" + input.place : input.file.sha256
            let ordinal = seen[content, default: 0]
            seen[content] = ordinal + 1
            let id = pseudonyms.token("\(content)/\(ordinal)", domain: "input", length: 24)
            return ReceivedInput(
                id: InstanceID(rawValue: id), path: input.path, file: input.file,
                isDuplicate: ordinal > 0 && !input.file.sha256.isEmpty)
        }
    }

    /// What the ledger gets on receipt: final at once for what is not a DICOM file.
    var receivedEntries: [(InstanceID?, LedgerEntry)] {
        let received = LedgerEntry.received(Received(sourceSHA256: file.sha256, byteCount: file.byteCount))
        guard file.instance == nil, let reason = file.reason, Self.isNotDICOM(reason) else { return [(id, received)] }
        return [(id, received), (id, .notDICOM(NotDICOM(reasons: [reason])))]
    }

    static func isNotDICOM(_ reason: ReasonCode) -> Bool { reason == "not-dicom" || reason == "archive" }
}

/// A file where it was found.
struct ReceivedPlace: Sendable {
    /// Where its bytes are.
    var path: String
    /// What it is sorted and told apart by: its path, or the archive's path and the number of the entry.
    var place: String
    var file: ReceivedFile
}
