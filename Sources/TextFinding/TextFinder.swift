public import DICOMModel
import Glibc

/// Finds and reads the text of frames and bit planes.
///
/// It remembers what it has seen and read, so one finder serves a whole Series; it owns a recogniser and isn't
/// `Sendable`.
public final class TextFinder {
    /// How much work was done and how much was spared.
    public struct Counters: Hashable, Sendable {
        public var framesSearched = 0
        /// Frames of which only changed parts were searched.
        public var framesPartlySearched = 0
        /// Frames identical to one already searched.
        public var framesRepeated = 0
        /// Lines given to the recogniser.
        public var readings = 0
        /// Lines whose picture had been read before.
        public var rememberedReadings = 0
    }

    private let lineReader: LineReader
    private let detector: TextNetDetector
    private var memory: FrameMemory?
    /// By the frame's bytes and how they are rendered. Bounded: emptied when full.
    private var remembered: [FrameKey: [TextRegion]] = [:]
    private let capacity = 4096
    private var tally = Counters()
    /// Is told each line's place and evidence, so that weights can be fitted to them.
    package var observer: (([(region: PixelRegion, measures: [Double])]) -> Void)?

    private struct FrameKey: Hashable {
        var digest: PixelDigest
        var description: PixelDescription
        var rendering: RenderingDescription
        var pass: InspectionPass
    }

    /// - Parameters:
    ///   - dataPath: the folder with Tesseract's models; nil looks in the usual places.
    ///   - languages: their names, such as `eng`.
    /// - Throws: `TextFindingError` `.missingModel` or `.recogniserFailed`.
    public init(dataPath: String? = nil, languages: [String] = ["eng"]) throws {
        let first = languages.first ?? "eng"
        guard let folder = modelFolder(dataPath, languages: languages) else {
            throw TextFindingError(
                .missingModel, "Tesseract's model '\(first)' is not installed",
                hint: "apt-get install tesseract-ocr-\(first)")
        }
        lineReader = LineReader(try TesseractReader(dataPath: folder, languages: languages))
        detector = try TextNetDetector()
    }

    public var counters: Counters {
        var counters = tally
        counters.readings = lineReader.readings
        counters.rememberedReadings = lineReader.rememberedReadings
        return counters
    }

    /// The text of one frame, line by line, in stored pixels.
    ///
    /// - Throws: `TextFindingError` `.malformedFrame` or `.unsupported`.
    public func findText(
        in frame: NativeFrame, rendering: RenderingDescription, pass: InspectionPass = .inspection
    ) throws -> [TextRegion] {
        let description = frame.description
        let key = FrameKey(
            digest: PixelDigest(frame.bytes, width: description.columns, height: description.rows, salt: 0),
            description: description, rendering: rendering, pass: pass)
        if let known = remembered[key] {
            tally.framesRepeated += 1
            return known
        }
        let regions: [TextRegion]
        if let memory,
            let (found, changes) = try searchChanges(to: frame, since: memory, rendering: rendering, pass: pass)
        {
            tally.framesPartlySearched += 1
            regions = found
            self.memory = FrameMemory(frame, after: memory, changes: changes, regions: regions)
        } else {
            tally.framesSearched += 1
            let plans = try self.plans(of: frame, rendering: rendering, pass: pass)
            regions = try search(plans, of: description.bounds, pass: pass)
            memory = FrameMemory(frame, rendering: rendering, pass: pass, regions: regions)
        }
        if remembered.count >= capacity { remembered = [:] }
        remembered[key] = regions
        return regions
    }

    /// The text of a frame of which only what is new is searched; nil where it must be searched as a whole.
    private func searchChanges(
        to frame: NativeFrame, since memory: FrameMemory, rendering: RenderingDescription, pass: InspectionPass
    ) throws -> (regions: [TextRegion], changes: FrameChanges)? {
        guard var changes = memory.changes(to: frame, rendering: rendering, pass: pass) else { return nil }
        let bounds = frame.description.bounds
        for _ in 0..<2 {
            let found = try changes.boxes(within: bounds).flatMap { box in
                let plans = try self.plans(of: frame.cropped(to: box), rendering: rendering, pass: pass)
                return try search(plans, of: box, pass: pass, changes: changes)
            }
            // A line may go on beyond what was searched.
            let open = found.map { $0.region.expanded(by: 8, within: bounds) }.filter { !changes.cover($0) }
            if open.isEmpty { return (changes.kept + found, changes) }
            changes.parts += open.map { $0.expanded(by: 48, within: bounds) }
        }
        return nil
    }

