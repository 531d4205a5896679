import DICOMFile
import DICOMModel
import HeaderDeidentification
import Ledger

/// Lists what a written header has from its original, by laying both beside each other. It goes by what is in the files, not
/// by what the profile says it did; of the profile it has the names of the rules. Remembers names from file to file.
struct RetainedHeader {
    /// Nil where scripts do the profile's work.
    private let rules: ProfileRule?
    private let profile: DeidentificationProfile
    private var places: [Key: Int] = [:]
    private var known: [Place] = [Place(path: "", sequences: [], isCleaned: false)]
    private var names: [Name: String] = [:]
    /// Lists that were made: most instances of a Series have the same.
    private var lists: [Set<Found>: String] = [:]

    private struct Key: Hashable {
        let parent: Int
        let tag: Tag
    }

    /// Where elements stand, whatever the item.
    private struct Place {
        let path: String
        /// The element's own tag last.
        let sequences: [Tag]
        let isCleaned: Bool
    }

    private struct Name: Hashable {
        let place: Int
        let vr: VR
    }

    /// What is to be a line.
    private struct Found: Hashable {
        let place: Int
        let name: String
        let isChanged: Bool
    }

    /// Values longer than this are compared by their length.
    private static let longest = 1 << 16
    /// Places that are remembered; no real header has so many.
    private static let most = 20_000

    init(profile: DeidentificationProfile, isScriptOnly: Bool) {
        self.profile = profile
        rules = isScriptOnly ? nil : ProfileRule(profile: profile)
    }

    /// Sorted lines, each once (`RetainedAttribute.line`).
    mutating func list(of written: DataSet, from original: DataSet) -> String {
        if known.count > Self.most { self = RetainedHeader(profile: profile, isScriptOnly: rules == nil) }
        var values: [Int: Set<Int>] = [:]
        visit(original, in: 0) { _, place, element, _ in
            values[place, default: []].insert(Self.digest(of: element))
        }
        var found: Set<Found> = []
        visit(written, in: 0) { header, place, element, dataSet in
            guard let originals = values[place], !element.isEmpty else { return }
            let name = header.name(of: element, at: place, in: dataSet)
            found.insert(
                Found(place: place, name: name, isChanged: !originals.contains(Self.digest(of: element))))
        }
        if let list = lists[found] { return list }
        let list = found.map { line($0).line }.sorted().joined(separator: "\n")
        if lists.count >= 64 { lists = [:] }
        lists[found] = list
        return list
    }

    private func line(_ found: Found) -> RetainedAttribute {
        let place = known[found.place]
        let keyword = place.sequences.last.flatMap(DataDictionary.keyword) ?? ""
        return RetainedAttribute(path: place.path, keyword: keyword, rule: found.name, isChanged: found.isChanged)
    }

    /// Everything but sequences, which are what is in them, and Pixel Data, which is no header.
    private mutating func visit(
        _ dataSet: DataSet, in parent: Int, _ body: (inout RetainedHeader, Int, DataElement, DataSet) -> Void
    ) {
        for element in dataSet.elements where !element.tag.isGroupLength && !Tag.pixelDataKinds.contains(element.tag) {
            let place = place(of: element.tag, in: parent)
            if let items = element.items {
                for item in items { visit(item, in: place, body) }
            } else {
                body(&self, place, element, dataSet)
            }
        }
    }

    private mutating func place(of tag: Tag, in parent: Int) -> Int {
        let key = Key(parent: parent, tag: tag)
        if let place = places[key] { return place }
        let outer = known[parent]
        // A tree of content items is as deep as it likes.
        if outer.sequences.last == tag { return parent }
        let path = outer.path.isEmpty ? tag.description : "\(outer.path)/\(tag)"
        let isCleaned = outer.isCleaned || (!tag.isPrivate && profile.action(for: tag) == .clean)
        known.append(Place(path: path, sequences: outer.sequences + [tag], isCleaned: isCleaned))
        places[key] = known.count - 1
        return known.count - 1
    }

    private mutating func name(of element: DataElement, at place: Int, in dataSet: DataSet) -> String {
        guard let rules else { return "scripts" }
        let sequences = Array(known[place].sequences.dropLast())
        // By the concept of the item.
        guard !known[place].isCleaned else { return rules.name(of: element, in: dataSet, inside: sequences) }
        let key = Name(place: place, vr: element.vr)
        if let name = names[key] { return name }
        let name = rules.name(of: element, in: dataSet, inside: sequences)
        names[key] = name
        return name
    }

    private static func digest(of element: DataElement) -> Int {
        guard case .bytes(let value) = element.value else { return 0 }
        guard value.count <= longest, let bytes = try? value.loaded ?? value.load()[...] else { return value.count }
        var hasher = Hasher()
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
        return hasher.finalize()
    }
}
