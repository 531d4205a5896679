import DICOMModel

/// RLE Lossless (PS3.5 annex G): up to 15 segments, each the bytes of one significance of one sample, most
/// significant first, packed by PackBits.
enum RLECodec {
    private static let headerLength = 64

    static func decode(_ stream: [UInt8], as description: PixelDescription) throws -> NativeFrame {
        let layout = try Layout(description)
        let ranges = try segments(of: stream)
        guard ranges.count == layout.segmentCount else {
            throw PixelCodecError(
                .mismatch, "\(ranges.count) RLE segments instead of \(layout.segmentCount)")
        }
        var bytes = [UInt8](repeating: 0, count: layout.segmentLength * layout.segmentCount)
        for (index, range) in ranges.enumerated() {
            let surplus = try unpack(
                stream, range, into: &bytes, start: layout.start(ofSegment: index), stride: layout.stride,
                count: layout.segmentLength)
            guard surplus < layout.surplusLimit else {
                throw PixelCodecError(.mismatch, "an RLE segment has more samples than Rows and Columns say")
            }
        }
        return NativeFrame(description: description, bytes: bytes)
    }

    /// - Parameter original: the stream that is being replaced. Its packets stay wherever their bytes do, so that a frame
    ///   grows by no more than the edges of what changed, however its encoder packed the rest.
    static func encode(_ frame: NativeFrame, replacing original: [UInt8]? = nil) throws -> [UInt8] {
        let layout = try Layout(frame.description)
        let ranges = original.flatMap { try? segments(of: $0) }.flatMap { $0.count == layout.segmentCount ? $0 : nil }
        var stream = [UInt8](repeating: 0, count: headerLength)
        stream.reserveCapacity(headerLength + frame.bytes.count / 2)
        put(UInt32(layout.segmentCount), in: &stream, at: 0)
        for index in 0..<layout.segmentCount {
            guard let offset = UInt32(exactly: stream.count) else {
                throw PixelCodecError(.tooLarge, "the RLE stream is larger than 4 GiB")
            }
            put(offset, in: &stream, at: 4 + 4 * index)
            let bytes = layout.bytes(ofSegment: index, in: frame.bytes)
            var packed: [UInt8] = []
            pack(bytes, 0..<bytes.count, rowLength: layout.rowLength, onto: &packed)
            if let original, let range = ranges?[index] {
                let patched = patch(original, range, to: bytes, rowLength: layout.rowLength)
                if patched.count < packed.count { packed = patched }
            }
            stream += packed
            // Each segment has an even length (G.3.1).
            if stream.count % 2 != 0 { stream.append(0) }
        }
        return stream
    }
}

// MARK: - Where bytes stand

extension RLECodec {
    private struct Layout {
        let segmentCount: Int
        /// Bytes of a segment, unpacked.
        let segmentLength: Int
        /// Distance between two bytes of a segment in the native frame.
        let stride: Int
        /// Bytes of a row in a segment.
        let rowLength: Int
        /// From as many bytes on what a segment has too much is a row or a column, and not an encoder's carelessness.
        let surplusLimit: Int
        private let starts: [Int]

        init(_ description: PixelDescription) throws {
            if description.bitsAllocated == 1 {
                segmentCount = 1
                segmentLength = description.bytesPerFrame
                stride = 1
                // Rows needn't begin with a byte.
                rowLength = description.columns % 8 == 0 ? description.columns / 8 : segmentLength
                surplusLimit = max(2, description.columns / 8)
                starts = [0]
                return
            }
            let width = description.bitsAllocated / 8
            let samples = description.samplesPerPixel
            segmentCount = samples * width
            guard segmentCount <= 15 else { throw PixelCodecError(.unsupported, "more than 15 RLE segments") }
            let pixels = description.pixelsPerFrame
            segmentLength = pixels
            rowLength = description.columns
            surplusLimit = max(2, min(description.rows, description.columns))
            let isPlanar = description.isPlanar && samples > 1
            stride = isPlanar ? width : samples * width
            starts = (0..<samples).flatMap { sample in
                (0..<width).map { byte in
                    (isPlanar ? sample * pixels * width : sample * width) + (width - 1 - byte)
                }
            }
        }

