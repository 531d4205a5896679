import DICOMModel

extension TextNet {
    /// Cells of at least these log odds are worth another look.
    private static let doubtful: Float = -1
    /// Beyond a cell this much of the picture bears on its answer, in pixels.
    private static let surroundings = 64

    /// Log odds as `logits(of:seeds:)` gives them, but the mean over the picture and its mirror images where text seems
    /// to stand: what looks like text from one side only is seldom text.
    func mirroredLogits(of image: GrayImage, seeds: [UInt8]) throws -> (columns: Int, rows: Int, values: [Float]) {
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
                        PixelRegion(
                            x: start * 4 - surroundings, y: row * 4 - surroundings,
                            width: (column - start) * 4 + 2 * surroundings, height: 8 + 2 * surroundings))
                    first = nil
                }
            }
        }
        return result
    }

    /// Takes the mean with what the mirror images of one box show.
    private func confirm(_ values: inout [Float], columns: Int, in box: PixelRegion, of image: GrayImage) throws {
        guard let part = image.cropped(to: box) else { return }
        let (width, height) = (part.width / Self.cell, part.height / Self.cell)
        var sums = [Float](repeating: 0, count: width * height)
        for (isMirrored, isUpsideDown) in [(true, false), (false, true), (true, true)] {
            let mirror = part.mirrored(sideways: isMirrored, upsideDown: isUpsideDown)
            // The negative of one of them as well: light text and dark text are alike.
            let seen = try logits(of: isMirrored && isUpsideDown ? mirror.inverted() : mirror).values
            for row in 0..<height {
                let from = (isUpsideDown ? height - 1 - row : row) * width
                for column in 0..<width {
                    sums[row * width + column] += max(seen[from + (isMirrored ? width - 1 - column : column)], -8)
                }
            }
        }
        for row in 0..<height {
            for column in 0..<width {
                let index = (box.y / Self.cell + row) * columns + box.x / Self.cell + column
                guard values[index] >= Self.doubtful else { continue }
                values[index] = (values[index] + sums[row * width + column]) / 4
            }
        }
    }
}

extension GrayImage {
    /// Left and right, or top and bottom, exchanged.
    fileprivate func mirrored(sideways: Bool, upsideDown: Bool) -> GrayImage {
        var rows: [UInt8] = []
        rows.reserveCapacity(pixels.count)
        for row in 0..<height {
            let line = pixels[
                (upsideDown ? height - 1 - row : row) * width..<(upsideDown ? height - row : row + 1) * width]
            if sideways { rows += line.reversed() } else { rows += line }
        }
        return GrayImage(checkedWidth: width, height: height, pixels: rows)
    }
}
