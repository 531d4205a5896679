public import DICOMFile
import DICOMModel

/// Who may be in a release, and who may not: lists of NHS numbers.
public struct ConsentLists: Sendable {
    public enum Verdict: Hashable, Sendable {
        case allowed
        /// On the opt-out list, or not on the allow list.
        case notAllowed
        /// There is no NHS number in the object, so nobody can tell.
        case unknown
    }

    private let allowed: Set<NHSNumber>?
    private let optedOut: Set<NHSNumber>

    /// - Parameters:
    ///   - allowList: whose data may be used and nobody else's; nil for everybody's.
    ///   - optOutList: whose data may not be used, whatever the allow list says.
    /// - Throws: `.listMalformed`, with the line, for whatever is no NHS number.
    public init(allowList: String?, optOutList: String?) throws(HeaderDeidentificationError) {
        allowed = if let allowList { try Self.numbers(allowList, called: "allow list") } else { nil }
        optedOut = if let optOutList { try Self.numbers(optOutList, called: "opt-out list") } else { [] }
    }

    /// Looks in Patient ID, Other Patient IDs and their Sequence, at every level. Of several numbers all must be allowed.
    public func verdict(on dataSet: DataSet) -> Verdict {
        var numbers: Set<NHSNumber> = []
        dataSet.walk { _, element, inner in
            guard element.tag == .patientID || element.tag == Tag(0x0010, 0x1000) else { return }
            for text in inner.strings(element) { numbers.formUnion(NHSNumber.numbers(in: text)) }
        }
        guard numbers.isDisjoint(with: optedOut) else { return .notAllowed }
        guard !numbers.isEmpty else { return .unknown }
        guard let allowed else { return .allowed }
        return numbers.isSubset(of: allowed) ? .allowed : .notAllowed
    }

    /// The column `NHS Number`, or the only one there is.
    private static func numbers(_ text: String, called name: String) throws(HeaderDeidentificationError) -> Set<
        NHSNumber
    > {
        var rows = try CSVTable(text, called: name).rows[...]
        var column: Int?
        if let first = rows.first {
            let names = first.values.map { $0.reveal().lowercased().filter { $0 != " " && $0 != "_" } }
            column = names.firstIndex(of: "nhsnumber")
            if column != nil { rows.removeFirst() }
        }
        var numbers: Set<NHSNumber> = []
        for row in rows {
            guard let place = column ?? (row.values.count == 1 ? 0 : nil) else {
                throw HeaderDeidentificationError(
                    .listMalformed, "\(name), line \(row.line): there are several columns and no headers",
                    hint: "call the column NHS Number")
            }
            guard row.values.indices.contains(place), let number = NHSNumber(row.values[place].reveal()) else {
                throw HeaderDeidentificationError(
                    .listMalformed, "\(name), line \(row.line): that is no NHS number",
                    hint: "ten digits, the last of them the check digit")
            }
            numbers.insert(number)
        }
        return numbers
    }
}

extension ConsentLists: CustomStringConvertible, CustomReflectable {
    public var description: String { "‹lists of patients›" }
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
