import DICOMFile
import DICOMModel

/// What is to be done with a content item by its concept and Value Type (PS3.15 Table E.3.4-1).
struct ContentRule {
    let action: DeidentificationAction
    /// Without the options.
    let basic: DeidentificationAction
    private let isListed: Bool
    private let listed: DeidentificationAction
    private let columns: [ProfileOption: DeidentificationAction]

    init(_ item: DataSet, profile: DeidentificationProfile) {
        let type = item.string(.valueType) ?? ""
        let row = item.items(.conceptNameCodeSequence).first.flatMap { concept in
            StructuredContentTable.row(
                value: concept.string(.codeValue) ?? "", scheme: concept.string(.codingSchemeDesignator) ?? "",
                valueType: type)
        }
        let (listed, options) =
            row.map { ($0.action, $0.options) } ?? (Self.isMaker(item) ? (.keep, [:]) : Self.unlisted(type))
        // Templates demand some of what is X/D, and nothing tells which: a dummy is right in either case.
        basic = listed == .removeOrDummy ? .dummy : listed
        action = profile.action(basic, options)
        isListed = row != nil
        self.listed = listed
        columns = options.filter { profile.options.contains($0.key) }
    }

    /// Whether an item is the manufacturer or the model of a device.
    static func isMaker(_ item: DataSet) -> Bool {
        item.items(.conceptNameCodeSequence).first.map { concept in
            concept.string(.codingSchemeDesignator) == "DCM" && makers.contains(concept.string(.codeValue) ?? "")
        } ?? false
    }

    /// For people who want to know: `E.3.4-1 X/D, 113105 C`, `E.3.4-1 unlisted X`.
    var name: String {
        let columns = columns.map { "\($0.key.code.rawValue) \($0.value.rawValue)" }.sorted()
        return (["E.3.4-1 \(isListed ? "" : "unlisted ")\(listed.rawValue)"] + columns).joined(separator: ", ")
    }

    /// Device Observer, Device and Device Subject Manufacturer and Model Name. E.3.4 removes what corresponds to Attributes
    /// that are removed: Manufacturer (0008,0070) and Manufacturer's Model Name (0008,1090) have no row in Table E.1-1, as
    /// these concepts have none in Table E.3.4-1, where those beside them (name, serial number, UID) have one.
    private static let makers: Set = ["121014", "121015", "113878", "113879", "121194", "121195"]

    /// For concepts that the table doesn't have.
    private static func unlisted(
        _ type: String
    ) -> (DeidentificationAction, [ProfileOption: DeidentificationAction]) {
        switch type {
        case "TEXT": (.remove, [.cleanDescriptors: .clean])
        case "DATE", "TIME", "DATETIME":
            (.remove, [.retainLongitudinalFullDates: .keep, .retainLongitudinalModifiedDates: .clean])
        case "UIDREF": (.newUID, [.retainUIDs: .keep])
        case "NUM", "CODE", "CONTAINER", "IMAGE", "COMPOSITE", "WAVEFORM", "SCOORD", "SCOORD3D", "TCOORD": (.keep, [:])
        default: (.remove, [:])
        }
    }
}
