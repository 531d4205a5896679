import DICOMFile
import DICOMModel
import HeaderDeidentification
import PHIClassification

extension HeaderIdentifiers {
    /// What an object's own header says about people, at every nesting level.
    init(_ object: DICOMObject) {
        self.init()
        for (tag, vr, value) in HeaderIdentifierList.identifiers(of: object) {
            guard let kind = HeaderIdentifiers.kind(of: tag, vr: vr) else { continue }
            add(value, kind: kind)
        }
    }
}

extension SeriesSigns {
    /// The structural signs of a header.
    init(_ object: DICOMObject) {
        let header = object.dataSet
        self.init()
        isDirectory = WorkerTasks.isDirectory(object)
        modality = header.string(.modality) ?? ""
    }
}
