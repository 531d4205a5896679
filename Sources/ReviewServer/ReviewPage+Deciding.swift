import Foundation
import HeaderDeidentification
import Ledger
import Pipeline

/// What a reviewer wants, as the page sends it.
struct DecisionRequest: Decodable {
    enum Action: String, Decodable {
        case takeUp = "take-up"
        case release
        /// Masked, and a second person is to confirm it.
        case propose
        case releaseAsIs = "release-as-it-is"
        case reject
        case sendBack = "send-back"
        case rescan
        /// The originals of what was decided.
        case delete
    }

    /// Boxes and switched-off regions, in the words of the command line.
    struct Plan: Decodable {
        var masks: [String]
        var without: [String]

        func treatment() throws -> Quarantine.Treatment {
            let boxes = masks.compactMap { Quarantine.Box($0) }
            guard boxes.count == masks.count, boxes.count <= 1000, without.count <= 10_000 else {
                throw ReviewPage.Refusal(status: 400, message: "a region can't be read")
            }
            return .masked(Set(boxes), without: Set(without.map(RegionID.init(rawValue:))))
        }
    }

    /// A Series, or one instance.
    var name: String
    var action: Action
    var reason: String
    var plan: Plan?
    /// For single instances instead, by their ids.
    var exceptions: [String: Plan]?
    /// Whether all other held Series of the same device and size are meant as well.
    var alike: Bool?
    /// Whether originals are deleted at once.
    var delete: Bool?
}

extension ReviewPage {
    private struct Started: Encodable {
        var job: String
    }

    private struct Named: Decodable {
        var name: String
    }

    func decide(_ request: PageRequest, _ session: Session) throws -> PageResponse {
        let decision = try Self.decoded(DecisionRequest.self, request)
        let reason = try ReviewReason(decision.reason)
        let ids = try instances(of: decision.name)
        let act = try act(decision, session.reviewer, reason)
        return try start(session) {
            let results = try act()
            // What was decided needs no open original any more.
            if decision.action != .takeUp { for id in ids { self.viewing.close(id) } }
            return Jobs.Status(state: .done, results: results)
        }
    }

    /// Who it really is. Recorded, and told once.
    func identify(_ request: PageRequest, _ session: Session) throws -> PageResponse {
        let name = try Self.decoded(Named.self, request).name
        _ = try instances(of: name)
        return try start(session) {
            let found = try self.quarantine.identities(of: name, by: session.reviewer)
            return Jobs.Status(
                state: .done,
                identities: found.links.map { link in
                    Dictionary(zip(LinkRecord.columns, link.values), uniquingKeysWith: { first, _ in first })
                }, unidentified: found.unknown)
        }
    }

    func job(_ name: String, _ session: Session) throws -> PageResponse? {
        try jobs.status(name, of: session.label).map { try .json($0) }
    }

    func start(_ session: Session, _ body: @escaping @Sendable () throws -> Jobs.Status) throws -> PageResponse {
        let job = jobs.start(by: session.label) {
            defer {
                self.reports.want()
                // Ready before somebody asks for it.
                _ = try? self.workList()
            }
            return try body()
        }
        return try .json(Started(job: job), status: 202)
    }

    /// The instances of a name, which must be whole.
    private func instances(of name: String) throws -> [InstanceID] {
        let instances = try index.read { held -> [InstanceID]? in
            for series in held.series {
                if series.name == name { return series.instances.map { InstanceID(rawValue: $0.id) } }
                if series.instances.contains(where: { $0.id == name }) { return [InstanceID(rawValue: name)] }
            }
            return nil
        }
        guard let instances else { throw Refusal(status: 404, message: "nothing that is held has this name") }
        return instances
    }

    private func act(
        _ decision: DecisionRequest, _ reviewer: Reviewer, _ reason: ReviewReason
    ) throws -> @Sendable () throws -> [Quarantine.Result] {
        let (name, quarantine, delete) = (decision.name, quarantine, decision.delete ?? false)
        switch decision.action {
        case .takeUp:
            return {
                try quarantine.takeUp(name, by: reviewer, because: reason)
                return []
            }
        case .rescan:
            return {
                try quarantine.rescan(name, by: reviewer, because: reason)
                return []
            }
        case .reject:
            return {
                try quarantine.reject(name, by: reviewer, because: reason, deletingOriginals: delete)
                return []
            }
        case .sendBack:
            return {
                try quarantine.sendBack(name, by: reviewer, because: reason, deletingOriginals: delete)
                return []
            }
        case .delete:
            return {
                _ = try quarantine.delete(name, by: reviewer, because: reason)
                return []
            }
        case .releaseAsIs:
            let alike = decision.alike ?? false
            return { try quarantine.release(name, .asItIs, alike: alike, by: reviewer, because: reason) }
        case .release, .propose:
            let treatment = try decision.plan?.treatment() ?? .masked([])
            let exceptions = try (decision.exceptions ?? [:]).mapValues { try $0.treatment() }
            let (alike, isProposal) = (decision.alike ?? false, decision.action == .propose)
            return {
                try quarantine.release(
                    name, treatment, except: exceptions, alike: alike, proposing: isProposal, by: reviewer,
                    because: reason)
            }
        }
    }
}
