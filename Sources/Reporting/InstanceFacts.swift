internal import DICOMModel
internal import Ledger

/// What a report says about one input file: a row of `instances.csv`.
struct InstanceFacts {
    let record: InstanceRecord
    /// Nil where the file is not finished.
    let decision: Outcome?
    let reasons: [ReasonCode]
    let regions: [ReportedRegion]

    init(_ record: InstanceRecord, options: ReportOptions) {
        self.record = record
        decision = record.outcome ?? (options.isProposal ? record.decided?.outcome : nil)
        reasons = decision == nil ? [.unfinished] : record.reasons
        let findings = record.inspected?.findings ?? []
        if let redacted = record.redacted {
            regions = redacted.regions.map { ReportedRegion($0, findings: findings) }
        } else if decision == .released {
            regions = []
        } else {
            regions = findings.filter { options.maskedCategories.contains($0.category) }.map { ReportedRegion($0) }
        }
    }

    var summary: InstanceSummary? { record.inspected?.summary }
    /// False for what is not DICOM, and for what names no Series, or none that may be told.
    var isOfSeries: Bool { summary.map { !$0.series.isEmpty } ?? false }
    var framesExamined: Int { record.inspected?.framesExamined ?? 0 }
    var isReleased: Bool { decision?.isReleased == true }

    var transferSyntaxOut: String {
        isReleased ? record.redacted?.transferSyntaxUID ?? "" : ""
    }

    var releasedPath: String { record.released?.path ?? "" }

    /// How many findings of each category, in the order of `FindingCategory.allCases`.
    var findingCounts: [Int] {
        var counts = [Int](repeating: 0, count: FindingCategory.allCases.count)
        for finding in record.inspected?.findings ?? [] {
            if let place = FindingCategory.allCases.firstIndex(of: finding.category) { counts[place] += 1 }
        }
        return counts
    }

    /// What the rows are sorted by: everything in it is the same in every run with the same key.
    var sortKey: [String] {
        let place = summary.map { [$0.patient, $0.study, $0.series, $0.instance] } ?? ["", "", "", ""]
        return place + [record.received?.sourceSHA256 ?? "", record.id.rawValue]
    }
}

extension ReasonCode {
    /// The run ended, or was killed, before anything became of the file.
    static let unfinished: ReasonCode = "unfinished"
}

/// A box in the report, with what stands in it.
struct ReportedRegion {
    let frames: [FrameNumber]
    let region: PixelRegion
    /// The most suspicious finding in it; nil for a region that the policy masks without one.
    let category: FindingCategory?
    let source: FindingSource?

    /// A masked box: its category is that of the most suspicious finding that it meets on a frame of its own.
    init(_ masked: MaskedRegion, findings: [Finding]) {
        frames = masked.frames
        region = masked.region
        let inside = findings.filter {
            Self.meet($0.region, masked.region) && Self.share($0.frames, masked.frames)
        }
        let worst = inside.min { Self.rank($0.category) < Self.rank($1.category) }
        category = worst?.category
        source = worst?.source
    }

    /// A proposed box: the finding's own.
    init(_ finding: Finding) {
        frames = finding.frames
        region = finding.region
        category = finding.category
        source = finding.source
    }

    func write(to json: inout JSONText) {
        json.object { json in
            json.key("frames")
            json.array { json in
                for frame in frames { json.value(frame.value) }
            }
            json.member("x", region.x)
            json.member("y", region.y)
            json.member("width", region.width)
            json.member("height", region.height)
            json.member("category", category?.rawValue)
            json.member("source", source?.rawValue)
        }
    }

    private static func rank(_ category: FindingCategory) -> Int {
        FindingCategory.allCases.firstIndex(of: category) ?? 0
    }

    /// Whether the boxes overlap; safe for any numbers that a damaged ledger may hold.
    private static func meet(_ left: PixelRegion, _ right: PixelRegion) -> Bool {
        func overlap(_ a: Int, _ aLength: Int, _ b: Int, _ bLength: Int) -> Bool {
            let (aEnd, aOverflow) = a.addingReportingOverflow(aLength)
            let (bEnd, bOverflow) = b.addingReportingOverflow(bLength)
            return aLength > 0 && bLength > 0 && !aOverflow && !bOverflow && a < bEnd && b < aEnd
        }
        return overlap(left.x, left.width, right.x, right.width)
            && overlap(left.y, left.height, right.y, right.height)
    }

    /// Whether two ascending lists have a frame in common.
    private static func share(_ left: [FrameNumber], _ right: [FrameNumber]) -> Bool {
        var (i, j) = (0, 0)
        while i < left.count && j < right.count {
            if left[i] == right[j] { return true }
            if left[i] < right[j] { i += 1 } else { j += 1 }
        }
        return false
    }
}
