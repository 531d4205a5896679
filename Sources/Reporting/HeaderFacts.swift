internal import Ledger

/// What is left in the headers of all that was released, as counts: Attributes from the originals by the rule that let them
/// stay, and short or common words that the sweep met without blocking.
struct HeaderFacts {
    struct Attribute: Hashable {
        /// `(0008,1140)/(0008,1155)`
        let path: String
        let keyword: String
        let rule: String
        /// Released instances in which a value is as it was, and in which one is another.
        var kept = 0
        var changed = 0
    }

    struct WeakHit: Hashable {
        let kind: String
        let path: String
        let vr: String
        var instances = 0

        /// Of `person-name (0018,1030) LO`.
        init?(_ text: String) {
            let words = text.split(separator: " ").map(String.init)
            guard (2...3).contains(words.count) else { return nil }
            kind = words[0]
            path = words[1]
            vr = words.count > 2 ? words[2] : ""
        }
    }

    /// By rule, then by path.
    private(set) var attributes: [Attribute] = []
    /// By kind, then by path.
    private(set) var weakHits: [WeakHit] = []
    /// Released instances of which there is no list: of before there were such.
    private(set) var unlisted = 0
    private(set) var released = 0

    /// - Parameter list: the Attributes of the list of that SHA-256; nil where there is none.
    init(_ instances: [InstanceFacts], list: (String) throws -> [RetainedAttribute]?) rethrows {
        var counts: [String: Int] = [:]
        var hits: [String: Int] = [:]
        for facts in instances where facts.record.released != nil {
            released += 1
            if let name = facts.record.redacted?.attributes { counts[name, default: 0] += 1 } else { unlisted += 1 }
            for hit in facts.record.verified?.weak ?? [] { hits[hit, default: 0] += 1 }
        }
        var found: [[String]: Attribute] = [:]
        for (name, count) in counts {
            guard let attributes = try list(name) else {
                unlisted += count
                continue
            }
            for attribute in attributes {
                let key = [attribute.rule, attribute.path]
                var sum =
                    found[key]
                    ?? Attribute(
                        path: attribute.path, keyword: attribute.keyword, rule: attribute.rule)
                if attribute.isChanged { sum.changed += count } else { sum.kept += count }
                found[key] = sum
            }
        }
        attributes = found.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
        weakHits = hits.sorted { $0.key < $1.key }.compactMap { text, count in
            guard var hit = WeakHit(text) else { return nil }
            hit.instances = count
            return hit
        }
    }
}

extension Report {
    /// The columns of `attributes.csv`, in order: a row for each Attribute and rule.
    public static let attributeColumns = ["attribute", "keyword", "rule", "kept", "changed"]

    func writeAttributes(to file: AtomicFile) throws {
        var csv = CSVText()
        csv.line(Self.attributeColumns)
        for attribute in content.header.attributes {
            csv.line([
                attribute.path, attribute.keyword, attribute.rule, String(attribute.kept), String(attribute.changed),
            ])
        }
        try file.append(csv.bytes)
        try file.finish()
    }

    func writeHeader(to json: inout JSONText) {
        json.key("header")
        json.object { json in
            json.member("instances", content.header.released)
            json.member("unlisted", content.header.unlisted)
            json.key("attributes")
            json.array { json in
                for attribute in content.header.attributes {
                    json.lineBreak()
                    json.object { json in
                        json.member("attribute", attribute.path)
                        json.member("keyword", attribute.keyword)
                        json.member("rule", attribute.rule)
                        json.member("kept", attribute.kept)
                        json.member("changed", attribute.changed)
                    }
                }
            }
            json.key("weakHits")
            json.array { json in
                for hit in content.header.weakHits {
                    json.lineBreak()
                    json.object { json in
                        json.member("kind", hit.kind)
                        json.member("attribute", hit.path)
                        json.member("vr", hit.vr)
                        json.member("instances", hit.instances)
                    }
                }
            }
        }
    }
}
