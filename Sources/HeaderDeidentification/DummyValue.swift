package import DICOMFile
package import DICOMModel

/// The dummies that code D puts in the place of values: valid for the VR, and the same for everybody.
package enum DummyValue {
    static let date = "19000101"
    static let time = "000000"
    static let dateTime = "19000101000000"
    static let age = "000Y"
    static let personName = "ANONYMOUS"
    static let text = "REMOVED"
    static let url = "http://removed.invalid/"
    /// Reason for the Attribute Modification has enumerated values (PS3.3 C.12.1).
    private static let codes: [Tag: String] = [Tag(0x0400, 0x0565): "COERCE"]

    /// A dummy for any VR but UI; a sequence gets a code that says nothing, in explicit VR little endian.
    package static func element(_ tag: Tag, vr: VR) -> DataElement {
        switch vr {
        case .sq: DataElement(tag: tag, items: [DummyItems(dataSet: DataSet()) { $0 }.code])
        case .da: DataElement(tag: tag, vr: vr, ascii: date)
        case .tm: DataElement(tag: tag, vr: vr, ascii: time)
        case .dt: DataElement(tag: tag, vr: vr, ascii: dateTime)
        case .as: DataElement(tag: tag, vr: vr, ascii: age)
        case .pn: DataElement(tag: tag, vr: vr, ascii: personName)
        case .cs: DataElement(tag: tag, vr: vr, ascii: codes[tag] ?? text)
        case .ds, .is: DataElement(tag: tag, vr: vr, ascii: "0")
        case .ur: DataElement(tag: tag, vr: vr, ascii: url)
        case .ae, .lo, .sh, .lt, .st, .uc, .ut: DataElement(tag: tag, vr: vr, ascii: text)
        default: DataElement(tag: tag, vr: vr, bytes: [UInt8](repeating: 0, count: max(2, vr.wordSize)))
        }
    }
}

/// Items that code D puts in the place of a sequence's: the least that the IOD accepts, nothing of the original.
struct DummyItems {
    /// The Data Set that the sequence stands in: its encoding is that of the items.
    let dataSet: DataSet
    let newUID: (UID) -> UID

    func items(for tag: Tag, original: [DataSet]) -> [DataSet] {
        switch tag {
        case Tag(0x0008, 0x1110), Tag(0x0008, 0x1111), Tag(0x0008, 0x1120), .referencedImageSequence,
            Tag(0x0008, 0x2112):
            references(original)
        case Tag(0x0008, 0x1072):
            [item(DataElement(tag: Tag(0x0040, 0x1101), items: [code]), text(Tag(0x0008, 0x0080), .lo))]
        case Tag(0x0034, 0x0001):
            [item(DummyValue.element(Tag(0x0034, 0x0002), vr: .ob))]
        case Tag(0x0040, 0xA073):
            [verifyingObserver]
        case .contentSequence:
            [contentItem]
        case Tag(0x0040, 0xB020):
            [waveformAnnotation]
        case Tag(0x0070, 0x0001):
            [graphicAnnotation(layer: original.first?[Tag(0x0070, 0x0002)])]
        default:
            [code]
        }
    }

    // MARK: -

    private func item(_ elements: DataElement...) -> DataSet {
        DataSet(
            elements: elements.sorted { $0.tag < $1.tag }, isExplicitVR: dataSet.isExplicitVR,
            isBigEndian: dataSet.isBigEndian, characterSet: dataSet.characterSet)
    }

    private func text(_ tag: Tag, _ vr: VR, _ value: String = DummyValue.text) -> DataElement {
        DataElement(tag: tag, vr: vr, ascii: value)
    }

    /// An item of a code sequence (PS3.3 8.8) that says nothing.
    var code: DataSet {
        code(DummyValue.text, "99QUENCH", "Removed")
    }

    private func code(_ value: String, _ scheme: String, _ meaning: String) -> DataSet {
        item(
            text(.codeValue, .sh, value), text(.codingSchemeDesignator, .sh, scheme),
            text(.codeMeaning, .lo, meaning))
    }

    /// Only what a reference consists of, with new UIDs (PS3.3 10.8).
    private func references(_ original: [DataSet]) -> [DataSet] {
        let references = original.compactMap { reference -> DataSet? in
            guard let sopClass = reference.string(.referencedSOPClassUID),
                let instance = reference.string(.referencedSOPInstanceUID)
            else { return nil }
            return self.reference(UID(sopClass), newUID(UID(instance)))
        }
        // Modality Performed Procedure Step: a class that any of these sequences may refer to.
        let none = reference(UID("1.2.840.10008.3.1.2.3.3"), newUID(UID("")))
        return references.isEmpty ? [none] : references
    }

    private func reference(_ sopClass: UID, _ instance: UID) -> DataSet {
        item(text(.referencedSOPClassUID, .ui, sopClass.value), text(.referencedSOPInstanceUID, .ui, instance.value))
    }

    private var verifyingObserver: DataSet {
        item(
            text(Tag(0x0040, 0xA027), .lo), text(Tag(0x0040, 0xA030), .dt, DummyValue.dateTime),
            text(Tag(0x0040, 0xA075), .pn, DummyValue.personName), DataElement(tag: Tag(0x0040, 0xA088), items: []))
    }

    /// A content item of text: 121106, DCM, Comment.
    private var contentItem: DataSet {
        item(
            text(.relationshipType, .cs, "CONTAINS"), text(.valueType, .cs, "TEXT"),
            DataElement(tag: .conceptNameCodeSequence, items: [code("121106", "DCM", "Comment")]),
            text(.textValue, .ut))
    }

    private var waveformAnnotation: DataSet {
        var annotation = item(text(Tag(0x0070, 0x0006), .st))
        annotation.set(Tag(0x0040, 0xA0B0), .us, unsigned: [1, 1])
        return annotation
    }

    /// A text in the corner of the layer that the original was in, so that the Graphic Layer Sequence stays right.
    private func graphicAnnotation(layer: DataElement?) -> DataSet {
        let layer = layer ?? text(Tag(0x0070, 0x0002), .cs)
        let textObject = item(
            text(Tag(0x0070, 0x0004), .cs, "PIXEL"), text(Tag(0x0070, 0x0006), .st),
            DataElement(tag: Tag(0x0070, 0x0014), vr: .fl, bytes: [UInt8](repeating: 0, count: 8)),
            text(Tag(0x0070, 0x0015), .cs, "N"))
        return item(layer, DataElement(tag: Tag(0x0070, 0x0008), items: [textObject]))
    }
}
