public import DICOMModel

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
    private let detector: any TextDetector
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
    public convenience init(dataPath: String? = nil, languages: [String] = ["eng"]) throws {
        try self.init(dataPath: dataPath, languages: languages, detector: TextNetDetector())
    }

    /// With a detector of one's own.
    public init(dataPath: String? = nil, languages: [String] = ["eng"], detector: any TextDetector) throws {
        let first = languages.first ?? "eng"
        guard let folder = modelFolder(dataPath, languages: languages) else {
            throw TextFindingError(
                .missingModel, "Tesseract's model '\(first)' is not installed",
                hint: "apt-get install tesseract-ocr-\(first)")
        }
        lineReader = LineReader(try TesseractReader(dataPath: folder, languages: languages))
        self.detector = detector
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
        let renderings = try FrameRenderer(rendering: rendering, description: description)
            .renderings(of: frame, pass: pass)
        var regions: [TextRegion]
        if let memory, let changes = memory.changes(to: frame, rendering: rendering, pass: pass) {
            tally.framesPartlySearched += 1
            regions = memory.regions.filter { known in !changes.contains { $0.intersects(known.region) } }
            for change in changes { regions += search(renderings, within: change, pass: pass) }
        } else {
            tally.framesSearched += 1
            regions = search(renderings, within: description.bounds, pass: pass)
        }
        memory = FrameMemory(frame, rendering: rendering, pass: pass, regions: regions)
        if remembered.count >= capacity { remembered = [:] }
        remembered[key] = regions
        return regions
    }

    /// The text of an Overlay Plane or of one bit of the stored values, in the plane's own pixels.
    ///
    /// - Throws: `TextFindingError` `.malformedFrame`.
    public func findText(in plane: BitPlane, pass: InspectionPass = .inspection) throws -> [TextRegion] {
        let pixels = plane.bits.map { bit -> UInt8 in bit == 0 ? 0 : 255 }
        guard let image = GrayImage(width: plane.columns, height: plane.rows, pixels: pixels) else {
            throw TextFindingError(.malformedFrame, "a bit plane's size doesn't fit its bits")
        }
        return search([Rendering(kind: .bits, image: image)], within: image.bounds, pass: pass)
    }

    /// Forgets what was seen, at the end of a Series.
    public func forgetSeries() {
        memory = nil
        remembered = [:]
        lineReader.forget()
    }

    /// Glyphs of at least this height, in stored pixels, are looked for in frames of this description.
    public func smallestGlyphHeight(for description: PixelDescription, pass: InspectionPass = .inspection) -> Int {
        let scale = Self.scale(for: pass, width: description.columns, height: description.rows)
        return Int((Double(detector.smallestGlyphHeight) / scale).rounded(.up))
    }
}

// MARK: - One search

extension TextFinder {
    /// Less likely candidates are not even read.
    private static let leastScore = 0.3
    /// Of lines that look like text, more than this on one frame are kept unread.
    private static let mostReadings = 160
    /// Of lines that hardly do, more than this are dropped.
    private static let mostDoubtfulReadings = 24

    /// The second look is at a larger picture, unless that would be huge.
    private static func scale(for pass: InspectionPass, width: Int, height: Int) -> Double {
        pass == .verification && width * height <= 2_000_000 ? 1.5 : 1
    }