    /// The text of an Overlay Plane or of one bit of the stored values, in the plane's own pixels.
    ///
    /// - Throws: `TextFindingError` `.malformedFrame`.
    public func findText(in plane: BitPlane, pass: InspectionPass = .inspection) throws -> [TextRegion] {
        let pixels = plane.bits.map { bit -> UInt8 in bit == 0 ? 0 : 255 }
        guard let image = GrayImage(width: plane.columns, height: plane.rows, pixels: pixels) else {
            throw TextFindingError(.malformedFrame, "a bit plane's size doesn't fit its bits")
        }
        return try search([RenderingPlan(kind: .bits) { image }], of: image.bounds, pass: pass)
    }

    private func plans(
        of frame: NativeFrame, rendering: RenderingDescription, pass: InspectionPass
    ) throws -> [RenderingPlan] {
        try FrameRenderer(rendering: rendering, description: frame.description).plans(of: frame, pass: pass)
    }

    /// Forgets what was seen, at the end of a Series.
    public func forgetSeries() {
        forgetFrames()
        lineReader.forget()
    }

    /// Forgets the frames that were seen, but not what was read: what is found from now on is found again by who looks at
    /// the same frames later.
    public func forgetFrames() {
        memory = nil
        remembered = [:]
    }

    /// Glyphs of at least this height, in stored pixels, are looked for in frames of this description.
    public func smallestGlyphHeight(for description: PixelDescription, pass: InspectionPass = .inspection) -> Int {
        let scale = Self.scale(for: pass, width: description.columns, height: description.rows)
        return Int((Double(detector.smallestGlyphHeight) / scale).rounded(.up))
    }
}

// MARK: - One search

extension TextFinder {
    /// In log odds: less likely by their look, candidates are dropped unread.
    private static let worthReading = -2.0
    /// What the network is certain of is at least so likely.
    private static let certain = 3.0
    /// The likeliest so many of a frame are read; of the others what is likely by its look alone is text, unread.
    private static let mostReadings = 160

    /// In log odds: what is at least so likely is text.
    private static func least(for pass: InspectionPass) -> Double { pass == .inspection ? -0.5 : -0.2 }

    /// The second look is at a larger picture, unless that would be huge.
    private static func scale(for pass: InspectionPass, width: Int, height: Int) -> Double {
        pass == .verification && width * height <= 2_000_000 ? 1.5 : 1
    }

    /// - Parameters:
    ///   - box: the part of the frame that the plans show.
    ///   - changes: what is to be searched; nil means all.
    private func search(
        _ plans: [RenderingPlan], of box: PixelRegion, pass: InspectionPass, changes: FrameChanges? = nil
    ) throws -> [TextRegion] {
        // No word of the smallest glyphs fits into less.
        guard min(box.width, box.height) >= detector.smallestGlyphHeight, max(box.width, box.height) >= 16 else {
            return []
        }
        let bounds = PixelRegion(x: 0, y: 0, width: box.width, height: box.height)
        let scale = Self.scale(for: pass, width: box.width, height: box.height)
        let area = changes.map { changes in
            SearchArea(
                parts: changes.parts.map { $0.moved(from: box) }, known: changes.kept.map { $0.region.moved(from: box) }
            )
        }
        let looks = try detector.looks(at: plans, scale: scale, area: area)
        guard !looks.isEmpty else { return [] }
        let pictures = looks.map(\.picture)
        var regions = accepted(looks.map { $0.lines() }, in: pictures, pass: pass)
        // Whatever became of the lines, nothing that the network marks goes unjudged.
        let covered = regions.map(\.region)
        regions += accepted(looks.map { $0.rest(without: covered) }, in: pictures, pass: pass)
        let standsAlone = { (crumb: PixelRegion, line: PixelRegion) in
            pictures.contains { $0.holdsText(in: crumb, besides: line) }
        }
        regions = LineJoining.withoutCrumbs(regions, standsAlone: standsAlone)
        let found = regions.map(\.region)
        let crumbs = looks.map { $0.crumbs(beside: found) }
        regions = LineJoining.grown(regions, by: crumbs.flatMap(\.near))
        regions = LineJoining.grown(regions, by: crumbs.flatMap(\.faint), alongOnly: true)
        return LineJoining.joined(regions, standsAlone: standsAlone).map { region in
            var placed = region
            placed.region = placed.region.intersection(bounds)
            placed.region.x += box.x
            placed.region.y += box.y
            return placed
        }
    }

