internal import DICOMModel

extension PayloadScanner {
    /// The entry of a frequent kind; nil for the others.
    mutating func entry(_ kind: LedgerEntry.Kind, like known: InstanceSummary?) throws(Mismatch) -> LedgerEntry? {
        let entry: LedgerEntry
        switch kind {
        case .received: entry = .received(try received())
        case .inspected: entry = .inspected(try inspected(like: known))
        case .decided: entry = .decided(try decided())
        case .redacted: entry = .redacted(try redacted())
        case .verified: entry = .verified(try verified())
        case .released: entry = .released(try released())
        case .runStarted, .runFinished, .quarantined, .rejected, .notDICOM, .reviewed, .sampled, .judged, .viewed,
            .accessed:
            return nil
        }
        try close()
        try end()
        return entry
    }

    private mutating func received() throws(Mismatch) -> Received {
        try key("byteCount")
        let byteCount = try integer()
        try key("sourceSHA256")
        return Received(sourceSHA256: try string(), byteCount: byteCount)
    }

    private mutating func inspected(like known: InstanceSummary?) throws(Mismatch) -> Inspected {
        try key("findings")
        let findings = try list { (scanner) throws(Mismatch) in try scanner.finding() }
        try key("framesExamined")
        let framesExamined = try integer()
        try key("milliseconds")
        let milliseconds = try integer()
        try key("notChecked")
        let notChecked = try codes()
        try key("reasons")
        let reasons = try codes()
        let height = has("smallestGlyphHeight") ? try integer() : nil
        try key("summary")
        return Inspected(
            summary: try summary(like: known), framesExamined: framesExamined, findings: findings, reasons: reasons,
            notChecked: notChecked, smallestGlyphHeight: height, milliseconds: milliseconds)
    }

    private mutating func summary(like known: InstanceSummary?) throws(Mismatch) -> InstanceSummary {
        let columns = has("columns") ? try integer() : nil
        try key("instance")
        let instance = try string()
        try key("manufacturer")
        let manufacturer = try string(like: known?.manufacturer)
        try key("modality")
        let modality = try string(like: known?.modality)
        try key("model")
        let model = try string(like: known?.model)
        let numberOfFrames = has("numberOfFrames") ? try integer() : nil
        try key("patient")
        let patient = try string(like: known?.patient)
        let photometric = has("photometricInterpretation") ? try string(like: known?.photometricInterpretation) : nil
        let project = has("project") ? try string(like: known?.project) : nil
        let rows = has("rows") ? try integer() : nil
        try key("series")
        let series = try string(like: known?.series)
        try key("seriesKind")
        let seriesKind = try string(like: known?.seriesKind)
        try key("sopClassUID")
        let sopClassUID = try string(like: known?.sopClassUID)
        try key("study")
        let study = try string(like: known?.study)
        try key("transferSyntaxUID")
        let transferSyntaxUID = try string(like: known?.transferSyntaxUID)
        try close()
        return InstanceSummary(
            patient: patient, study: study, series: series, instance: instance, modality: modality,
            sopClassUID: sopClassUID, transferSyntaxUID: transferSyntaxUID, seriesKind: seriesKind,
            manufacturer: manufacturer, model: model, rows: rows, columns: columns, numberOfFrames: numberOfFrames,
            photometricInterpretation: photometric, project: project)
    }

    private mutating func finding() throws(Mismatch) -> Finding {
        try key("category")
        let category = FindingCategory(rawValue: try string())
        try key("engine")
        let engine = try string()
        try key("frames")
        let frames = try frameNumbers()
        try key("region")
        let region = try region()
        try key("rules")
        let rules = try list { (scanner) throws(Mismatch) in try scanner.string() }
        try key("score")
        let score = try number()
        try key("source")
        let source = FindingSource(rawValue: try string())
        try close()
        guard let category, let source else { throw Mismatch() }
        return Finding(
            region: region, frames: frames, category: category, source: source, rules: rules, engine: engine,
            score: score)
    }

