import CLeptonica
import CTesseract
import Glibc

/// Versions of the network and the libraries that find and read text, by name. A network that can't be used has none.
public func versions() -> [String: String] {
    var versions = ["Tesseract": String(cString: TessVersion())]
    versions["TextNet"] = (try? TextNet())?.version
    if let name = getLeptonicaVersion() {
        // "leptonica-1.82.0"
        versions["Leptonica"] = String(String(cString: name).drop { !$0.isNumber })
        lept_free(name)
    }
    return versions
}

/// A model file that recognition reads.
public struct LanguageModel: Hashable, Sendable {
    /// `eng`.
    public let name: String
    public let path: String
}

/// The models that are there for `languages`, by name; those missing are left out.
public func languageModels(dataPath: String? = nil, languages: [String] = ["eng"]) -> [LanguageModel] {
    guard let folder = modelFolder(dataPath, languages: languages) else { return [] }
    return languages.compactMap { language in
        let path = "\(folder)/\(language).traineddata"
        return access(path, R_OK) == 0 ? LanguageModel(name: language, path: path) : nil
    }
}

/// The given folder, else the first usual one that holds the first language.
func modelFolder(_ dataPath: String?, languages: [String]) -> String? {
    if let dataPath { return dataPath }
    var folders: [String] = []
    if let prefix = getenv("TESSDATA_PREFIX") {
        let path = String(cString: prefix)
        folders += [path, path + "/tessdata"]
    }
    folders += [
        "/usr/share/tesseract-ocr/5/tessdata", "/usr/share/tesseract-ocr/4.00/tessdata", "/usr/share/tessdata",
        "/usr/local/share/tessdata", "/opt/homebrew/share/tessdata",
    ]
    return folders.first { access("\($0)/\(languages.first ?? "eng").traineddata", R_OK) == 0 }
}
