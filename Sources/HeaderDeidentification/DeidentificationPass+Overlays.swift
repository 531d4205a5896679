import DICOMFile
import DICOMModel

/// Clean Graphics (PS3.15 E.3.3) on Overlay Planes in which nobody has found text (PS3.3 C.9.2, C.9.3).
extension DeidentificationPass {
    /// Planes that have Overlay Data of their own; those in unused bits of Pixel Data go with the bits.
    static func overlayGroups(of dataSet: DataSet) -> Set<UInt16> {
        Set(
            dataSet.elements.filter { $0.tag.isOverlay && $0.tag.element == 0x3000 && !$0.isEmpty }.map(\.tag.group))
    }

    /// Elements without which the plane is none, and measurements of the region that it shows. Description and label are
    /// cleaned; what else a group may hold goes: Overlay Comments, and all that is retired.
    func overlayRule(for element: DataElement, of dataSet: DataSet) -> Rule {
        switch element.tag.element {
        case 0x0010, 0x0011, 0x0015, 0x0050, 0x0051, 0x0100, 0x0102: isBinary(element, .us, .ss)
        case 0x0040: keeps(element, of: dataSet, ["G", "R"])
        case 0x0045: keeps(element, of: dataSet, ["USER", "AUTOMATED", "ACTIVE IMAGE AREA"])
        case 0x1301, 0x1302, 0x1303: Rule(action: .keep)
        case 0x0022, 0x1500: Rule(action: .clean)
        case 0x3000: isBinary(element, .ow, .ob)
        default: Rule(action: .remove)
        }
    }

    private func isBinary(_ element: DataElement, _ vrs: VR...) -> Rule {
        Rule(action: vrs.contains(element.vr) ? .keep : .remove)
    }

    private func keeps(_ element: DataElement, of dataSet: DataSet, _ terms: Set<String>) -> Rule {
        Rule(action: dataSet.strings(element).allSatisfy(terms.contains) ? .keep : .remove)
    }
}
