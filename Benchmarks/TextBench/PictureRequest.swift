import DICOMModel
import Foundation
import PHIClassification

/// A picture and what its header says: a file name, or JSON such as
/// `{"path": "a.pgm", "identifiers": [{"kind": "person-name", "value": "Doe^Jane"}]}`; with `"follows": true` it is the
/// next frame of the Series that the last picture belongs to.
struct PictureRequest: Decodable {
    let path: String
    private let follows: Bool?
    private let identifiers: [Identifier]?

    private struct Identifier: Decodable {
        var kind: String
        var value: String
    }

    init(_ line: String) throws {
        if line.hasPrefix("{") {
            self = try JSONDecoder().decode(Self.self, from: Data(line.utf8))
            if let kind = identifiers?.first(where: { HeaderIdentifiers.Kind(rawValue: $0.kind) == nil })?.kind {
                throw BenchError("no such kind of identifier: \(kind)")
            }
        } else {
            path = line
            (identifiers, follows) = (nil, nil)
        }
    }

    var followsTheLast: Bool { follows ?? false }

    var headerIdentifiers: HeaderIdentifiers {
        var header = HeaderIdentifiers()
        for identifier in identifiers ?? [] {
            guard let kind = HeaderIdentifiers.Kind(rawValue: identifier.kind) else { continue }
            header.add(Sensitive(identifier.value), kind: kind)
        }
        return header
    }
}
