import Foundation

/// The page's own files, which are part of the program.
enum PageFiles {
    private static let files: [String: (type: String, bytes: [UInt8])] = [
        "/": ("text/html; charset=utf-8", PackageResources.index_html),
        "/icon.svg": ("image/svg+xml", PackageResources.icon_svg),
        "/page.css": ("text/css; charset=utf-8", PackageResources.page_css),
        "/main.js": (script, PackageResources.main_js),
        "/server.js": (script, PackageResources.server_js),
        "/dom.js": (script, PackageResources.dom_js),
        "/worklist.js": (script, PackageResources.worklist_js),
        "/series.js": (script, PackageResources.series_js),
        "/viewer.js": (script, PackageResources.viewer_js),
        "/frames.js": (script, PackageResources.frames_js),
        "/regions.js": (script, PackageResources.regions_js),
        "/stage.js": (script, PackageResources.stage_js),
        "/decide.js": (script, PackageResources.decide_js),
        "/rules.js": (script, PackageResources.rules_js),
        "/sample.js": (script, PackageResources.sample_js),
        "/keys.js": (script, PackageResources.keys_js),
    ]

    private static let script = "text/javascript; charset=utf-8"

    static func response(_ path: String) -> PageResponse? {
        files[path].map { PageResponse(type: $0.type, body: Data($0.bytes)) }
    }
}
