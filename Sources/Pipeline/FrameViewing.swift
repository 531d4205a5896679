import DICOMModel
import Foundation
import Glibc
public import Ledger
import Synchronization

/// Frames of held originals and of released files, for people to look at. Workers decode them; of originals a few stay open
/// for a while in files without a name.
///
/// Nothing is recorded here: see `ReviewLog`.
public final class FrameViewing: Sendable {
    /// How many files stay open, and for how long without a look.
    private static let mostOpen = 4
    private static let longestIdle = Duration.seconds(300)

    private let output: OutputFolder
    private let configuration: RunConfiguration
    private let temporaryFolder: String
    private let opened = Mutex<[String: OpenedImage]>([:])

    /// - Throws: `PipelineError` where the folder is no output.
    public init(folder: String, configuration: RunConfiguration) throws {
        output = try OutputFolder(existing: folder)
        self.configuration = configuration
        temporaryFolder = try TemporaryFolder.make()
    }

    deinit {
        try? FileManager.default.removeItem(atPath: temporaryFolder)
    }

    /// Frames of an instance, from `first` on.
    ///
    /// - Throws: `PipelineError` with code `.review` where there is nothing to look at, `.key` and `.integrity` as sealed files
    ///   do, `.worker` where the frames can't be decoded; its message then is the reason's code.
    public func frames(
        _ frames: ClosedRange<Int>, of record: InstanceRecord, _ picture: Viewed.Picture
    ) throws -> ViewedFrames {
        closeIdle()
        return try image(of: record, picture).frames(frames)
    }

    /// Closes what nobody looked at lately.
    public func closeIdle() {
        let now = ContinuousClock.now
        opened.withLock { images in images = images.filter { now - $0.value.lastLook < Self.longestIdle } }
    }

    /// Closes an instance at once, as when it is decided.
    public func close(_ id: InstanceID) {
        opened.withLock { images in
            for picture in Viewed.Picture.allCases { images[Self.name(of: id, picture)] = nil }
        }
    }

    private static func name(of id: InstanceID, _ picture: Viewed.Picture) -> String {
        "\(picture.rawValue)/\(id.rawValue)"
    }

    private func image(of record: InstanceRecord, _ picture: Viewed.Picture) throws -> OpenedImage {
        let name = Self.name(of: record.id, picture)
        if let image = opened.withLock({ $0[name] }) { return image }
        let image = try open(record, picture)
        return opened.withLock { images in
            if let other = images[name] { return other }
            if images.count >= Self.mostOpen, let oldest = images.min(by: { $0.value.lastLook < $1.value.lastLook }) {
                images[oldest.key] = nil
            }
            images[name] = image
            return image
        }
    }

    private func open(_ record: InstanceRecord, _ picture: Viewed.Picture) throws -> OpenedImage {
        let token = UUID().uuidString
        let pool = configuration.pool(temporaryFolder: temporaryFolder)
        let folder = temporaryFolder + "/" + token
        let worker = pool.worker(temporaryFolder: folder)
        switch picture {
        case .original:
            guard record.reviewState != nil, !record.originalIsDeleted else { throw Self.nothing }
            let original = try OpenedOriginal(of: record.id, in: output, key: configuration.quarantineKey)
            return OpenedImage(path: original.path, original: original, token: token, folder: folder, worker: worker)
        case .released:
            guard let released = record.released, OutputFolder.isReleasedPath(released.path) else { throw Self.nothing }
            return OpenedImage(
                path: output.path + "/" + released.path, original: nil, token: token, folder: folder, worker: worker)
        }
    }

    private static let nothing = PipelineError(.review, "there is no picture of it", hint: "it may have been deleted")
}

/// A file that is being looked at, with the worker that decodes it.
private final class OpenedImage: Sendable {
    private let path: String
    /// Keeps the file that the path names.
    private let original: OpenedOriginal?
    private let token: String
    /// The worker's, and gone with it.
    private let folder: String
    private let worker: Mutex<WorkerProcess>
    private let look = Mutex(ContinuousClock.now)

    init(path: String, original: OpenedOriginal?, token: String, folder: String, worker: sending WorkerProcess) {
        self.path = path
        self.original = original
        self.token = token
        self.folder = folder
        self.worker = Mutex(worker)
    }

    deinit {
        worker.withLock { $0.stop() }
        try? FileManager.default.removeItem(atPath: folder)
    }

    var lastLook: ContinuousClock.Instant { look.withLock { $0 } }

    func frames(_ frames: ClosedRange<Int>) throws -> ViewedFrames {
        look.withLock { $0 = ContinuousClock.now }
        let request = ViewRequest(
            path: path, token: token, firstFrame: frames.lowerBound, lastFrame: frames.upperBound)
        let answer = worker.withLock { worker -> Swift.Result<WorkerResponse, WorkerFailure> in
            do throws(WorkerFailure) {
                return .success(try worker.perform(.view(request), frames: frames.count))
            } catch {
                return .failure(error)
            }
        }
        switch answer {
        case .success(.viewed(let frames)): return frames
        case .success(.failed(let reason)): throw Self.undecodable(reason)
        case .success: throw Self.undecodable("worker-crashed")
        case .failure(let failure):
            try Assessment.stop(failure)
            throw Self.undecodable(failure.reason ?? "worker-crashed")
        }
    }

    private static func undecodable(_ reason: ReasonCode) -> PipelineError { PipelineError(.worker, reason.rawValue) }
}
