import DICOMFile
import DICOMModel
import HeaderDeidentification
import Ledger
import PHIClassification
import PixelRedaction
import TextFinding

extension WorkerTasks {
    /// Reads the written file afresh and tries to prove it wrong.
    func verify(_ request: VerificationRequest) throws -> VerifiedFile {
        let clock = ContinuousClock()
        let start = clock.now
        let original = try read(request.path)
        let written = try read(request.destination)
        var verified = Verified(passed: [], failed: [], milliseconds: 0)
        func note(_ check: String, _ failure: ReasonCode, _ hasPassed: Bool) {
            if hasPassed { verified.passed.append(check) } else { verified.failed.append(failure) }
        }
        var remaining: [Finding] = []
        var hasCompany = false
        if ImageReader.hasPixels(original) {
            let syntax = TransferSyntax(uid: UID(request.transferSyntaxUID))
            let failures = try PixelComparison(transferSyntax: syntax).compare(
                original: original, redacted: written, masked: Self.byFrame(request.regions)
            ).failures
            let isFilled = failures.allSatisfy { $0.code != .insideNotFilled }
            note("inside-fill", "verification-fill", isFilled)
            hasCompany = failures.contains { $0.code == .besidePicture }
            let isSameOutside = failures.allSatisfy { [.insideNotFilled, .besidePicture].contains($0.code) }
            note("outside-identical", "verification-outside-changed", isSameOutside)
        }
        if Self.isSeen(written) {
            remaining = try textLeft(in: written, identifiedBy: original)
            note("text-again", "verification-text-remains", remaining.isEmpty)
        }
        note("overlays", "verification-outside-changed", Self.hasOnlyOverlays(of: original, in: written))
        note(
            "unseen-pictures", "verification-unseen-picture",
            !hasCompany && !ImageReader.hasUnseenPicture(written.dataSet))
        note("file-meta", "verification-unreadable", Self.hasTrueFileMeta(written))
        note("encoding", "verification-unreadable", Self.isSound(written))
        let residuals = try sweep(of: original).residuals(in: written)
        let isSwept = residuals.allSatisfy { !$0.isBlocking }
        note("residual-header", "verification-identifier-remains", isSwept)
        if !isSwept, plan.isScriptOnly { verified.failed.append("script-left-identifier") }
        let weak = Set(residuals.filter { !$0.isBlocking }.map(\.briefly)).sorted()
        if !weak.isEmpty { verified.weak = weak }
        verified.milliseconds = Int((clock.now - start) / .milliseconds(1))
        return VerifiedFile(
            verified: verified, remaining: remaining,
            attributes: retained.list(of: written.dataSet, from: original.dataSet))
    }

    /// Text in a written object that policy would mask, seen with other renderings than the first time.
    private func textLeft(in written: DICOMObject, identifiedBy original: DICOMObject) throws -> [Finding] {
        let classifier = TextClassifier(
            identifiers: HeaderIdentifiers(original), minimumConfidence: configuration.safeTextConfidence)
        let finder = try finder(forSeries: "verification:" + (written.dataSet.string(.seriesInstanceUID) ?? ""))
        // Whoever verifies the file once more finds the same.
        finder.forgetFrames()
        var search = TextSearch(finder: finder, classifier: classifier, pass: .verification)
        _ = try search.examine(written)
        return search.findings.filter { configuration.maskedCategories.contains($0.category) }
    }

    /// Whether there is anything to look at: frames, or Overlay Planes of an object without any.
    private static func isSeen(_ object: DICOMObject) -> Bool {
        ImageReader.hasPixels(object) || object.dataSet.elements.contains { $0.tag.isOverlay }
    }

    /// Overlay Data that is kept is the original's, bit for bit.
    private static func hasOnlyOverlays(of original: DICOMObject, in written: DICOMObject) -> Bool {
        written.dataSet.elements.filter { $0.tag.isOverlay && $0.tag.element == Tag.overlayData.element }.allSatisfy {
            (try? written.dataSet.bytes($0.tag)) == (try? original.dataSet.bytes($0.tag))
        }
    }

    /// File Meta Information that names the object inside and how it is encoded.
    private static func hasTrueFileMeta(_ object: DICOMObject) -> Bool {
        object.fileMeta.string(.transferSyntaxUID) == object.transferSyntax.uid.value
            && object.fileMeta.string(.mediaStorageSOPInstanceUID) == object.dataSet.string(.sopInstanceUID)
            && object.dataSet.string(.patientIdentityRemoved) == "YES"
    }

    /// Nothing in the file that another reader may stumble over, though ours got past it: what was odd in the input
    /// and was kept byte for byte would be odd in the archive.
    private static func isSound(_ object: DICOMObject) -> Bool {
        let harmless: Set<ParseWarning.Code> = [.unknownTransferSyntax, .sequenceInUnknownVR, .oddDelimiter]
        guard object.warnings.allSatisfy({ harmless.contains($0.code) }) else { return false }
        guard case .fragments(let pixels) = object.dataSet[.pixelData]?.value else { return true }
        return pixels.fragments.allSatisfy { $0.count.isMultiple(of: 2) }
    }

    /// The second look at a released file, without its original: reasons why it should not have been released.
    func reexamine(_ path: String, accepting accepted: AcceptedText) throws -> [ReasonCode] {
        let object = try read(path)
        var reasons: Set<ReasonCode> = []
        if !Self.hasTrueFileMeta(object) { reasons.insert("verification-unreadable") }
        if try ImageReader.hasUnseenPicture(object.dataSet) || ImageReader.hasCompany(object) {
            reasons.insert("verification-unseen-picture")
        }
        if accepted != .everything, Self.isSeen(object),
            try !textLeft(in: object, identifiedBy: object).allSatisfy(accepted.allows)
        {
            reasons.insert("verification-text-remains")
        }
        return reasons.sorted()
    }
}
