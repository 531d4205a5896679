import CTextNet
import Foundation

/// A network that tells where lines of text stand: one of those of `Models/textnet.safetensors`, which is built in.
///
/// It keeps the memory that it works in, so it isn't `Sendable`.
public final class TextNet {
    /// Which instructions the arithmetic uses; all give the same bits.
    public enum Instructions: Int32, Sendable, CaseIterable {
        case best = 0
        case portable = 1
        case avx2 = 2
        case avxvnni = 3
        case avx512 = 4

        public var isSupported: Bool { textnet_supports(rawValue) != 0 }
    }

    /// A side of the cells that the network answers for, in pixels.
    public static let cell = 4

    /// The model file that was built in, `Models/textnet.safetensors`, byte for byte.
    public static func withModelFile<Value>(_ body: (UnsafeRawBufferPointer) throws -> Value) rethrows -> Value {
        var size = 0
        let start = textnet_model(&size)
        return try body(UnsafeRawBufferPointer(start: start, count: size))
    }

    /// How many networks the model holds, alike in all but their weights.
    public static let count = 4

    public let version: String
    /// Log odds from which the gate lets a cell pass.
    private let gate: Float
    /// Its tensors in the built-in model.
    private let weights: UnsafePointer<UInt8>
    private let memory: Memory

    /// What a network works in. Networks that are asked one after the other can share it.
    final class Memory {
        fileprivate let pointer: OpaquePointer

        /// - Throws: `TextFindingError` `.missingModel` without memory.
        init() throws {
            guard let made = textnet_memory_make() else { throw TextNet.unusable("there is no memory for it") }
            pointer = made
        }

        deinit { textnet_memory_free(pointer) }
    }

    /// - Parameter number: which of the model's networks, from 0 on.
    /// - Throws: `TextFindingError` `.missingModel` where the model that was built in isn't what the kernel expects.
    public convenience init(_ number: Int = 0) throws { try self.init(number, in: Memory()) }

    init(_ number: Int, in memory: Memory) throws {
        precondition(0..<Self.count ~= number, "the model holds no such network")
        var size = 0
        guard let start = textnet_model(&size), size > 8 else { throw Self.unusable("it is empty") }
        let bytes = UnsafeRawBufferPointer(start: start, count: size)
        let length = Int(UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self)))
        guard length <= size - 8 else { throw Self.unusable("it is cut off") }
        let json = try? JSONSerialization.jsonObject(with: Data(bytes[8..<8 + length])) as? [String: Any]
        guard let header = json, let metadata = header["__metadata__"] as? [String: String],
            metadata["format"] == "TextNet", let version = metadata["version"],
            let gate = metadata["gate"].flatMap(Float.init)
        else { throw Self.unusable("its header can't be read") }
        var (offset, begin) = (0, 0)
        for wanted in Self.layout {
            let name = "\(number).\(wanted.name)"
            let tensor = header[name] as? [String: Any]
            if wanted == Self.layout.first {
                begin = (tensor?["data_offsets"] as? [Int])?.first.map { max($0, 0) } ?? 0
                offset = begin
            }
            let end = offset + wanted.count * (wanted.type == "F32" ? 4 : 1)
            guard tensor?["data_offsets"] as? [Int] == [offset, end], tensor?["dtype"] as? String == wanted.type else {
                throw Self.unusable("\(name) is not in its place")
            }
            offset = end
        }
        guard offset <= size - 8 - length else { throw Self.unusable("it is cut off") }
        self.memory = memory
        self.version = version
        self.gate = gate
        weights = start + 8 + length + begin
    }

    private struct Tensor: Equatable {
        var name: String
        var type: String
        var count: Int
    }

    /// The tensors in the order in which the kernel reads them, and how many numbers each has.
    private static let layout: [Tensor] = {
        func convolution(_ name: String, rows: Int, row: Int, _ outputs: Int) -> [Tensor] {
            [
                Tensor(name: "\(name).weight", type: "I8", count: rows * row * outputs),
                Tensor(name: "\(name).scale", type: "F32", count: outputs),
                Tensor(name: "\(name).bias", type: "F32", count: outputs),
            ]
        }
        func square(_ name: String, _ inputs: Int, _ outputs: Int) -> [Tensor] {
            convolution(name, rows: 3, row: 3 * inputs, outputs)
        }
        func head(_ name: String) -> [Tensor] {
            [
                Tensor(name: "\(name).weight", type: "F32", count: 32),
                Tensor(name: "\(name).bias", type: "F32", count: 1),
            ]
        }
        let gate = square("gate.down", 32, 32) + (0..<3).flatMap { square("gate.\($0)", 32, 32) } + head("gate.head")
        let detail = square("detail.0", 4, 32) + square("detail.1", 32, 32)
        let fine = (0..<3).flatMap { square("fine.\($0)", 32, 32) }
        let context = square("down", 32, 64) + (0..<5).flatMap { square("context.\($0)", 64, 64) }
        let answer =
            convolution("sharp", rows: 1, row: 32, 32) + convolution("lateral", rows: 1, row: 64, 128) + head("head")
        return convolution("stem", rows: 6, row: 24, 32) + gate + detail + fine + context + answer
    }()

    fileprivate static func unusable(_ reason: String) -> TextFindingError {
        TextFindingError(
            .missingModel, "the text detector's model is unusable: \(reason)",
            hint: "Restore Models/textnet.safetensors and build again")
    }

    /// How many grey levels each cell of 8 × 8 pixels spans, row by row.
    static func spans(of image: GrayImage) -> [UInt8] {
        let count = (image.width + 7) / 8 * ((image.height + 7) / 8)
        return [UInt8](unsafeUninitializedCapacity: count) { target, size in
            if textnet_spans(image.pixels, image.width, image.height, target.baseAddress) != 0 {
                target.update(repeating: 255)  // without memory to compare, all is looked at
            }
            size = count
        }
    }

    /// Spans of fewer grey levels hold no text that anybody could see.
    static let leastSpan: UInt8 = 4

    /// Log odds of text for each cell of 4 × 4 pixels, row by row.
    ///
    /// Cells beyond the picture's edge fill the last block of 8 × 8 pixels. Cells far from all seeds get -20 and cost
    /// nothing; cells that the gate rejects get -20 too and cost little.
    ///
    /// - Parameter seeds: by cell of 8 × 8 pixels, which ones must be looked at; nil means all that aren't flat.
    /// - Throws: `TextFindingError` `.unsupported` where the instructions are missing or memory ran out.
    public func logits(
        of image: GrayImage, seeds: [UInt8]? = nil, instructions: Instructions = .best
    ) throws -> (columns: Int, rows: Int, values: [Float]) {
        let (columns, rows) = ((image.width + 7) / 8 * 2, (image.height + 7) / 8 * 2)
        let seeds = seeds ?? Self.spans(of: image).map { $0 >= Self.leastSpan ? 1 : 0 }
        precondition(seeds.count * 4 == columns * rows, "a seed for each cell")
        var status: Int32 = 0
        let values = [Float](unsafeUninitializedCapacity: columns * rows) { target, count in
            status = textnet_run(
                memory.pointer, weights, image.pixels, image.width, image.height, seeds, gate,
                target.baseAddress, instructions.rawValue)
            count = columns * rows
        }
        guard status == 0 else {
            throw TextFindingError(
                .unsupported,
                status == -2 ? "this machine hasn't these instructions" : "no memory left to look for text")
        }
        return (columns, rows, values)
    }
}
