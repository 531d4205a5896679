import DICOMModel

extension TextNet {
    /// Cells of at least these log odds are worth another look.
    private static let doubtful: Float = -1
    /// Beyond a cell this much of the picture bears most on its answer, in pixels.
    private static let surroundings = 32

    /// Log odds as `logits(of:seeds:)` gives them, but where text seems to stand the mean with those of the negative
    /// upside down: what looks like text in one sense only is seldom text.
    func confirmedLogits(of image: GrayImage, seeds: [UInt8]) throws -> (columns: Int, rows: Int, values: [Float]) {
        var answer = try logits(of: image, seeds: seeds)
        let whole = PixelRegion(x: 0, y: 0, width: image.width / 8 * 8, height: image.height / 8 * 8)
        let places = Self.boxes(of: answer.values, columns: answer.columns).map {
            $0.intersection(whole)
        }
        for box in PixelRegion.united(places.filter { !$0.isEmpty }) {
            try confirm(&answer.values, columns: answer.columns, in: box, of: image)
        }
        return answer
    }

    /// Blocks of 8 × 8 pixels with doubtful cells, joined along their rows, with their surroundings.
    private static func boxes(of values: [Float], columns: Int) -> [PixelRegion] {
        var result: [PixelRegion] = []
        for row in stride(from: 0, to: values.count / columns, by: 2) {
            var first: Int?
            for column in stride(from: 0, through: columns, by: 2) {
                let isDoubtful =
                    column < columns
                    && [0, 1, columns, columns + 1].contains {
                        values[row * columns + column + $0] >= doubtful
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

    /// Takes the mean with what the negative of one box shows upside down.
    private func confirm(_ values: inout [Float], columns: Int, in box: PixelRegion, of image: GrayImage) throws {
        guard let part = image.cropped(to: box) else { return }
        let (width, height) = (part.width / Self.cell, part.height / Self.cell)
        let seen = try logits(of: part.negativeUpsideDown()).values
        for row in 0..<height {
            for column in 0..<width {
                let index = (box.y / Self.cell + row) * columns + box.x / Self.cell + column
                guard values[index] >= Self.doubtful else { continue }
                values[index] = (values[index] + max(seen[(height - row) * width - 1 - column], Self.shut)) / 2
            }
        }
    }

    /// Where the gate is shut, log odds count as no lower than this.
    private static let shut: Float = -8
}

extension GrayImage {
    fileprivate func negativeUpsideDown() -> GrayImage {
        GrayImage(checkedWidth: width, height: height, pixels: pixels.reversed().map { 255 - $0 })
    }
}
