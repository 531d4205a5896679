/// Ways through the statements of a script, for checks and analyses.
enum ScriptWalk {
    /// Visits every statement in the order of the script.
    ///
    /// - Parameter visit: gets the statement and whether it is always reached: not in a branch.
    static func visit(_ statements: [ScriptStatement], _ visit: (ScriptStatement, Bool) -> Void) {
        walk(statements, isAlways: true, visit)
    }

    private static func walk(
        _ statements: [ScriptStatement], isAlways: Bool, _ visit: (ScriptStatement, Bool) -> Void
    ) {
        for statement in statements {
            visit(statement, isAlways)
            guard case .branches(let branches, let otherwise) = statement.kind else { continue }
            for branch in branches { walk(branch.statements, isAlways: false, visit) }
            walk(otherwise, isAlways: false, visit)
        }
    }

    /// The actions of a statement itself, not of its blocks.
    static func actions(_ statement: ScriptStatement) -> [ScriptAction] {
        switch statement.kind {
        case .action(let action): [action]
        case .choice(_, let action, let otherwise): [action] + (otherwise.map { [$0] } ?? [])
        default: []
        }
    }

    static func conditions(_ statement: ScriptStatement) -> [ScriptCondition] {
        switch statement.kind {
        case .choice(let condition, _, _): [condition]
        case .branches(let branches, _): branches.map(\.condition)
        default: []
        }
    }

    /// The values of a statement itself: of its conditions first, then of its actions.
    static func expressions(_ statement: ScriptStatement) -> [ScriptExpression] {
        conditions(statement).flatMap(expressions) + actions(statement).flatMap(expressions)
    }

    static func expressions(_ condition: ScriptCondition) -> [ScriptExpression] {
        switch condition.kind {
        case .comparison(let left, _, let right): [left, right]
        case .call(let call): [ScriptExpression(kind: .call(call), span: call.span)]
        }
    }

    static func expressions(_ action: ScriptAction) -> [ScriptExpression] {
        switch action.kind {
        case .assign(_, let value), .assignIfPresent(_, let value), .setVariable(_, let value): [value]
        case .call(let call): [ScriptExpression(kind: .call(call), span: call.span)]
        case .echo(let value): value.map { [$0] } ?? []
        case .delete: []
        }
    }

    /// Visits a value and all that it is made of.
    static func visit(_ expression: ScriptExpression, _ visit: (ScriptExpression) -> Void) {
        visit(expression)
        switch expression.kind {
        case .call(let call): for argument in call.arguments { self.visit(argument, visit) }
        case .list(let elements): for element in elements { self.visit(element, visit) }
        default: break
        }
    }
}
