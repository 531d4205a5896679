/// Why an edit can't be made; the interpreter adds where in the script.
struct EditProblem: Error {
    let message: String

    init(_ message: String) {
        self.message = message
    }
}
