import DICOMModel
import HeaderDeidentification
import PHIClassification

/// Forms of values that a person should look at: they need not identify anybody.
struct ValueDetectors {
    private let classifier = TextClassifier(identifiers: HeaderIdentifiers())

    /// `date-like`, `name-like`, `id-like`, `postcode`, `nhs-number`, in this order.
    func tripped(by text: String, vr: VR) -> [String] {
        guard !text.isEmpty, vr != .ui else { return [] }
        var rules: Set<String> = []
        var isName = vr == .pn
        for line in text.split(whereSeparator: \.isNewline).prefix(50) {
            let found = classifier.classify(Sensitive(String(line)), confidence: 1)
            rules.formUnion(found.rules)
            // A Code String is of a closed list, or should be.
            if found.category == .nameLike, vr != .cs, vr.isText { isName = true }
        }
        let isDate = vr == .da || vr == .dt || rules.contains("date")
        let isNumber = vr == .is || vr == .ds
        let digits = text.utf8.count { (0x30...0x39).contains($0) }
        let isID =
            !isDate && !isNumber && vr.isText && vr != .tm && vr != .as
            && (digits >= 6 || !rules.isDisjoint(with: Self.numbers))
        let isNHS = !isNumber && !NHSNumber.numbers(in: text).isEmpty
        let found: [(String, Bool)] = [
            ("date-like", isDate), ("name-like", isName), ("id-like", isID || isNHS),
            ("postcode", rules.contains("uk-postcode")), ("nhs-number", isNHS),
        ]
        return found.filter(\.1).map(\.0)
    }

    private static let numbers: Set<String> = ["record-number", "chi-number", "telephone", "email", "url"]
}
