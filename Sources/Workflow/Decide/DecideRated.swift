import EventModel

/// 评价: of the case's own answer, or of its parent's if it was merged (invariant I7).
func decideRated(_ command: Command) -> Decision {
    let state = command.state
    guard var rated = AppealRated(command.data) else { return command.refusal(.memberMalformed, "/data") }
    if rated.round == 0 { rated.round = state.round }
    let parent = state.mergedInto.flatMap(command.context.caseNamed)
    let isAnswered = rated.round <= state.round && (state.isAnswered(inRound: rated.round) || parent?.isAnswered == true)
    guard isAnswered else { return command.refusal(.nothingToRate, "/data/round", [state.serial, String(rated.round)]) }
    if let refusal = command.unknown(rated.reason, in: .unsatisfiedReason, "reason") { return .refused(refusal) }

    var draft = command.draft()
    draft.record(rated)
    return .admitted(draft.finish())
}