    private mutating func decided() throws(Mismatch) -> Decided {
        try key("outcome")
        let outcome = Outcome(rawValue: try string())
        try key("reasons")
        let reasons = try codes()
        guard let outcome else { throw Mismatch() }
        return Decided(outcome: outcome, reasons: reasons)
    }

    private mutating func redacted() throws(Mismatch) -> Redacted {
        let attributes = has("attributes") ? try string() : nil
        try key("changedFrames")
        let changedFrames = try integer()
        try key("changes")
        let changes = try list { (scanner) throws(Mismatch) in try scanner.string() }
        try key("milliseconds")
        let milliseconds = try integer()
        let pictures = has("pictures") ? try pictures() : nil
        let pixelBytesIn = has("pixelBytesIn") ? try integer() : nil
        let pixelBytesOut = has("pixelBytesOut") ? try integer() : nil
        try key("regions")
        let regions = try list { (scanner) throws(Mismatch) in try scanner.maskedRegion() }
        let tiles = has("tiles") ? try list { (scanner) throws(Mismatch) in try scanner.tile() } : nil
        try key("transferSyntaxUID")
        return Redacted(
            transferSyntaxUID: try string(), regions: regions, changedFrames: changedFrames, changes: changes,
            pictures: pictures, pixelBytesIn: pixelBytesIn, pixelBytesOut: pixelBytesOut, tiles: tiles,
            attributes: attributes, milliseconds: milliseconds)
    }

    private mutating func tile() throws(Mismatch) -> Tile {
        try key("frame")
        guard let frame = FrameNumber(try integer()) else { throw Mismatch() }
        try key("picture")
        let picture = try string()
        try close()
        return Tile(frame: frame, picture: picture)
    }

    private mutating func pictures() throws(Mismatch) -> Pictures {
        try key("after")
        let after = try string()
        try key("before")
        let before = try string()
        try close()
        return Pictures(before: before, after: after)
    }

    private mutating func maskedRegion() throws(Mismatch) -> MaskedRegion {
        try key("frames")
        let frames = try frameNumbers()
        try key("region")
        let region = try region()
        try close()
        return MaskedRegion(frames: frames, region: region)
    }

    private mutating func verified() throws(Mismatch) -> Verified {
        let accepted =
            has("accepted") ? try list { (scanner) throws(Mismatch) in try scanner.maskedRegion() } : nil
        try key("failed")
        let failed = try codes()
        try key("milliseconds")
        let milliseconds = try integer()
        try key("passed")
        let passed = try list { (scanner) throws(Mismatch) in try scanner.string() }
        let weak = has("weak") ? try list { (scanner) throws(Mismatch) in try scanner.string() } : nil
        return Verified(
            passed: passed, failed: failed, accepted: accepted, weak: weak, milliseconds: milliseconds)
    }

    private mutating func released() throws(Mismatch) -> Released {
        try key("masked")
        let masked = try flag()
        try key("path")
        let path = try string()
        try key("sha256")
        return Released(path: path, sha256: try string(), masked: masked)
    }

    // MARK: - Parts

    private mutating func codes() throws(Mismatch) -> [ReasonCode] {
        try list { (scanner) throws(Mismatch) in ReasonCode(rawValue: try scanner.string()) }
    }

    private mutating func frameNumbers() throws(Mismatch) -> [FrameNumber] {
        try list { (scanner) throws(Mismatch) in
            guard let frame = FrameNumber(try scanner.integer()) else { throw Mismatch() }
            return frame
        }
    }

    private mutating func region() throws(Mismatch) -> PixelRegion {
        try key("height")
        let height = try integer()
        try key("width")
        let width = try integer()
        try key("x")
        let x = try integer()
        try key("y")
        let y = try integer()
        try close()
        return PixelRegion(x: x, y: y, width: width, height: height)
    }
}
