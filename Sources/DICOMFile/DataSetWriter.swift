import DICOMModel

/// Writes Data Sets to a sink: what was read and not changed byte for byte, the rest in the encoding of the Data Set.
struct DataSetWriter<Sink: ByteSink> {
    private(set) var sink: Sink
    private var buffer: [UInt8] = []
    /// What is collected before the sink gets it, and what is copied at once from a source; a multiple of every word.
    private static var chunkSize: Int { 1 << 16 }

    init(_ sink: Sink) {
        self.sink = sink
    }

    mutating func write(_ bytes: some Collection<UInt8>) throws {
        buffer += bytes
        if buffer.count >= Self.chunkSize { try flush() }
    }

    mutating func flush() throws {
        if !buffer.isEmpty { try sink.write(buffer[...]) }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Copies a value, a chunk at a time.
    mutating func write(_ value: ValueBytes, swapping wordSize: Int = 1) throws {
        if let bytes = value.loaded, wordSize == 1 { return try write(bytes) }
        if let place = value.place, wordSize == 1 {
            try flush()
            if try sink.copy(place.range, of: place.source) { return }
        }
        var offset = 0
        while offset < value.count {
            let chunk = try value.load(offset..<min(offset + Self.chunkSize, value.count))
            try write(chunk.swappingBytes(inWordsOf: wordSize))
            offset += Self.chunkSize
        }
    }

    /// Writes the elements of a Data Set in the encoding that it says.
    mutating func write(_ dataSet: DataSet) throws {
        for layout in try ElementLayout.all(of: dataSet, as: dataSet.encoding) {
            try write(layout, as: dataSet.encoding)
        }
    }

    private mutating func write(_ layout: ElementLayout, as encoding: ElementEncoding) throws {
        try write(layout.header)
        switch layout.element.value {
        case .bytes(let value):
            try write(value, swapping: layout.swappedWordSize)
            if layout.isPadded { try write(CollectionOfOne(layout.element.vr.padding)) }
        case .items:
            for item in layout.items { try write(item) }
            if let delimiter = layout.delimiter {
                try write(.sequenceDelimitationItem, length: delimiter, layout.itemEncoding)
            }
        case .fragments(let pixelData):
            try write(pixelData, as: encoding)
        }
    }

    private mutating func write(_ item: ItemLayout) throws {
        try write(item.header)
        for element in item.elements { try write(element, as: item.encoding) }
        if let delimiter = item.delimiter {
            try write(.itemDelimitationItem, length: delimiter, item.encoding)
        }
    }

    private mutating func write(_ pixelData: EncapsulatedPixelData, as encoding: ElementEncoding) throws {
        if pixelData.writesOffsetTable {
            try write(.item, length: UInt32(clamping: pixelData.basicOffsetTable.count), encoding)
            try write(pixelData.basicOffsetTable)
        }
        for fragment in pixelData.fragments {
            guard let length = UInt32(exactly: fragment.count), length != ElementHeader.undefinedLength else {
                throw DICOMFileError(.tooLarge, "a fragment has more than 4 GiB")
            }
            try write(.item, length: length, encoding)
            try write(fragment)
        }
        switch pixelData.delimiter {
        case .standard: try write(.sequenceDelimitationItem, length: 0, encoding)
        case .present(let length): try write(.sequenceDelimitationItem, length: length, encoding)
        case .absent: break
        }
    }

    private mutating func write(_ tag: Tag, length: UInt32, _ encoding: ElementEncoding) throws {
        try write(encoding.header(tag, length: length))
    }
}