    /// The candidates that are text.
    ///
    /// - Parameter candidates: of each picture.
    private func accepted(
        _ candidates: [[TextCandidate]], in pictures: [GrayImage], pass: InspectionPass
    ) -> [TextRegion] {
        let views = candidates.enumerated().flatMap { index, found in
            found.map { CandidateLine.View(picture: index, candidate: $0) }
        }
        guard !views.isEmpty else { return [] }
        let judged = judge(CandidateLine.merged(views, limit: 2000), in: pictures, pass: pass)
        observer?(judged.map { ($0.line.region, $0.evidence.measures) })
        return judged.compactMap { line, evidence, reading in
            let odds = max(evidence.logOdds, evidence.isCertain ? Self.certain : -.infinity)
            guard odds >= Self.least(for: pass) else { return nil }
            return region(of: line, reading: reading, score: 1 / (1 + exp(-odds)))
        }
    }

    /// Reads the lines that are worth it, the likeliest first.
    private func judge(
        _ lines: [CandidateLine], in pictures: [GrayImage], pass: InspectionPass
    ) -> [(line: CandidateLine, evidence: LineEvidence, reading: Reading?)] {
        let looked = lines.map { line in
            let evidence = line.evidence(in: pictures)
            return (line: line, evidence: evidence, unread: evidence.logOddsUnread)
        }
        let (doubtful, clear) = (
            looked.count { !$0.evidence.isCertain }, looked.count { $0.evidence.isCertain }
        )
        let likeliest = looked.sorted { $0.unread > $1.unread }
        var wellRead: [CandidateLine] = []
        var readCount = 0
        return likeliest.compactMap { looked in
            let (line, unread) = (looked.line, looked.unread)
            var evidence = looked.evidence
            guard unread >= Self.worthReading || evidence.isCertain || observer != nil else { return nil }
            // Another rendering's or polarity's view of a line, or a part of it.
            if observer == nil, wellRead.contains(where: { $0.covers(line) }) { return nil }
            evidence.add(doubtful: doubtful, clear: clear)
            guard readCount < Self.mostReadings else { return (line, evidence, nil) }
            readCount += 1
            let reading = lineReader.read(line, in: pictures, pass: pass, isLikely: unread > 0)
            if let reading {
                evidence.add(reading)
                let isSure = reading.confidence >= 0.8 && Plausibility(of: reading.text).letters >= 3
                if isSure, evidence.logOdds >= Self.least(for: pass) { wellRead.append(line) }
            }
            return (line, evidence, reading)
        }
    }

    private func region(of line: CandidateLine, reading: Reading?, score: Double) -> TextRegion {
        let height = line.glyphHeight
        // Soft edges and ringing on all sides; along the line also a full stop or a comma.
        let (across, along) = (max(2, height / 6), max(3, height / 3))
        let isVertical = line.views.first?.candidate.isVertical ?? false
        let (sideways, upwards) = isVertical ? (across, along) : (along, across)
        let grown = PixelRegion(
            x: line.region.x - sideways, y: line.region.y - upwards, width: line.region.width + 2 * sideways,
            height: line.region.height + 2 * upwards)
        return TextRegion(
            region: grown, text: reading.map { Sensitive($0.text) },
            confidence: reading.map { $0.isWhole ? $0.confidence : 0 } ?? 0,
            score: score,
            engine: detector.name)
    }
}
