import EventModel

/// 催办
func decideUrged(_ command: Command) -> Decision {
    guard let urged = AppealUrged(command.data) else { return command.refusal(.memberMalformed, "/data") }
    if let refusal = command.ended { return .refused(refusal) }
    if urged.number > 0, case .failure(let refusal) = command.assignment(anyUnit: true) { return .refused(refusal) }
    if let refusal = command.unknown(urged.reason, in: .urgeReason, "reason") { return .refused(refusal) }

    var draft = command.draft()
    draft.record(urged)
    return .admitted(draft.finish())
}

/// 督办: with `within` it limits an assignment, the only live one unless it names another.
func decideSupervised(_ command: Command) -> Decision {
    guard var supervised = AppealSupervised(command.data) else { return command.refusal(.memberMalformed, "/data") }
    if let refusal = command.ended { return .refused(refusal) }
    if supervised.number > 0 || supervised.within != nil {
        switch command.assignment(anyUnit: true) {
        case .failure(let refusal): return .refused(refusal)
        case .success(let found): supervised.number = found.number
        }
    }
    if let within = supervised.within.flatMap({ Within($0) }) {
        var builder = StatementBuilder(command.rulebook)
        builder.add(builder.clock.deadline(.instruction, within, roll: .nextWorkingDay, from: "supervised", at: command.time.instant))
        if let gap = builder.gap { return .refused(Ladder.gap(gap, "/data/within")) }
        supervised.deadlines = builder.statement(rule: nil)
    }

    var draft = command.draft()
    draft.record(supervised, deadlines: supervised.deadlines)
    return .admitted(draft.finish())
}

/// 解除督办: after the end of the case, too.
func decideSupervisionEnded(_ command: Command) -> Decision {
    guard let ended = AppealSupervisionEnded(command.data) else { return command.refusal(.memberMalformed, "/data") }
    guard command.state.supervisions.contains(where: { $0.isOpen(of: ended.number) }) else {
        return command.refusal(.notSupervised, "/data/assignment", [command.state.serial, String(ended.number)])
    }
    var draft = command.draft()
    draft.record(ended)
    return .admitted(draft.finish())
}

/// 主题
func decideTopicTagged(_ command: Command) -> Decision {
    guard let tagged = AppealTopicTagged(command.data) else { return command.refusal(.memberMalformed, "/data") }
    var draft = command.draft()
    draft.record(tagged)
    return .admitted(draft.finish())
}

/// 补充: as long as the case is handled, by itself or as part of its parent.
func decideSupplemented(_ command: Command) -> Decision {
    guard let supplemented = AppealSupplemented(command.data) else { return command.refusal(.memberMalformed, "/data") }
    if command.state.status != .merged, let refusal = command.ended { return .refused(refusal) }
    var draft = command.draft()
    draft.record(supplemented)
    return .admitted(draft.finish())
}

/// 补发提取码: the next code of the case; earlier ones open it no more.
func decideCodeReissued(_ command: Command) -> Decision {
    guard var reissued = AppealCodeReissued(command.data) else { return command.refusal(.memberMalformed, "/data") }
    let code = ExtractionCode(epoch: command.context.codeEpoch, round: command.state.code.round &+ 1)
    reissued.code = code
    var draft = command.draft()
    draft.reissued(code)
    draft.record(reissued)
    return .admitted(draft.finish())
}
