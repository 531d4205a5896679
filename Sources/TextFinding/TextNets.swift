import DICOMModel

/// The networks of the model, trained apart from one another, which are asked about the same places.
package final class TextNets {
    private let networks: [TextNet]

    /// - Throws: `TextFindingError` `.missingModel` where the model that was built in isn't what the kernel expects.
    package init() throws {
        let memory = try TextNet.Memory()
        networks = try (0..<TextNet.count).map { try TextNet($0, in: memory) }
    }

    /// Ways to show a network a part of a picture once more. What is text in one is text in all of them, and by chance
    /// alone a network seldom errs in several.
    private enum Look {
        case same, turned, negativeTurnedBack, negativeUpsideDown

        func image(of part: GrayImage) -> GrayImage {
            switch self {
            case .same: part
            case .turned: part.turned(clockwise: false)
            case .negativeTurnedBack: part.turned(clockwise: true).inverted()
            case .negativeUpsideDown: part.negativeUpsideDown()
            }
        }

        /// Where a cell of the part lies in what is shown, row by row.
        func index(row: Int, column: Int, rows: Int, columns: Int) -> Int {
            switch self {
            case .same: row * columns + column
            case .turned: (columns - 1 - column) * rows + row
            case .negativeTurnedBack: column * rows + rows - 1 - row
            case .negativeUpsideDown: (rows - row) * columns - 1 - column
            }
        }
    }

    /// The looks after the first network's own, and the log odds from which a cell is worth them: two of each network.
    private static let looks: [(from: Float, by: [(network: Int, look: Look)])] = [
        (-1, [(1, .turned), (2, .same)]),
        (-0.5, [(0, .negativeTurnedBack), (2, .negativeUpsideDown), (1, .negativeUpsideDown)]),
    ]
    /// Beyond a cell this much of the picture bears most on its answer, in pixels.
    private static let surroundings = 32
    /// Where the gate is shut, log odds count as no lower than this.
    private static let shut: Float = -8

    /// Log odds as the first network gives them, but where text seems to stand the mean with those of other looks and
    /// networks: what looks like text in one sense only, or to one network, is seldom text, and what one hardly shows another
    /// may.
    package func logits(of image: GrayImage, seeds: [UInt8]) throws -> (columns: Int, rows: Int, values: [Float]) {
        var answer = try networks[0].logits(of: image, seeds: seeds)
        let whole = PixelRegion(x: 0, y: 0, width: image.width / 8 * 8, height: image.height / 8 * 8)
        var seen: Float = 1
        for (least, looks) in Self.looks {
            let doubtful = Self.doubtfulBlocks(of: answer.values, columns: answer.columns, from: least)
            let places = Self.boxes(of: doubtful, columns: answer.columns / 2).map { $0.intersection(whole) }
            for box in PixelRegion.united(places.filter { !$0.isEmpty }) {
                guard let part = image.cropped(to: box) else { continue }
                let (rows, columns) = (box.height / 8, box.width / 8)
                let values = try looks.map { network, look in
                    var seeds = [UInt8](repeating: 0, count: rows * columns)
                    for row in 0..<rows {
                        let start = (box.y / 8 + row) * answer.columns / 2 + box.x / 8
                        for column in 0..<columns where doubtful[start + column] != 0 {
                            seeds[look.index(row: row, column: column, rows: rows, columns: columns)] = 1
                        }
                    }
                    return (look, try networks[network].logits(of: look.image(of: part), seeds: seeds).values)
                }
                answer.values.withUnsafeMutableBufferPointer { mean in
                    Self.add(values, to: mean, columns: answer.columns, in: box, from: least, seen: seen)
                }
            }
            seen += Float(looks.count)
        }
        return answer
    }

    /// By block of 8 × 8 pixels, 1 where a cell is doubtful.
    private static func doubtfulBlocks(of values: [Float], columns: Int, from least: Float) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: values.count / 4)
        for row in 0..<values.count / columns {
            for column in 0..<columns where values[row * columns + column] >= least {
                result[row / 2 * columns / 2 + column / 2] = 1
            }
        }
        return result
    }

    /// Doubtful blocks, joined along their rows, with their surroundings.
    private static func boxes(of doubtful: [UInt8], columns: Int) -> [PixelRegion] {
        var result: [PixelRegion] = []
        for row in 0..<doubtful.count / columns {
            var first: Int?
            for column in 0...columns {
                if column < columns, doubtful[row * columns + column] != 0 {
                    first = first ?? column
                } else if let start = first {
                    result.append(
                        PixelRegion(x: start * 8, y: row * 8, width: (column - start) * 8, height: 8)
                            .expanded(by: surroundings))
                    first = nil
                }
            }
        }
        return result
    }

    /// Takes what further looks show of one box into the means.
    ///
    /// - Parameter seen: how many looks the means are of.
    private static func add(
        _ values: [(look: Look, values: [Float])], to mean: UnsafeMutableBufferPointer<Float>, columns: Int,
        in box: PixelRegion, from least: Float, seen: Float
    ) {
        let (width, height) = (box.width / TextNet.cell, box.height / TextNet.cell)
        let all = seen + Float(values.count)
        for row in 0..<height {
            for column in 0..<width {
                let index = (box.y / TextNet.cell + row) * columns + box.x / TextNet.cell + column
                guard mean[index] >= least else { continue }
                mean[index] =
                    values.reduce(mean[index] * seen) { sum, seen in
                        let place = seen.look.index(row: row, column: column, rows: height, columns: width)
                        return sum + max(seen.values[place], shut)
                    } / all
            }
        }
    }
}

extension GrayImage {
    fileprivate func negativeUpsideDown() -> GrayImage {
        GrayImage(checkedWidth: width, height: height, pixels: pixels.reversed().map { 255 - $0 })
    }
}
