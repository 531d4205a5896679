public import Foundation

/// Asks for frames of a file to be looked at.
struct ViewRequest: Codable, Sendable {
    var path: String
    /// Stands for the file: a path may come to mean another one.
    var token: String
    /// Counted from 1; what lies behind the last frame there is is left out.
    var firstFrame: Int
    var lastFrame: Int
}

/// Frames to look at, from the one that was asked for on; there may be fewer than were asked for.
public struct ViewedFrames: Codable, Sendable {
    /// In stored pixels.
    public var rows: Int
    public var columns: Int
    public var numberOfFrames: Int
    public var frames: [ViewedFrame]
}

/// The samples of one frame, decoded and laid out for a page.
public struct ViewedFrame: Codable, Sendable {
    /// Of the picture: stored pixels, divided by `stride` and rounded up.
    public var width: Int
    public var height: Int
    public var stride: Int
    /// 1 for grey, 3 for RGB, interleaved.
    public var samplesPerPixel: Int
    /// 1 or 2, the latter little endian.
    public var bytesPerSample: Int
    /// From a grey sample to the output of the Modality LUT.
    public var slope: Double
    public var intercept: Double
    /// Whether the lowest value is white.
    public var isInverted: Bool
    /// Center and width, in units of the Modality LUT's output.
    public var windows: [[Double]]
    /// A raw deflate stream (RFC 1951).
    public var samples: Data
    /// What stands in Overlay Planes and unused bits: one byte a pixel, 0 or 1, deflated; nil where nothing does.
    public var layer: Data?
}