    private func search(_ renderings: [Rendering], within box: PixelRegion, pass: InspectionPass) -> [TextRegion] {
        // No word of the smallest glyphs fits into less.
        guard min(box.width, box.height) >= detector.smallestGlyphHeight, max(box.width, box.height) >= 16 else {
            return []
        }
        let cropped = renderings.compactMap { rendering in
            rendering.image.cropped(to: box).map { Rendering(kind: rendering.kind, image: $0) }
        }
        let views = candidates(in: cropped, pass: pass).enumerated().flatMap { index, found in
            found.map { CandidateLine.View(rendering: index, candidate: $0) }
        }
        let read = readings(of: CandidateLine.merged(views, limit: 2000), in: cropped, pass: pass)
        let judged = read.map { line, reading in
            var evidence = line.evidence
            if let reading { evidence.add(reading) }
            return (
                line: line, reading: reading, evidence: evidence,
                judgement: TextJudgement(evidence, strokes: line.strokes, reading: reading)
            )
        }
        let crowd = TextJudgement.crowd(
            doubtful: judged.count { $0.line.isDoubtful }, clear: judged.count { $0.judgement.isClear })
        observer?(
            judged.map { line in
                var evidence = line.evidence
                evidence.add(crowd: crowd)
                return (line.line.region, evidence.measures)
            })
        let regions = judged.compactMap { line, reading, _, judgement in
            judgement.score(crowd: crowd, pass: pass).map {
                region(of: line, reading: reading, score: $0, in: box)
            }
        }
        return LineJoining.joined(regions)
    }

    private func readings(
        of lines: [CandidateLine], in renderings: [Rendering], pass: InspectionPass
    ) -> [(line: CandidateLine, reading: Reading?)] {
        var (read, doubtful) = (0, 0)
        return lines.map { line in
            var reading: Reading?
            if line.isDoubtful ? doubtful < Self.mostDoubtfulReadings : read < Self.mostReadings {
                if line.isDoubtful { doubtful += 1 } else { read += 1 }
                reading = lineReader.read(line, in: renderings, pass: pass)
            }
            return (line, reading)
        }
    }

    private func candidates(in renderings: [Rendering], pass: InspectionPass) -> [[TextCandidate]] {
        guard let bounds = renderings.first?.image.bounds else { return [] }
        let scale = Self.scale(for: pass, width: bounds.width, height: bounds.height)
        guard scale != 1 else { return detector.candidates(in: renderings).map { $0.filter(Self.isWorthReading) } }
        let larger = renderings.map { rendering in
            let image = rendering.image.scaled(
                toWidth: Int(Double(bounds.width) * scale), height: Int(Double(bounds.height) * scale))
            return Rendering(kind: rendering.kind, image: image)
        }
        return detector.candidates(in: larger).map { candidates in
            candidates.filter(Self.isWorthReading).map { $0.reduced(by: scale, within: bounds) }
        }
    }

    private static func isWorthReading(_ candidate: TextCandidate) -> Bool { candidate.score >= leastScore }

    private func region(
        of line: CandidateLine, reading: Reading?, score: Double, in box: PixelRegion
    ) -> TextRegion {
        let height = line.views.first?.candidate.glyphHeight ?? 0
        // Soft edges and ringing on all sides; along the line also a full stop or a comma.
        let (across, along) = (max(2, height / 6), max(3, height / 3))
        let isVertical = line.views.first?.candidate.isVertical ?? false
        let (sideways, upwards) = isVertical ? (across, along) : (along, across)
        let grown = PixelRegion(
            x: line.region.x - sideways, y: line.region.y - upwards, width: line.region.width + 2 * sideways,
            height: line.region.height + 2 * upwards
        ).intersection(PixelRegion(x: 0, y: 0, width: box.width, height: box.height))
        return TextRegion(
            region: PixelRegion(x: grown.x + box.x, y: grown.y + box.y, width: grown.width, height: grown.height),
            text: reading.map { Sensitive($0.text) }, confidence: reading?.confidence ?? 0, score: score,
            engine: detector.name)
    }
}

extension TextCandidate {
    /// In the pixels of a picture that is smaller by a factor.
    fileprivate func reduced(by scale: Double, within bounds: PixelRegion) -> TextCandidate {
        var smaller = self
        let (left, top) = (Double(region.x) / scale, Double(region.y) / scale)
        let (right, bottom) = (Double(region.maxX) / scale, Double(region.maxY) / scale)
        smaller.region = PixelRegion(
            x: Int(left), y: Int(top), width: Int(right.rounded(.up)) - Int(left),
            height: Int(bottom.rounded(.up)) - Int(top)
        ).intersection(bounds)
        smaller.glyphHeight = max(Int(Double(glyphHeight) / scale), 1)
        return smaller
    }
}
