import ArgumentParser
import Pipeline
import PixelCodecs
import TextFinding

/// Says what is here, what is missing, and how to get it.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Versions of everything that takes part; what is missing and how to get it.")

    @Flag(help: "Print as JSON on standard output.")
    var json = false

    func run() throws {
        let findings = Doctor.examine(workerCommand: RunOptions.workerCommand)
        if json {
            Console.printJSON(findings)
        } else {
            let width = findings.versions.keys.map(\.count).max() ?? 0
            for (name, version) in findings.versions.sorted(by: { $0.key < $1.key }) {
                Console.write(name + String(repeating: " ", count: width + 2 - name.count) + version)
            }
            for problem in findings.problems { Console.write("problem: " + problem) }
            if findings.problems.isEmpty { Console.write("Everything that is needed is here.") }
        }
        if !findings.problems.isEmpty { throw ExitStatus.failure }
    }
}

/// What `quench doctor` found.
struct Doctor: Encodable {
    var versions: [String: String]
    var problems: [String]

    static func examine(workerCommand: [String]) -> Doctor {
        var versions = Versions.builtIn()
        var problems: [String] = []
        let models = TextFinding.languageModels()
        if models.isEmpty {
            problems.append("Tesseract's model for English is missing: apt-get install tesseract-ocr-eng")
        }
        for model in models {
            versions["model:" + model.name] = try? RunConfiguration.digest(ofModel: model.path)
        }
        if let problem = WorkerCheck.problem(command: workerCommand) { problems.append(problem) }
        return Doctor(versions: versions, problems: problems)
    }
}
