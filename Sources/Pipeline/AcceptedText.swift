import DICOMModel
import Ledger

/// Which text people decided may stay in a released image.
enum AcceptedText: Hashable, Sendable, Codable {
    case none
    case everything
    /// At these places alone.
    case within([MaskedRegion])

    /// What the second look may find there. It renders differently from the first look, so a place is taken with half a
    /// line's height around it; that is too little for another line of the same size.
    static func within(_ findings: [Finding], plan: MaskPlan) -> AcceptedText {
        guard !findings.isEmpty else { return .none }
        return .within(
            findings.map { finding in
                let margin = max(4, min(finding.region.width, finding.region.height) / 2)
                return MaskedRegion(
                    frames: plan.frames(of: finding), region: finding.region.expanded(by: margin, within: plan.bounds))
            })
    }

    func allows(_ finding: Finding) -> Bool {
        switch self {
        case .none: false
        case .everything: true
        case .within(let places):
            places.contains { [$0].cover(finding.region, on: finding.frames) }
        }
    }

    /// For the ledger; nil where no places are named.
    var places: [MaskedRegion]? {
        guard case .within(let places) = self else { return nil }
        return places
    }
}
