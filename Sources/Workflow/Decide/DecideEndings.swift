import EventModel

/// 撤诉
func decideWithdrawn(_ command: Command) -> Decision {
    guard let withdrawn = AppealWithdrawn(command.data) else { return command.refusal(.memberMalformed, "/data") }
    if let refusal = command.ended { return .refused(refusal) }
    if let refusal = command.unknown(withdrawn.reason, in: .withdrawalReason, "reason") { return .refused(refusal) }
    return ending(withdrawn, command)
}

/// 终止办理
func decideTerminated(_ command: Command) -> Decision {
    guard let terminated = AppealTerminated(command.data) else { return command.refusal(.memberMalformed, "/data") }
    if let refusal = command.ended { return .refused(refusal) }
    if let refusal = command.unknown(terminated.reason, in: .terminationReason, "reason") { return .refused(refusal) }
    return ending(terminated, command)
}

/// Cases merged into it stand on their own again.
private func ending(_ payload: some EventPayload, _ command: Command) -> Decision {
    let children = command.state.children
    var draft = command.draft()
    draft.record(payload)
    draft.unmerge(children)
    return .admitted(draft.finish())
}

/// 重办: a closed case only; an archived one within the rating window (invariant I8).
func decideReopened(_ command: Command) -> Decision {
    let state = command.state
    guard var reopened = AppealReopened(command.data) else { return command.refusal(.memberMalformed, "/data") }
    guard state.status == .closed, state.round < 65_535 else {
        return command.refusal(.notClosed, "/type", [state.serial, state.status.rawValue])
    }
    if let refusal = command.ratingWindowOver { return .refused(refusal) }
    if let refusal = command.unknown(reopened.reason, in: .reopenReason, "reason") { return .refused(refusal) }
    reopened.round = state.round + 1

    var draft = command.draft()
    draft.record(reopened)
    return .admitted(draft.finish())
}

/// 归档: once it has ended; a merged case waits for its parent.
func decideArchived(_ command: Command) -> Decision {
    let state = command.state
    guard let archived = AppealArchived(command.data) else { return command.refusal(.memberMalformed, "/data") }
    if state.status == .merged, let refusal = command.ended { return .refused(refusal) }
    if state.status.isOpen { return command.refusal(.notEnded, "/type", [state.serial, state.status.rawValue]) }

    var draft = command.draft()
    draft.record(archived)
    return .admitted(draft.finish())
}

extension EventType {
    /// Whether it may come after the case was archived (invariant I8).
    var mayFollowArchiving: Bool {
        switch self {
        case .appealReopened, .appealRated, .appealCalledBack, .appealCodeReissued, .personErased, .publicityClassified, .publicityReviewed,
            .publicityWithdrawn:
            true
        default: false
        }
    }
}
