public import DICOMFile
import DICOMModel
public import PHIClassification

extension HeaderIdentifiers {
    /// What an object's own header says about people, at every nesting level.
    public init(_ object: DICOMObject) {
        self.init()
        for identifier in HeaderIdentifierList.identifiers(of: object) {
            guard let kind = HeaderIdentifiers.kind(of: identifier.tag, vr: identifier.vr) else { continue }
            add(identifier.value, kind: kind)
        }
    }
}
