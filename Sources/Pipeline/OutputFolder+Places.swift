import Foundation
import Glibc
import Ledger

extension OutputFolder {
    /// Whether something has this path; a link counts whatever it leads to.
    static func exists(_ path: String) -> Bool { mode(of: path) != nil }

    /// Whether it is a folder, and no link to one.
    static func isFolderItself(_ path: String) -> Bool { mode(of: path).map { $0 & S_IFMT == S_IFDIR } ?? false }

    /// What of the output's own files and folders is a link, or open to others though it shows originals, accounts or
    /// who did what.
    func placeProblems() -> [VerifyRun.Problem] {
        let places: [(item: String, path: String, isSecret: Bool)] = [
            ("ledger.sqlite", ledgerPath, true), ("released/", releasedPath, false), ("report/", reportPath, false),
            ("quarantine/", quarantinePath, true), ("review/", reviewPath, true), ("file-set/", fileSetPath, false),
        ]
        return places.flatMap { place -> [VerifyRun.Problem] in
            guard let mode = Self.mode(of: place.path) else { return [] }
            if mode & S_IFMT == S_IFLNK {
                return [.init(item: place.item, what: "is a link: put back what it stands for")]
            }
            guard place.isSecret, mode & 0o077 != 0 else { return [] }
            return [.init(item: place.item, what: "is open to others than its owner: run `chmod go=` on it")]
        }
    }

    /// What lies at the top of the output and isn't Quench's; its name may be anything, and isn't repeated.
    func topProblems() -> [VerifyRun.Problem] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        let folders: Set = ["released", "quarantine", "report", "review", "file-set"]
        let files: Set = ["ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm", "ledger.lock"]
        return names.compactMap { name in
            let place = path + "/" + name
            let isOwn =
                folders.contains(name) && Self.isFolderItself(place)
                || files.contains(name) && InputFiles.isFileItself(place)
            // `placeProblems` tells links in the place of these.
            let isTold = (folders.contains(name) || name == "ledger.sqlite") && Self.isLink(place)
            guard !isOwn, !isTold else { return nil }
            guard name == "work", Self.isFolderItself(place) else {
                return .init(
                    item: "output",
                    what: "holds something besides ledger.*, \(folders.sorted().joined(separator: ", ")): remove it")
            }
            guard !Ledger.isInUse(path: ledgerPath) else { return nil }
            return .init(item: "work/", what: "was left by a run that was killed; the next run or act removes it")
        }
    }

    private static func isLink(_ path: String) -> Bool { mode(of: path).map { $0 & S_IFMT == S_IFLNK } ?? false }

    private static func mode(of path: String) -> mode_t? {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode : nil
    }
}
