public import DICOMModel

// Values of elements. An accessor gives nothing, rather than an error, where the element is missing, has another kind of
// value, or can't be read; `bytes` is the one that tells. Each takes the first element with the tag.
extension DataSet {
    /// The VR that the value is read by: the dictionary's where the file says UN.
    public func effectiveVR(_ element: DataElement) -> VR {
        guard element.vr == .un || !element.vr.isKnown else { return element.vr }
        return DataDictionary.vr(element.tag)
    }

    /// The value as it is in the file; nil where there is no such element, or it has items or fragments.
    public func bytes(_ tag: Tag) throws -> [UInt8]? {
        guard case .bytes(let value)? = self[tag]?.value else { return nil }
        return try value.load()
    }

    /// The items of a sequence; empty where there is none.
    public func items(_ tag: Tag) -> [DataSet] {
        self[tag]?.items ?? []
    }

    // MARK: - Text

    /// The first value, decoded, without padding; nil where there is no element or it is empty.
    public func string(_ tag: Tag) -> String? {
        guard let element = self[tag] else { return nil }
        let vr = effectiveVR(element)
        if vr.isMultiValued, let bytes = Self.plainText(element) {
            let value = Self.trimmed(bytes.prefix { $0 != 0x5C })
            return value.isEmpty ? nil : String(decoding: value, as: UTF8.self)
        }
        return strings(element).first.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// All values, decoded, without padding.
    public func strings(_ tag: Tag) -> [String] {
        self[tag].map(strings) ?? []
    }

    /// All values of an element of this Data Set; numbers are written out, bytes that aren't text give nothing.
    public func strings(_ element: DataElement) -> [String] {
        let vr = effectiveVR(element)
        guard vr.isText || vr == .un else { return numbers(element, vr).map(\.text) }
        if vr.isMultiValued, let bytes = Self.plainText(element) {
            let values = bytes.split(separator: 0x5C, omittingEmptySubsequences: false)
            let texts = values.map { String(decoding: Self.trimmed($0), as: UTF8.self) }
            return texts.count == 1 && texts[0].isEmpty ? [] : texts
        }
        guard let text = text(element), !text.isEmpty else { return [] }
        guard vr.isMultiValued else { return [text] }
        // By scalars: a combining mark behind a backslash doesn't make it another character.
        return text.unicodeScalars.split(separator: "\\", omittingEmptySubsequences: false).map {
            trim(Substring($0), vr)
        }
    }

    /// The whole text of an element of this Data Set, decoded, not divided into values; nil where it isn't text.
    public func text(_ element: DataElement) -> String? {
        let vr = effectiveVR(element)
        guard vr.isText || vr == .un, case .bytes(let value) = element.value else { return nil }
        guard let bytes = value.loaded.map(Array.init) ?? (try? value.load()) else { return nil }
        if vr == .un, !bytes.allSatisfy({ $0 >= 0x20 || $0 == 0 || (0x09...0x0D).contains($0) }) { return nil }
        return trim(characterSet.decode(bytes, vr: vr)[...], vr)
    }

    /// The value of an element in memory that is the same in every character set; nil for others.
    private static func plainText(_ element: DataElement) -> ArraySlice<UInt8>? {
        guard case .bytes(let value) = element.value, let bytes = value.loaded else { return nil }
        let isPlain = bytes.withUnsafeBufferPointer { $0.allSatisfy { $0 < 0x80 && $0 != 0x1B } }
        return isPlain ? bytes : nil
    }

    /// As below, of a VR with several values.
    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes
        while let last = bytes.last, last == 0x20 || last == 0 { bytes.removeLast() }
        while bytes.first == 0x20 { bytes.removeFirst() }
        return bytes
    }

    /// Trailing padding never counts, leading blanks only where the VR says that they matter (PS3.5 6.2).
    private func trim(_ text: Substring, _ vr: VR) -> String {
        var text = text.unicodeScalars
        while let last = text.last, last == " " || last == "\0" { text.removeLast() }
        if vr.isMultiValued { while text.first == " " { text.removeFirst() } }
        return String(text)
    }

    // MARK: - Numbers

    /// The first value if it is a whole number: binary, IS, or a DS such as `512.0`.
    public func integer(_ tag: Tag) -> Int? {
        guard let element = self[tag] else { return nil }
        return numbers(element, effectiveVR(element)).first?.integer
    }

    /// All values; empty unless every one is a whole number.
    public func integers(_ tag: Tag) -> [Int] {
        guard let element = self[tag] else { return [] }
        let numbers = numbers(element, effectiveVR(element))
        let integers = numbers.compactMap(\.integer)
        return integers.count == numbers.count ? integers : []
    }

    /// All values; empty unless every one is a number.
    public func decimals(_ tag: Tag) -> [Double] {
        guard let element = self[tag] else { return [] }
        let numbers = numbers(element, effectiveVR(element))
        let decimals = numbers.compactMap(\.decimal)
        return decimals.count == numbers.count ? decimals : []
    }

    private func numbers(_ element: DataElement, _ vr: VR) -> [NumericValue] {
        if vr == .is || vr == .ds {
            return strings(element).map { NumericValue.text($0) }
        }
        guard case .bytes(let value) = element.value, !value.isEmpty else { return [] }
        guard let bytes = value.loaded ?? (try? value.load())?[...] else { return [] }
        let isBigEndian = element.originalEncoding?.isBigEndian ?? self.isBigEndian
        return NumericValue.values(bytes, vr: vr, isBigEndian: isBigEndian)
    }
}
