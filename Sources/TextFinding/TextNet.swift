import CTextNet
import Foundation

/// The network that tells where lines of text stand, with the weights of `Models/textnet.safetensors` built in.
///
/// It keeps the memory that it works in, so it isn't `Sendable`.
public final class TextNet {
    /// Which instructions the arithmetic uses; all give the same bits.
    public enum Instructions: Int32, Sendable, CaseIterable {
        case best = 0
        case portable = 1
        case avx2 = 2
        case avx512 = 3

        public var isSupported: Bool { rawValue <= textnet_supported() }
    }

    /// A side of the cells that the network answers for, in pixels.
    public static let cell = 4

    /// The model file that was built in, `Models/textnet.safetensors`, byte for byte.
    public static func withModelFile<Value>(_ body: (UnsafeRawBufferPointer) throws -> Value) rethrows -> Value {
        var size = 0
        let start = textnet_model(&size)
        return try body(UnsafeRawBufferPointer(start: start, count: size))
    }

    public let version: String
    /// Log odds from which the gate lets a cell pass.
    private let gate: Float
    /// The tensors in the built-in model.
    private let weights: UnsafePointer<UInt8>
    private let memory: OpaquePointer

    /// - Throws: `TextFindingError` `.missingModel` where the model that was built in isn't what the kernel expects.
    public init() throws {
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
        var offset = 0
        for wanted in Self.layout {
            let tensor = header[wanted.name] as? [String: Any]
            let end = offset + wanted.count * (wanted.type == "F32" ? 4 : 1)
            guard tensor?["data_offsets"] as? [Int] == [offset, end], tensor?["dtype"] as? String == wanted.type else {
                throw Self.unusable("\(wanted.name) is not in its place")
            }
            offset = end
        }
        guard offset <= size - 8 - length else { throw Self.unusable("it is cut off") }
        guard let memory = textnet_memory_make() else { throw Self.unusable("there is no memory for it") }
        self.memory = memory
        self.version = version
        self.gate = gate
        weights = start + 8 + length
    }

    deinit { textnet_memory_free(memory) }

    private struct Tensor {
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

    private static func unusable(_ reason: String) -> TextFindingError {
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
                memory, weights, image.pixels, image.width, image.height, seeds, gate,
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
