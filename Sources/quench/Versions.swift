import Foundation
import Pipeline
import PixelCodecs
import TextFinding

/// What takes part in a run: versions of software, digests of models.
enum Versions {
    /// - Throws: where a model that is needed is missing.
    static func all() throws -> [String: String] {
        var versions = builtIn()
        for model in TextFinding.languageModels() {
            versions["model:" + model.name] = try RunConfiguration.digest(ofModel: model.path)
        }
        return versions
    }

    /// What needs no model of the machine's.
    static func builtIn() -> [String: String] {
        var versions = ["quench": Version.current]
        versions.merge(PixelCodecs.versions()) { first, _ in first }
        versions.merge(TextFinding.versions()) { first, _ in first }
        versions["model:textnet"] = TextNet.withModelFile { RunConfiguration.digest(ofModel: $0) }
        return versions
    }
}
