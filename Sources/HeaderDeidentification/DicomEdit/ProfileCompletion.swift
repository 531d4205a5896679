import DICOMFile
import DICOMModel

extension ProfileGap {
    /// Statements that, put at the end of the script, close the gap: what the Basic Profile asks for, in its weakest form
    /// that every IOD accepts, at every level, and only where the Attribute is there. Empty where there is no gap.
    ///
    /// It wants `version "6.5"` or later, for wildcards before `?=`.
    public var completion: String {
        var lines: [String] = []
        let open = rows.filter { $0.root != .always || $0.nested != .always }
        let sequences = Set(open.filter(\.isSequence).map(\.attribute))
        let uids = open.filter { $0.action == .newUID && !sequences.contains($0.attribute) }
        lines += section("UIDs: replaced, consistently", uids.isEmpty ? [] : Self.hashList(uids))
        lines += section(
            "Emptied or given a dummy, since some IOD wants them there",
            open.filter { !$0.isRemoved && $0.action != .newUID }.map { "\($0.path) ?= \"\($0.dummy)\"" })
        lines += section("Removed", open.filter(\.isRemoved).map { "- \($0.path)" })
        if privateElements != .always { lines += section("Private elements", ["removeAllPrivateTags"]) }
        let markers = Self.markers(options).filter { marker in
            missingMarkers.contains { $0.hasPrefix(marker.tag.description) }
        }
        lines += section("What was done (PS3.15 E.1.1)", markers.map { "\($0.tag) := \"\($0.value)\"" })
        return lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n"
    }

    private func section(_ title: String, _ lines: [String]) -> [String] {
        lines.isEmpty ? [] : ["", "// \(title)"] + lines
    }

    /// Several to a line, within 120 columns.
    private static func hashList(_ rows: [Row]) -> [String] {
        let paths = rows.map(\.path)
        return stride(from: 0, to: paths.count, by: 6).map { start in
            "hashUIDList[\(paths[start..<min(start + 6, paths.count)].joined(separator: ", "))]"
        }
    }
}

extension ProfileGap.Row {
    /// Below the root only where the root is taken care of.
    fileprivate var path: String {
        let tag = attribute.replacing("xx", with: "X@")
        return root == .always ? "+/\(tag)" : nested == .always ? tag : "*/\(tag)"
    }

    private var vr: VR { tags.first.map { DataDictionary.vr($0) } ?? .un }
    fileprivate var isSequence: Bool { vr == .sq }

    /// `?=` leaves sequences as they are, so that they can only go whole.
    fileprivate var isRemoved: Bool { isSequence || action == .remove }

    /// What code D or Z puts there.
    fileprivate var dummy: String {
        guard [.dummy, .emptyOrDummy, .removeOrDummy, .removeOrEmptyOrDummy].contains(action) else { return "" }
        switch vr {
        case .da: return DummyValue.date
        case .tm: return DummyValue.time
        case .dt: return DummyValue.dateTime
        case .as: return DummyValue.age
        case .pn: return DummyValue.personName
        case .ds, .is, .us, .ss, .ul, .sl, .uv, .sv, .fl, .fd: return "0"
        case .ae, .cs, .lo, .sh, .lt, .st, .uc, .ut: return DummyValue.text
        case .ur: return DummyValue.url
        default: return ""
        }
    }
}