        func start(ofSegment index: Int) -> Int { starts[index] }

        /// The bytes of a segment, unpacked.
        func bytes(ofSegment index: Int, in frame: [UInt8]) -> [UInt8] {
            guard stride > 1 else { return Array(frame[starts[index]..<(starts[index] + segmentLength)]) }
            return (0..<segmentLength).map { frame[starts[index] + $0 * stride] }
        }
    }

    private static func segments(of stream: [UInt8]) throws -> [Range<Int>] {
        guard stream.count > headerLength else { throw PixelCodecError(.malformed, "the RLE header is cut off") }
        let count = Int(word(stream, at: 0))
        guard (1...15).contains(count) else { throw PixelCodecError(.malformed, "the RLE header has no segments") }
        var offsets = (0..<count).map { Int(word(stream, at: 4 + 4 * $0)) }
        offsets.append(stream.count)
        return try zip(offsets, offsets.dropFirst()).map { start, end in
            guard start >= headerLength, start < end, end <= stream.count else {
                throw PixelCodecError(.malformed, "an RLE segment lies outside of the stream")
            }
            return start..<end
        }
    }

    private static func word(_ bytes: [UInt8], at offset: Int) -> UInt32 {
        UInt32(bytes[offset]) | UInt32(bytes[offset + 1]) << 8 | UInt32(bytes[offset + 2]) << 16
            | UInt32(bytes[offset + 3]) << 24
    }

    private static func put(_ value: UInt32, in bytes: inout [UInt8], at offset: Int) {
        for index in 0..<4 { bytes[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * UInt32(index))) }
    }
}

// MARK: - What no sample comes from

extension RLECodec {
    /// Whether the stream is a header with zeros for segments that there aren't, and segments that follow each other and
    /// end with their last sample, padded by one byte to an even length or by a few zeros.
    static func isTidy(_ stream: [UInt8], as description: PixelDescription) -> Bool {
        guard let layout = try? Layout(description), let ranges = try? segments(of: stream),
            ranges.count == layout.segmentCount, ranges[0].lowerBound == headerLength,
            stream[(4 + 4 * ranges.count)..<headerLength].allSatisfy({ $0 == 0 })
        else { return false }
        return ranges.allSatisfy { range in
            guard let end = end(of: range, in: stream, count: layout.segmentLength) else { return false }
            return stream[end..<range.upperBound].isStreamPadding
        }
    }

    /// Where a segment's `count` bytes end, packed; nil where they end within a run of literal bytes, or not at all.
    private static func end(of range: Range<Int>, in stream: [UInt8], count: Int) -> Int? {
        stream.withUnsafeBufferPointer { bytes in
            var position = range.lowerBound
            var left = count
            while left > 0, position < range.upperBound {
                let control = Int(bytes[position])
                position += 1
                if control < 128 {
                    guard control < left else { return nil }
                    position += control + 1
                    left -= control + 1
                } else if control > 128 {
                    position += 1
                    left -= 257 - control
                }
            }
            return left <= 0 && position <= range.upperBound ? position : nil
        }
    }
}

// MARK: - PackBits

