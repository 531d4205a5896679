import CTesseract
import DICOMModel
import Glibc

/// What a recogniser made of one line or word.
struct Reading: Hashable {
    var text: String
    /// 0…1.
    var confidence: Double
    /// In pixels of the picture that was read.
    var region: PixelRegion
    /// Whether nothing that looks like ink stands beside what was read.
    var isWhole = true
}

/// One Tesseract engine, LSTM only. Owns the handle; it isn't shared between threads.
final class TesseractReader {
    private let handle: OpaquePointer

    /// - Parameters:
    ///   - dataPath: the folder that holds `<language>.traineddata`.
    init(dataPath: String, languages: [String]) throws {
        for language in languages where access("\(dataPath)/\(language).traineddata", R_OK) != 0 {
            throw TextFindingError(
                .missingModel, "Tesseract's model '\(language)' is not installed",
                hint: "apt-get install tesseract-ocr-\(language)")
        }
        guard let handle = TessBaseAPICreate() else {
            throw TextFindingError(.recogniserFailed, "Tesseract gave no engine")
        }
        let status = TessBaseAPIInit2(handle, dataPath, languages.joined(separator: "+"), OEM_LSTM_ONLY)
        guard status == 0 else {
            TessBaseAPIDelete(handle)
            throw TextFindingError(
                .recogniserFailed, "Tesseract did not start with its models",
                hint: "quench doctor shows which models were found")
        }
        self.handle = handle
        _ = TessBaseAPISetVariable(handle, "debug_file", "/dev/null")
        // It looks for light text on its own, and so doubles the time: it is given dark text only.
        _ = TessBaseAPISetVariable(handle, "tessedit_do_invert", "0")
    }

    deinit {
        TessBaseAPIEnd(handle)
        TessBaseAPIDelete(handle)
    }

    enum Layout {
        case line, rawLine, sparse, block

        var mode: TessPageSegMode {
            switch self {
            case .line: PSM_SINGLE_LINE
            case .rawLine: PSM_RAW_LINE
            case .sparse: PSM_SPARSE_TEXT
            case .block: PSM_AUTO
            }
        }
    }

    /// The words of a picture of dark text on a light ground.
    func words(in image: GrayImage, layout: Layout) -> [[Reading]] {
        TessBaseAPISetPageSegMode(handle, layout.mode)
        // Tesseract copies the pixels before SetImage returns.
        image.pixels.withUnsafeBufferPointer { pixels in
            TessBaseAPISetImage(
                handle, pixels.baseAddress, Int32(image.width), Int32(image.height), 1, Int32(image.width))
        }
        TessBaseAPISetSourceResolution(handle, layout == .line || layout == .rawLine ? 300 : 150)
        defer { TessBaseAPIClear(handle) }
        guard TessBaseAPIRecognize(handle, nil) == 0, let iterator = TessBaseAPIGetIterator(handle) else { return [] }
        defer { TessResultIteratorDelete(iterator) }
        var lines: [[Reading]] = []
        repeat {
            let page = TessResultIteratorGetPageIterator(iterator)
            if TessPageIteratorIsAtBeginningOf(page, RIL_TEXTLINE) != 0 || lines.isEmpty { lines.append([]) }
            guard let word = word(at: iterator, page: page) else { continue }
            lines[lines.count - 1].append(word)
        } while TessResultIteratorNext(iterator, RIL_WORD) != 0
        return lines.filter { !$0.isEmpty }
    }

    private func word(at iterator: OpaquePointer, page: OpaquePointer?) -> Reading? {
        var (left, top, right, bottom): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
        guard TessPageIteratorBoundingBox(page, RIL_WORD, &left, &top, &right, &bottom) != 0,
            let characters = TessResultIteratorGetUTF8Text(iterator, RIL_WORD)
        else { return nil }
        defer { TessDeleteText(characters) }
        let text = String(cString: characters)
        guard text.contains(where: { !$0.isWhitespace }) else { return nil }
        let confidence = Double(TessResultIteratorConfidence(iterator, RIL_WORD)) / 100
        return Reading(
            text: text, confidence: min(max(confidence, 0), 1),
            region: PixelRegion(x: Int(left), y: Int(top), width: Int(right - left), height: Int(bottom - top)))
    }
}
