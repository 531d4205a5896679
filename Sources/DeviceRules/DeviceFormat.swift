/// What the ledger and reports show of the device and the size of an image; where all of it is equal, a banner stands at the
/// same place.
public struct DeviceFormat: Hashable, Sendable, Codable {
    public var modality: String
    /// A maker that is known, else `other`.
    public var manufacturer: String
    public var model: String
    /// Nil without pixels.
    public var rows: Int?
    public var columns: Int?

    public init(modality: String, manufacturer: String, model: String, rows: Int?, columns: Int?) {
        self.modality = modality
        self.manufacturer = manufacturer
        self.model = model
        self.rows = rows
        self.columns = columns
    }
}

/// What a rule asks of a `DeviceFormat`; what is nil isn't asked.
public struct DeviceMatch: Hashable, Sendable, Codable {
    public var modality: String?
    public var manufacturer: String?
    public var model: String?
    public var rows: Int?
    public var columns: Int?

    public init(
        modality: String? = nil, manufacturer: String? = nil, model: String? = nil, rows: Int? = nil,
        columns: Int? = nil
    ) {
        self.modality = modality
        self.manufacturer = manufacturer
        self.model = model
        self.rows = rows
        self.columns = columns
    }

    public func matches(_ format: DeviceFormat) -> Bool {
        (modality.map { $0 == format.modality } ?? true) && (manufacturer.map { $0 == format.manufacturer } ?? true)
            && (model.map { $0 == format.model } ?? true) && (rows.map { $0 == format.rows } ?? true)
            && (columns.map { $0 == format.columns } ?? true)
    }
}
