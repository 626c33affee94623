import EventModel

/// 评价: of the case's own answer, or of its parent's if it was merged (invariant I7).
func decideRated(_ command: Command) -> Decision {
    let state = command.state
    guard var rated = AppealRated(command.data) else { return command.refusal(.memberMalformed, "/data") }
    if rated.round == 0 { rated.round = state.round }
    guard rated.round <= state.round, command.isAnswered(inRound: rated.round) else {
        return command.refusal(.nothingToRate, "/data/round", [state.serial, String(rated.round)])
    }
    if let refusal = command.ratingWindowOver { return .refused(refusal) }
    if let refusal = command.unknown(rated.reason, in: .unsatisfiedReason, "reason") { return .refused(refusal) }

    var draft = command.draft()
    draft.record(rated)
    return .admitted(draft.finish())
}

/// 回访: an attempt that reached nobody brings no answer.
func decideCalledBack(_ command: Command) -> Decision {
    let state = command.state
    guard let calledBack = AppealCalledBack(command.data) else { return command.refusal(.memberMalformed, "/data") }
    if !calledBack.reached {
        for member in ["solved", "handling", "reply"] where command.data[member] != nil {
            return command.refusal(.memberMalformed, "/data/\(member)", ["/data/\(member)"])
        }
    }
    guard command.isAnswered(inRound: state.round) else { return command.refusal(.nothingToRate, "/type", [state.serial, String(state.round)]) }
    if let refusal = command.ratingWindowOver { return .refused(refusal) }

    var draft = command.draft()
    draft.record(calledBack)
    return .admitted(draft.finish())
}

extension Command {
    /// The case's own answer, or its parent's if it was merged (invariant I7).
    func isAnswered(inRound round: Int) -> Bool {
        state.isAnswered(inRound: round) || state.mergedInto.flatMap(context.caseNamed)?.isAnswered == true
    }

    /// An archived case is rated, called back on or reopened within `ratingWindow` days of its closing only (invariant I8).
    var ratingWindowOver: Refusal? {
        guard state.archivedAt != nil, let closed = state.closings.last else { return nil }
        let lastDay = rulebook.zone.day(of: closed.at.instant).adding(days: rulebook.ratingWindowDays)
        if time.instant < rulebook.zone.start(of: lastDay.adding(days: 1)) { return nil }
        return Refusal(.ratingWindowOver, at: "/time", [state.serial, lastDay.description])
    }
}
