internal import DICOMModel
internal import Ledger

/// What redaction did about a finding, as `findings.csv` has it.
enum FindingTreatment: String {
    /// A mask covers it on each of its frames.
    case masked = "yes"
    /// What it stood in is gone: the Overlay Planes, or the unused bits.
    case removed
    case none = "no"
}

/// What became of the text of a finding, for the page.
enum FindingFate: Int, CaseIterable {
    /// Masked, or removed with what it stood in, in what was released; in a scan, what would be.
    case masked
    /// Released as it is.
    case stays
    /// Its file was not released.
    case withheld
}

extension InstanceFacts {
    /// - Parameter options: whose policy says what would be masked, in a scan.
    func fate(of finding: Finding, options: ReportOptions) -> FindingFate {
        guard isReleased else { return .withheld }
        if options.isProposal, record.redacted == nil {
            return options.maskedCategories.contains(finding.category) ? .masked : .stays
        }
        return treatment(of: finding) == .none ? .stays : .masked
    }

    /// Whether it was released with text that policy would mask, or that the second look saw, because people let it stay.
    func holdsTextLetStay(_ options: ReportOptions) -> Bool {
        guard isReleased, let verified = record.verified else { return false }
        if verified.passed.contains(Verified.acceptedText) { return true }
        guard verified.accepted != nil || record.reviewState == .releasedAsIs else { return false }
        let findings = record.inspected?.findings ?? []
        return findings.contains {
            options.maskedCategories.contains($0.category) && fate(of: $0, options: options) == .stays
        }
    }

    func treatment(of finding: Finding) -> FindingTreatment {
        guard let redacted = record.redacted else { return .none }
        switch finding.source {
        case .pixels: return redacted.regions.cover(finding.region, on: finding.frames) ? .masked : .none
        case .overlay: return redacted.has(.overlaysRemoved) ? .removed : .none
        case .unusedBits: return redacted.has(.unusedBitsCleared) ? .removed : .none
        }
    }
}
