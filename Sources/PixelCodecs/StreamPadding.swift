extension ArraySlice<UInt8> {
    /// Whether it is no more than padding behind a stream: the one byte that makes a length even (dcmtk writes anything
    /// there), or up to four zeros.
    package var isStreamPadding: Bool { count <= 1 || count <= 4 && allSatisfy { $0 == 0 } }
}
