import DICOMFile
import DICOMModel
import HeaderDeidentification
import Ledger
import PHIClassification
import PixelRedaction
import TextFinding

extension WorkerTasks {
    /// Looks at every frame, every Overlay Plane and every unused bit, and says what text is there by category.
    func inspect(_ path: String, sha256: String) throws -> Inspected {
        guard try FileCopy.digest(of: path).sha256 == sha256 else { throw WorkerStepError("input-changed") }
        let clock = ContinuousClock()
        let start = clock.now
        let object = try read(path)
        let series = SeriesRules.classify(SeriesSigns(object))
        let classifier = TextClassifier(
            identifiers: HeaderIdentifiers(object), minimumConfidence: configuration.safeTextConfidence)
        let summary = summary(of: object, seriesKind: series.kind.rawValue, classifier: classifier)
        var inspected = Inspected(
            summary: summary, framesExamined: 0, findings: [], reasons: series.reasons, notChecked: [],
            smallestGlyphHeight: nil, milliseconds: 0)
        let finder = try finder(forSeries: summary.series)
        var search = TextSearch(finder: finder, classifier: classifier, pass: .inspection)
        if let reader = try search.examine(object) {
            inspected.framesExamined = reader.numberOfFrames
            inspected.smallestGlyphHeight = finder.smallestGlyphHeight(for: reader.description)
            inspected.findings = try scriptFindings(in: object, reader)
            try addRuleFindings(in: object, reader, to: &inspected)
        } else {
            inspected.notChecked = ["no-pixels"]
        }
        inspected.findings = search.findings + inspected.findings
        inspected.milliseconds = Int((clock.now - start) / .milliseconds(1))
        return inspected
    }
}

/// Collects the findings of one instance; the same thing on several frames is one finding.
struct TextSearch {
    let finder: TextFinder
    let classifier: TextClassifier
    let pass: InspectionPass
    private var framesByThing: [Thing: Set<FrameNumber>] = [:]

    private struct Thing: Hashable {
        var region: PixelRegion
        var category: FindingCategory
        var source: FindingSource
        var rules: [String]
        var engine: String
        /// In hundredths, so that equal things stay equal.
        var score: Int
    }

    init(finder: TextFinder, classifier: TextClassifier, pass: InspectionPass) {
        self.finder = finder
        self.classifier = classifier
        self.pass = pass
    }

    /// Looks at every frame with its unused bits, and at every Overlay Plane.
    ///
    /// - Returns: what reads the frames; nil where there are none.
    mutating func examine(_ object: DICOMObject) throws -> ImageReader? {
        guard ImageReader.hasPixels(object) else {
            try examine(overlays: try ImageReader.overlayPlanes(of: object), frameCount: 1)
            return nil
        }
        let reader = try ImageReader(object)
        for number in reader.frameNumbers { try examine(try reader.frame(number), number, of: reader) }
        try examine(overlays: try reader.overlayPlanes(), frameCount: reader.numberOfFrames)
        return reader
    }

    private mutating func examine(_ frame: NativeFrame, _ number: FrameNumber, of reader: ImageReader) throws {
        let bounds = frame.description.bounds
        for text in try finder.findText(in: frame, rendering: reader.rendering, pass: pass) {
            note(text, at: text.region.intersection(bounds), on: [number], source: .pixels)
        }
        for unused in reader.unusedBitPlanes(in: frame) {
            for text in try finder.findText(in: unused.plane, pass: pass) {
                note(text, at: text.region.intersection(bounds), on: [number], source: .unusedBits)
            }
        }
    }

    private mutating func examine(overlays: [OverlayPlane], frameCount: Int) throws {
        for overlay in overlays where overlay.embeddedBit == nil {
            let frames = overlay.imageFrame.map { [$0] } ?? (0..<max(1, frameCount)).map(FrameNumber.init(index:))
            for text in try finder.findText(in: try overlay.bitPlane(), pass: pass) {
                note(text, at: overlay.inImage(text.region), on: frames, source: .overlay)
            }
        }
    }

    private mutating func note(
        _ text: TextRegion, at region: PixelRegion, on frames: [FrameNumber], source: FindingSource
    ) {
        let classification = classifier.classify(text.text, confidence: text.confidence)
        let thing = Thing(
            region: region, category: classification.category, source: source, rules: classification.rules,
            engine: text.engine,
            score: Int((text.score * 100).rounded()))
        framesByThing[thing, default: []].formUnion(frames)
    }

    /// In a stable order.
    var findings: [Finding] {
        framesByThing.map { thing, frames in
            Finding(
                region: thing.region, frames: frames.sorted(), category: thing.category, source: thing.source,
                rules: thing.rules, engine: thing.engine, score: Double(thing.score) / 100)
        }
        .sorted { one, other in
            (one.frames.first?.value ?? 0, one.region.y, one.region.x, one.region.width, one.category.rawValue)
                < (
                    other.frames.first?.value ?? 0, other.region.y, other.region.x, other.region.width,
                    other.category.rawValue
                )
        }
    }
}
