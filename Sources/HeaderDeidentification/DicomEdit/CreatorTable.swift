import DICOMFile
import DICOMModel

/// The Private Creators of one Data Set or item: which block belongs to whom (PS3.5 7.8.1).
struct CreatorTable {
    /// By the creator element's tag; of two with one tag the first.
    private var names: [Tag: String] = [:]

    init(_ dataSet: DataSet) {
        for element in dataSet.elements where element.tag.isPrivateCreator {
            guard names[element.tag] == nil else { continue }
            // Whole: one of several values is nobody's name.
            names[element.tag] = dataSet.text(element)
        }
    }

    func creator(of tag: Tag) -> String? {
        tag.privateCreator.flatMap { names[$0] }
    }

    /// The first creator element in `group` that has this name.
    func block(in group: UInt16, of name: String) -> Tag? {
        names.filter { $0.key.group == group && $0.value == name }.keys.min()
    }

    /// The first block that nobody has reserved.
    func freeBlock(in group: UInt16, of dataSet: DataSet) -> Tag? {
        let used = Set(
            dataSet.elements.filter { $0.tag.group == group && $0.tag.element >= 0x1000 }
                .map { Tag(group, $0.tag.element >> 8) })
        return (0x0010...0x00FF).lazy.map { Tag(group, $0) }.first { names[$0] == nil && !used.contains($0) }
    }
}
