import DICOMFile
import DICOMModel
import Foundation
import PixelRedaction
import TestSupport
import Testing

/// Real files of many makers, where the development corpus is at hand: masked here, decoded by dcmtk and pydicom.
@Suite(.enabled(if: RealFiles.folder != nil && MatrixRun.isPossible)) struct RealFileTests {
    @Test func `outside nothing changes, inside is black, and the size is within the table or recorded`() throws {
        let files = RealFiles.selection
        let results = try MatrixRun().results(ofFiles: files)
        for (file, result) in zip(files, results) where result.problems != ["not judged"] {
            #expect(result.problems == [], "\(file.lastPathComponent)")
        }
        #expect(results.count { $0.problems.isEmpty } > 150)
        // Flat pictures in which a mask is all there is.
        #expect(results.count { $0.isRecordedAsLarger } <= 8)
    }
}

enum RealFiles {
    static let folder = Corpus.root.map { URL(filePath: $0) }

    /// What tells pixel formats apart.
    private struct Format: Hashable {
        let transferSyntax: TransferSyntax
        let samples: PixelDescription
    }

    /// Up to three images of each format that masks are made for: the smallest, one of middle size, and a large one.
    static let selection: [URL] = {
        guard let folder, let names = FileManager.default.enumerator(atPath: folder.path) else { return [] }
        var found: [Format: [(size: Int, file: URL)]] = [:]
        for name in names.compactMap({ $0 as? String }).sorted() where !name.hasPrefix("broken/") {
            let file = folder.appending(path: name)
            guard let reader = reader(file), reader.numberOfFrames <= 20 else { continue }
            var samples = reader.description
            let size = samples.pixelsPerFrame * reader.numberOfFrames
            guard size <= 600_000, samples.rows >= 16, samples.columns >= 16 else { continue }
            (samples.rows, samples.columns) = (1, 1)
            found[Format(transferSyntax: reader.transferSyntax, samples: samples), default: []].append((size, file))
        }
        return found.values.flatMap { files -> [URL] in
            let sorted = files.sorted { ($0.size, $0.file.path) < ($1.size, $1.file.path) }.map(\.file)
            return Set([0, sorted.count / 2, sorted.count - 1]).map { sorted[$0] }
        }.sorted { $0.path < $1.path }
    }()

    private static func reader(_ file: URL) -> ImageReader? {
        guard let source = try? FileByteSource(path: file.path), let object = try? DICOMObject.read(source) else {
            return nil
        }
        return try? ImageReader(object)
    }
}

extension MatrixRun {
    struct FileResult {
        /// `not judged` where the input is refused here or by the program that decodes it.
        var problems = ["not judged"]
        /// Beyond the table, as the summary says.
        var isRecordedAsLarger = false
    }

    func results(ofFiles files: [URL]) throws -> [FileResult] {
        var requests: [Request] = []
        var places: [Int] = []
        var results = [FileResult](repeating: FileResult(), count: files.count)
        for (index, file) in files.enumerated() {
            do {
                guard let request = try mask(file, number: index, result: &results[index]) else { continue }
                requests.append(request)
                places.append(index)
            } catch is PixelRedactionError {
                // Refused: the pipeline holds such a file.
            } catch {
                results[index].problems = ["\(error)"]
            }
        }
        for (place, judgement) in zip(places, try judge(requests)) {
            let size = results[place].problems.filter { $0 != "not judged" }
            results[place].problems = judgement == ["not judged"] ? judgement : size + judgement
        }
        return results
    }

    /// Nothing where the Pixel Data is as large as the table has it, or where the summary says that it isn't.
    private func sizeProblems(
        _ original: DICOMObject, _ object: DICOMObject, _ summary: PixelRedactionSummary, native: Int
    ) -> [String] {
        let (before, after) = (Self.pixelBytes(original), Self.pixelBytes(object))
        var problems = summary.bytesBefore == before && summary.bytesAfter == after ? [] : ["sizes aren't recorded"]
        if let limit = Self.largestShare(original.transferSyntax) {
            let isLarger = Double(after) > limit * Double(before)
            if isLarger != summary.changes.contains(.maskLargerThanContent) { problems.append("growth isn't recorded") }
        } else if after > max(native, before) {
            problems.append("larger than native")
        }
        return problems
    }

    private func mask(_ file: URL, number: Int, result: inout FileResult) throws -> Request? {
        func path(_ name: String) -> String { folder["real-\(number)-\(name)"] }
        let original = try DICOMObject.read(FileByteSource(path: file.path))
        let reader = try ImageReader(original)
        let size = reader.description
        let frame = FrameNumber(index: reader.numberOfFrames / 2)
        let box = PixelRegion(x: size.columns / 5, y: size.rows / 4, width: size.columns / 3, height: size.rows / 4)
        var object = original
        let summary = try PixelRedactor().redact(&object, regions: [frame: [box]])
        result.isRecordedAsLarger = summary.changes.contains(.maskLargerThanContent)
        result.problems += sizeProblems(original, object, summary, native: size.bytesPerFrame * reader.numberOfFrames)
        var untouched = original
        let own = try PixelRedactor().redact(&untouched, regions: [:])
        try object.write(toPath: path("masked"))
        try untouched.write(toPath: path("untouched"))
        let decoder = Self.decoder(original.transferSyntax)
        if !decoder.isEmpty {
            guard (try? folder.run(decoder + [file.path, path("before")])) != nil else { return nil }
            try folder.run(decoder + [path("masked"), path("after")])
        }
        let hasChangedStreams = own.changes.contains { [.unusedBitsCleared, .streamCommentsRemoved].contains($0) }
        let isCleared = summary.changes.contains(.unusedBitsCleared)
        // As the stream has it: the header may say RGB.
        let decoded = try reader.frame(frame).description.photometricInterpretation
        let isLossyYBR = decoded.isYBR && !original.transferSyntax.isLossless
        let shift = max(0, size.highBit - size.bitsStored + 1)
        return Request(
            before: decoder.isEmpty ? file.path : path("before"),
            after: decoder.isEmpty ? path("masked") : path("after"), original: file.path, masked: path("masked"),
            untouched: hasChangedStreams ? file.path : path("untouched"),
            regions: [
                String(frame.index): (summary.masked[frame] ?? []).map { [$0.x, $0.y, $0.width, $0.height] }
            ],
            fill: [], tolerance: original.transferSyntax.isLossless ? 0 : 2,
            ring: isLossyYBR ? 2 : 0,
            bits: isCleared || hasChangedStreams ? (1 << size.bitsStored - 1) << shift : 0,
            syntax: summary.transferSyntax.uid.value,
            term: isLossyYBR && !size.photometricInterpretation.isYBR && !decoder.isEmpty ? decoded.term : "")
    }

    private static func decoder(_ syntax: TransferSyntax) -> [String] {
        switch syntax.codec {
        case .native: syntax.isBigEndian ? ["dcmconv", "+te"] : []
        case .rle: ["dcmdrle"]
        case .jpegBaseline, .jpegExtended: ["dcmdjpeg", "+cn", "+px"]
        case .jpegLossless, .jpegLosslessSV1: ["dcmdjpeg", "+cn"]
        case .jpegLSLossless, .jpegLSNearLossless: ["dcmdjpls"]
        default: []
        }
    }
}
