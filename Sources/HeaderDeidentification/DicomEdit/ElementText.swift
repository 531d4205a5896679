import DICOMFile
import DICOMModel

/// Makes elements from the texts that scripts assign.
enum ElementText {
    /// An element of `dataSet` whose value is what `text` says in the form of its VR.
    ///
    /// A backslash divides values where the VR has several. An empty text empties a sequence, as in XNAT, where any
    /// does (`DicomObjectI.putString`); OB, OW and UN get its UTF-8 bytes, as there.
    ///
    /// - Throws: `EditProblem` where the text isn't a value of the VR, as none is of a sequence, or has characters that the
    ///   Specific Character Set lacks.
    static func element(_ tag: Tag, vr: VR, text: String, in dataSet: DataSet) throws -> DataElement {
        if vr == .sq {
            guard text.isEmpty else { throw EditProblem("\(tag) is a sequence, which a text would empty") }
            return DataElement(tag: tag, items: [])
        }
        if text.isEmpty { return DataElement(tag: tag, vr: vr, bytes: []) }
        if vr.isText { return try characters(tag, vr: vr, text, in: dataSet) }
        let values = text.split(separator: "\\", omittingEmptySubsequences: false).map { String($0).trimmingBlanks }
        switch vr {
        case .us, .ss, .ul, .sl, .uv, .sv:
            let range = range(of: vr)
            let numbers = try values.map { value -> Int in
                guard let number = Int(value), range.contains(number) else { throw notAValue(tag, vr) }
                return number
            }
            return number(tag, vr, numbers, in: dataSet)
        case .fl, .of:
            let bits = try values.map { value -> Int in
                guard let number = Float(value), number.isFinite else { throw notAValue(tag, vr) }
                return Int(number.bitPattern)
            }
            return number(tag, vr, bits, in: dataSet)
        case .fd, .od:
            let bits = try values.map { value -> Int in
                guard let number = Double(value), number.isFinite else { throw notAValue(tag, vr) }
                return Int(bitPattern: UInt(number.bitPattern))
            }
            return number(tag, vr, bits, in: dataSet)
        case .at:
            let words = try values.flatMap { value -> [Int] in
                guard let tag = Tag(parsing: value) else { throw notAValue(tag, vr) }
                return [Int(tag.group), Int(tag.element)]
            }
            return number(tag, .at, words, in: dataSet)
        default:
            return DataElement(tag: tag, vr: vr, bytes: Array(text.utf8))
        }
    }

    /// Whether an element has this text already, so that setting it would change nothing.
    static func holds(_ element: DataElement, _ text: String, in dataSet: DataSet) -> Bool {
        // Bytes that are no text read as an empty one.
        if text.isEmpty || element.isEmpty { return text.isEmpty && element.isEmpty }
        guard case .bytes = element.value else { return false }
        return dataSet.strings(element).joined(separator: "\\") == text
    }

    private static func characters(_ tag: Tag, vr: VR, _ text: String, in dataSet: DataSet) throws -> DataElement {
        var scratch = DataSet(
            isExplicitVR: dataSet.isExplicitVR, isBigEndian: dataSet.isBigEndian, characterSet: dataSet.characterSet)
        let values =
            vr.isMultiValued
            ? text.split(separator: "\\", omittingEmptySubsequences: false).map(String.init) : [text]
        do {
            try scratch.set(tag, vr, strings: values)
        } catch {
            throw EditProblem("the value for \(tag) has characters that its character set lacks")
        }
        guard let element = scratch[tag] else { throw notAValue(tag, vr) }
        return element
    }

    private static func number(_ tag: Tag, _ vr: VR, _ numbers: [Int], in dataSet: DataSet) -> DataElement {
        var bytes: [UInt8] = []
        for number in numbers {
            let little = (0..<vr.wordSize).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
            bytes += dataSet.isBigEndian ? little.reversed() : little
        }
        return DataElement(tag: tag, vr: vr, bytes: bytes)
    }

    private static func range(of vr: VR) -> ClosedRange<Int> {
        switch vr {
        case .us: 0...0xFFFF
        case .ss: -0x8000...0x7FFF
        case .ul: 0...0xFFFF_FFFF
        case .sl: -0x8000_0000...0x7FFF_FFFF
        case .uv: 0...Int.max
        default: Int.min...Int.max
        }
    }

    private static func notAValue(_ tag: Tag, _ vr: VR) -> EditProblem {
        EditProblem("what is assigned to \(tag) is not a value of VR \(vr)")
    }
}
