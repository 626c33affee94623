import EventModel

/// Cases merged into one, at most: closing it must stay one commit.
let maxChildren = 500

/// 并单: the child's section first, then the link on the parent.
func decideMerged(_ command: Command) -> Decision {
    let state = command.state
    guard let merged = AppealMerged(command.data) else { return command.refusal(.memberMalformed, "/data") }
    guard let parent = command.context.caseNamed(merged.into),
        command.peer.sees(parent, command.rulebook, isAccessGranted: command.context.isAccessGranted(merged.into))
    else { return command.refusal(.caseUnknown, "/data/into") }
    // What accuses a unit must not reach it by way of the parent's assignments (invariant I11).
    if let unit = state.accusedUnit(among: parent.liveAssignments.map { $0.unit }, in: command.rulebook.units) {
        return command.refusal(.unitAccused, "/data/into", [unit])
    }
    if let refusal = command.ended { return .refused(refusal) }
    if merged.into == state.serial { return command.refusal(.mergedIntoItself, "/data/into", [state.serial]) }
    guard parent.status.isOpen else { return command.refusal(.parentNotOpen, "/data/into", [parent.serial, parent.status.rawValue]) }
    if !state.children.isEmpty { return command.refusal(.hasChildren, "/subject", [state.serial, String(state.children.count)]) }
    if parent.children.count >= maxChildren {
        return command.refusal(.tooManyChildren, "/data/into", [parent.serial, String(parent.children.count)])
    }

    var draft = command.draft()
    draft.record(merged)
    let section = draft.open(parent)
    draft.recordOverdue(asOf: command.time.instant, in: section)
    draft.add(AppealLinked(child: state.serial, similarity: merged.similarity), in: section)
    return .admitted(draft.finish())
}

/// 拆单: the child's section first; then the parent's link to it is void.
func decideUnmerged(_ command: Command) -> Decision {
    let state = command.state
    guard let unmerged = AppealUnmerged(command.data) else { return command.refusal(.memberMalformed, "/data") }
    if state.status != .merged, let refusal = command.ended { return .refused(refusal) }
    guard state.status == .merged else { return command.refusal(.notMerged, "/type", [state.serial]) }
    let parent = state.mergedInto.flatMap(command.context.caseNamed)

    var draft = command.draft()
    draft.record(unmerged)
    if let parent, let link = parent.childLinks.last(where: { $0.serial == state.serial }) {
        let section = draft.open(parent)
        draft.recordOverdue(asOf: command.time.instant, in: section)
        draft.add(AppealVoided(link.revision, .appealLinked), in: section)
    }
    return .admitted(draft.finish())
}

/// 关联: kinds repeat and related; the other case learns nothing of it.
func decideLinked(_ command: Command) -> Decision {
    let state = command.state
    guard let linked = AppealLinked(command.data) else { return command.refusal(.memberMalformed, "/data") }
    guard let other = command.context.caseNamed(linked.to),
        command.peer.sees(other, command.rulebook, isAccessGranted: command.context.isAccessGranted(linked.to))
    else { return command.refusal(.caseUnknown, "/data/to") }
    if linked.to == state.serial { return command.refusal(.linkedToItself, "/data/to", [state.serial]) }
    if state.links.contains(where: { $0.to == linked.to && $0.kind == linked.kind }) {
        return command.refusal(.alreadyLinked, "/data/to", [state.serial, linked.to])
    }
    var draft = command.draft()
    draft.record(linked)
    return .admitted(draft.finish())
}
