import Foundation
import Glibc

/// The files that the user named: each path, and every file at any depth of a folder, in a stable order.
struct InputFiles {
    /// Absolute paths, sorted, each once.
    let paths: [String]
    /// Absolute, without symbolic links: the folders and files that were named.
    let roots: [String]

    /// - Throws: `PipelineError` with code `.input` for a path that doesn't exist or can't be read.
    init(_ arguments: [String]) throws {
        var found: Set<String> = []
        var roots: [String] = []
        for argument in arguments {
            guard let root = Self.resolved(argument) else {
                throw PipelineError(.input, "there is no `\(argument)`", hint: "check the path, and quote blanks")
            }
            roots.append(root)
            guard Self.isFolder(root) else {
                found.insert(root)
                continue
            }
            try Self.walk(root, into: &found)
        }
        paths = found.sorted()
        self.roots = roots
    }

    /// Symbolic links inside a folder are followed to files, never to folders, so that no loop can arise; what a link
    /// points to is counted once.
    private static func walk(_ folder: String, into found: inout Set<String>) throws {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            throw PipelineError(
                .input, "a folder below the input can't be listed",
                hint: "run as a user who may read all of the input; nothing was left out silently")
        }
        for name in names.sorted() {
            let path = folder + "/" + name
            var status = stat()
            guard lstat(path, &status) == 0 else { continue }
            switch status.st_mode & S_IFMT {
            case S_IFDIR: try walk(path, into: &found)
            case S_IFREG: found.insert(path)
            case S_IFLNK:
                if let target = resolved(path), !isFolder(target) { found.insert(target) }
            default: continue
            }
        }
    }

    static func resolved(_ path: String) -> String? {
        guard let pointer = realpath(path, nil) else { return nil }
        defer { free(pointer) }
        return String(cString: pointer)
    }

    /// Whether a file lies there itself, not a link to one that may lie anywhere.
    static func isFileItself(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
