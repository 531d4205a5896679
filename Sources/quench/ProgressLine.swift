import Foundation
import Pipeline
import Synchronization

/// Shows how far a run is: one line that is drawn again on a terminal, a plain line now and then elsewhere.
final class ProgressLine: Sendable {
    private struct State {
        var stage: ProgressUpdate.Stage?
        var stageStart = ContinuousClock.now
        var lastShown = ContinuousClock.now - .seconds(60)
        var isLineOpen = false
    }

    private let state = Mutex(State())
    private let isTerminal = Console.errorIsTerminal

    func show(_ update: ProgressUpdate) {
        guard update.total > 0 else { return }
        state.withLock { state in
            let now = ContinuousClock.now
            if state.stage != update.stage {
                if state.isLineOpen { Self.write("\n") }
                state = State(stage: update.stage, stageStart: now, lastShown: now - .seconds(60))
            }
            let isEnd = update.done == update.total
            guard isEnd || now - state.lastShown >= (isTerminal ? .milliseconds(200) : .seconds(10)) else { return }
            state.lastShown = now
            let text = Self.text(update, seconds: (now - state.stageStart) / .seconds(1))
            Self.write(isTerminal ? "\r\u{1B}[K" + text + (isEnd ? "\n" : "") : text + "\n")
            state.isLineOpen = isTerminal && !isEnd
        }
    }

    /// Ends an open line, so that what follows stands on its own.
    func end() {
        state.withLock { state in
            if state.isLineOpen { Self.write("\n") }
            state.isLineOpen = false
        }
    }

    /// `inspecting 120/400, 35.2/s, 8 s left`.
    static func text(_ update: ProgressUpdate, seconds: Double) -> String {
        var text = "\(update.stage.rawValue) \(update.done)/\(update.total)"
        guard update.done > 0, seconds > 0 else { return text }
        let rate = Double(update.done) / seconds
        text += String(format: ", %.1f/s", rate)
        let left = Int((Double(update.total - update.done) / rate).rounded(.up))
        if left > 0 { text += left >= 120 ? ", \(left / 60) min left" : ", \(left) s left" }
        return text
    }

    private static func write(_ text: String) {
        Console.prompt(text)
    }
}
