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
            let places = Self.boxes(of: answer.values, columns: answer.columns, from: least).map {
                $0.intersection(whole)
            }
            for box in PixelRegion.united(places.filter { !$0.isEmpty }) {
                guard let part = image.cropped(to: box) else { continue }
                let values = try looks.map { network, look in
                    (look, try networks[network].logits(of: look.image(of: part)).values)
                }
                answer.values.withUnsafeMutableBufferPointer { mean in
                    Self.add(values, to: mean, columns: answer.columns, in: box, from: least, seen: seen)
                }
            }
            seen += Float(looks.count)
        }
        return answer
    }

    /// Blocks of 8 × 8 pixels with doubtful cells, joined along their rows, with their surroundings.
    private static func boxes(of values: [Float], columns: Int, from least: Float) -> [PixelRegion] {
        var result: [PixelRegion] = []
        for row in stride(from: 0, to: values.count / columns, by: 2) {
            var first: Int?
            for column in stride(from: 0, through: columns, by: 2) {
                let isDoubtful =
                    column < columns
                    && [0, 1, columns, columns + 1].contains {
                        values[row * columns + column + $0] >= least
                    }
                if isDoubtful {
                    first = first ?? column
                } else if let start = first {
                    result.append(
                        PixelRegion(x: start * 4, y: row * 4, width: (column - start) * 4, height: 8)
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