extension RLECodec {
    /// Unpacks one segment to every `stride`th byte.
    ///
    /// - Returns: how many bytes come after `count` of them, zeros at the segment's end left out.
    private static func unpack(
        _ stream: [UInt8], _ range: Range<Int>, into bytes: inout [UInt8], start: Int, stride: Int, count: Int
    ) throws -> Int {
        var position = range.lowerBound
        var target = start
        var left = count
        var surplus = 0
        while left > 0 {
            guard position < range.upperBound else { throw PixelCodecError(.malformed, "an RLE segment is too short") }
            let control = Int(stream[position])
            position += 1
            if control < 128 {
                let length = min(control + 1, left)
                surplus = control + 1 - length
                guard length <= range.upperBound - position else {
                    throw PixelCodecError(.malformed, "an RLE segment is too short")
                }
                for index in position..<(position + length) {
                    bytes[target] = stream[index]
                    target += stride
                }
                position += min(control + 1, range.upperBound - position)
                left -= length
            } else if control > 128 {
                guard position < range.upperBound else {
                    throw PixelCodecError(.malformed, "an RLE segment is too short")
                }
                let length = min(257 - control, left)
                surplus = 257 - control - length
                let value = stream[position]
                for _ in 0..<length {
                    bytes[target] = value
                    target += stride
                }
                position += 1
                left -= length
            }
        }
        return surplus + length(of: stream[position..<range.upperBound])
    }

    /// How many bytes whole packets unpack to.
    private static func length(of packets: ArraySlice<UInt8>) -> Int {
        guard packets.contains(where: { $0 != 0 }) else { return 0 }
        var (place, length) = (packets.startIndex, 0)
        while place < packets.endIndex {
            let control = Int(packets[place])
            place += control < 128 ? control + 2 : control == 128 ? 1 : 2
            guard place <= packets.endIndex else { break }
            if control != 128 { length += control < 128 ? control + 1 : 257 - control }
        }
        return length
    }

    /// Packs a part of a segment row by row, as G.3.1 asks for.
    private static func pack(_ bytes: [UInt8], _ part: Range<Int>, rowLength: Int, onto stream: inout [UInt8]) {
        var start = part.lowerBound
        while start < part.upperBound {
            let end = min(start + rowLength - start % rowLength, part.upperBound)
            pack(bytes[start..<end], onto: &stream)
            start = end
        }
    }

    /// A segment of `original` that unpacks to `bytes`: packets whose bytes are the same stay as they are, and those that
    /// mean nothing or pass the end don't.
    private static func patch(
        _ original: [UInt8], _ range: Range<Int>, to bytes: [UInt8], rowLength: Int
    ) -> [UInt8] {
        var result: [UInt8] = []
        var place = range.lowerBound
        var (packed, target) = (0, 0)
        while target < bytes.count, place < range.upperBound {
            let control = Int(original[place])
            let isLiteral = control < 128
            let length = isLiteral ? control + 1 : 257 - control
            let next = place + (isLiteral ? 1 + length : control == 128 ? 1 : 2)
            guard next <= range.upperBound, control == 128 || target + length <= bytes.count else { break }
            let values = original[(place + 1)..<next]
            if control != 128 {
                let own = bytes[target..<(target + length)]
                let isSame = isLiteral ? own == values : own.allSatisfy { $0 == values.first }
                target += length
                if isSame {
                    pack(bytes, packed..<(target - length), rowLength: rowLength, onto: &result)
                    result += original[place..<next]
                    packed = target
                }
            }
            place = next
        }
        pack(bytes, packed..<bytes.count, rowLength: rowLength, onto: &result)
        return result
    }

    private static func pack(_ row: ArraySlice<UInt8>, onto stream: inout [UInt8]) {
        var position = row.startIndex
        var literal = position
        while position < row.endIndex {
            var end = position + 1
            while end < row.endIndex, end - position < 128, row[end] == row[position] { end += 1 }
            if end - position >= 3 || (end - position == 2 && literal == position) {
                appendLiteral(row[literal..<position], onto: &stream)
                stream.append(UInt8(257 - (end - position)))
                stream.append(row[position])
                literal = end
            }
            position = end
        }
        appendLiteral(row[literal...], onto: &stream)
    }

    private static func appendLiteral(_ bytes: ArraySlice<UInt8>, onto stream: inout [UInt8]) {
        var rest = bytes
        while !rest.isEmpty {
            let part = rest.prefix(128)
            stream.append(UInt8(part.count - 1))
            stream.append(contentsOf: part)
            rest = rest.dropFirst(part.count)
        }
    }
}
