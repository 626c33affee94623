public import EventModel

/// A case as `GET /v1/cases/{serial}` shows it (events.md).
public enum CaseDocument {
    /// Writes one JSON object: codes, times and numbers; opened text stands beside it, not in it.
    ///
    /// `now` decides whether a running deadline of the wall's clock has passed; working days are those of the rulebook's calendar, left out
    /// where it has none for a year.
    public static func write(
        _ state: CaseState, publicId: String, position: Position, asOf now: Instant, rulebook: Rulebook, into writer: inout JSONWriter
    ) {
        let view = View(state: state, now: now, rulebook: rulebook)
        writer.object { document in
            document.member("case", state.serial)
            document.member("publicId", publicId)
            document.member("status", state.status.rawValue)
            document.member("result", optional: state.status == .closed ? state.result : nil)
            document.member("round", state.round)
            document.member("revision", Int(state.revision))
            document.member("position", position.rawValue)
            document.member("profile", optional: state.profile)
            document.member("appellantKind", optional: state.appellantKind)
            document.member("channel", state.channel)
            document.member("group", state.group)
            document.member("mailbox", optional: state.mailbox)
            document.member("nature", optional: state.nature)
            document.member("category", optional: state.category)
            document.member("district", optional: state.district)
            document.member("urgency", optional: state.urgency)
            document.member("legacyLine", optional: state.legacyLine)
            document.member("accessClass", state.isWhistleblower ? "whistleblower" : "normal")
            document.member("receivedAt", state.receivedAt.text)
            document.member("acceptedAt", optional: state.acceptedAt?.text)
            document.member("declinedAt", optional: state.declinedAt?.text)
            document.member("closedAt", optional: state.closedAt?.text)
            document.member("endedAt", optional: state.endedAt?.text)
            document.member("archivedAt", optional: state.archivedAt?.text)
            document.member("reason", optional: state.status == .closed ? nil : state.endReason)
            document.member("mergedInto", optional: state.mergedInto)
            view.caseDeadlines(into: &document)
            document.member("assignments", array: { array in for item in state.assignments { view.assignment(item, into: &array) } })
            view.directAnswer(into: &document)
            document.member("instructions", array: { array in for item in state.instructions { view.instruction(item, into: &array) } })
            document.member("ratings", array: { array in for item in state.ratings { view.rating(item, into: &array) } })
            view.laterLife(into: &document)
            view.publicity(into: &document)
            document.member("links", array: { array in for item in state.links { view.link(item, into: &array) } })
            document.member("children", state.children)
            document.member("erased", !state.erased.isEmpty)
        }
    }
}

private struct View {
    let state: CaseState
    let now: Instant
    let rulebook: Rulebook

    func assignment(_ item: Assignment, into writer: inout JSONWriter) {
        writer.object { object in
            object.member("assignment", item.number)
            object.member("round", item.round)
            object.member("unit", item.unit)
            object.member("role", item.role.rawValue)
            object.member("status", item.status.rawValue)
            object.member("parent", optional: item.parent)
            object.member("replaces", optional: item.replaces)
            object.member("assignedAt", item.assignedAt.text)
            object.member("signedAt", optional: item.signedAt?.text)
            object.member("contactedAt", optional: item.contactedAt?.text)
            object.member("repliedAt", optional: item.repliedAt?.text)
            object.member("replyKind", optional: item.replyKind)
            object.member("workingDays", optional: item.repliedAt.flatMap { workingDays(from: item.assignedAt, to: $0) })
            object.member("promisedDate", optional: item.promisedDate?.description)
            object.member("ended", optional: item.end?.rawValue)
            object.member(
                "deadlines",
                array: { array in
                    for deadline in item.deadlines {
                        let stop = item.stop(of: deadline.kind)
                        let fixed: String? =
                            stop != nil || deadline.isVoid ? nil : item.holds(deadline) ? "paused" : state.isOver(deadline, of: item) ? "void" : nil
                        self.deadline(deadline, stop: stop, fixed: fixed, into: &array)
                    }
                    if item.isLive { pending(unit: item.unit, started: item.deadlines, isOfCase: false, into: &array) }
                })
        }
    }

    /// The case's own deadlines; most profiles have none, and then the member is left out.
    func caseDeadlines(into writer: inout JSONWriter) {
        var list = JSONWriter(capacity: 128)
        list.array { array in
            for deadline in state.deadlines { self.deadline(deadline, stop: state.stop(ofCase: deadline), into: &array) }
            if state.status.isOpen { pending(unit: nil, started: state.deadlines.filter { $0.round == state.round }, isOfCase: true, into: &array) }
        }
        if list.bytes.count > 2 { writer.member("deadlines", raw: list.bytes) }
    }

    private func deadline(_ deadline: Deadline, stop: Instant?, fixed: String? = nil, into writer: inout JSONWriter) {
        writer.object { object in
            object.member("kind", deadline.kind.name)
            object.member("within", optional: deadline.stated.within)
            object.member("dueDay", deadline.stated.dueDay.description)
            object.member("due", deadline.stated.due.text)
            object.member("originalDue", optional: deadline.original?.due.text)
            object.member("state", fixed ?? word(deadline, stop: stop))
        }
    }

    /// Limits of the profile whose start has not come.
    private func pending(unit: String?, started: [Deadline], isOfCase: Bool, into writer: inout JSONWriter) {
        guard state.acceptedAt != nil, let profile = rulebook.profile(of: state, unit: unit) else { return }
        for limit in profile.limits where limit.kind.isOfCase == isOfCase && !started.contains(where: { $0.kind == limit.kind }) {
            let isToCome: Bool =
                switch limit.from {
                case .assigned: isOfCase && !state.assignments.contains { $0.round == state.round }
                case .signed: true
                case .closed: isOfCase
                case .received, .accepted: false
                }
            guard isToCome else { continue }
            writer.object { object in
                object.member("kind", limit.kind.name)
                object.member("within", limit.within.description)
                object.member("state", "pending")
            }
        }
    }

    /// pending, running, met, late, overdue (past and still open), void.
    private func word(_ deadline: Deadline, stop: Instant?) -> String {
        if deadline.isVoid { return "void" }
        if let stop { return stop < deadline.due ? "met" : deadline.kind == .return ? "void" : "late" }
        let hasPassed = deadline.overdue == .recorded || (!state.isSourceClock && deadline.due <= now)
        if deadline.kind == .return { return hasPassed ? "void" : "running" }
        if deadline.kind.isOfCase, !state.isOwed(ofCase: deadline) { return deadline.overdue == .recorded ? "overdue" : "void" }
        return hasPassed ? "overdue" : "running"
    }

    private func workingDays(from start: EventTime, to end: EventTime) -> Int? {
        let days = rulebook.calendar.elapsedWorkingDays(after: rulebook.zone.day(of: start.instant), through: rulebook.zone.day(of: end.instant))
        return try? days.get()
    }

    func directAnswer(into writer: inout JSONWriter) {
        guard let answer = state.directAnswer else { return }
        writer.member(
            "directAnswer",
            object: { object in
                object.member("round", answer.round)
                object.member("unit", optional: answer.unit)
                object.member("leader", optional: answer.leader)
                object.member("post", optional: answer.post)
                object.member("kind", optional: answer.kind)
                object.member("at", answer.at.text)
            })
    }

    func instruction(_ item: CaseState.Instruction, into writer: inout JSONWriter) {
        writer.object { object in
            object.member("leader", item.leader)
            object.member("post", optional: item.post)
            object.member("kind", item.kind)
            object.member("at", item.at.text)
            object.member("toUnits", item.toUnits)
        }
    }

    func rating(_ item: CaseState.Rating, into writer: inout JSONWriter) {
        writer.object { object in
            object.member("round", item.round)
            object.member("handling", optional: item.handling)
            object.member("reply", optional: item.reply)
            object.member("solved", optional: item.solved)
            object.member("reason", optional: item.reason)
            object.member("via", optional: item.via)
            object.member("at", item.at.text)
        }
    }

    /// What most cases never have is left out.
    func laterLife(into document: inout JSONWriter) {
        if !state.callbacks.isEmpty { document.member("callbacks", array: { array in for item in state.callbacks { callback(item, into: &array) } }) }
        if !state.supplements.isEmpty {
            document.member(
                "supplements",
                array: { array in
                    for item in state.supplements {
                        array.object { object in
                            object.member("attachments", item.attachments)
                            object.member("at", item.at.text)
                        }
                    }
                })
        }
        if !state.urgings.isEmpty {
            document.member(
                "urgings",
                array: { array in
                    for item in state.urgings {
                        array.object { object in
                            if item.assignment > 0 { object.member("assignment", item.assignment) }
                            object.member("reason", item.reason)
                            object.member("at", item.at.text)
                        }
                    }
                })
        }
        if !state.supervisions.isEmpty {
            document.member("supervisions", array: { array in for item in state.supervisions { supervision(item, into: &array) } })
        }
        if !state.topics.isEmpty { document.member("topics", state.topics) }
    }

    private func callback(_ item: CaseState.Callback, into writer: inout JSONWriter) {
        writer.object { object in
            object.member("round", item.round)
            object.member("reached", item.reached)
            object.member("solved", optional: item.solved)
            object.member("handling", optional: item.handling)
            object.member("reply", optional: item.reply)
            object.member("attempt", optional: item.attempt)
            object.member("at", item.at.text)
        }
    }

    private func supervision(_ item: CaseState.Supervision, into writer: inout JSONWriter) {
        writer.object { object in
            if item.assignment > 0 { object.member("assignment", item.assignment) }
            object.member("level", item.level)
            object.member("reason", optional: item.reason)
            object.member("at", item.at.text)
            object.member("result", optional: item.result)
            object.member("endedAt", optional: item.endedAt?.text)
        }
    }

    /// A stage begins with acceptance or declining, with the first assignment, with closing; until publicity events are folded, a begun one waits
    /// for its reviewer.
    func publicity(into writer: inout JSONWriter) {
        let stages = [
            ("acceptance", state.acceptedAt != nil || state.declinedAt != nil), ("handling", !state.assignments.isEmpty),
            ("result", state.status == .closed),
        ]
        writer.member(
            "publicity",
            object: { object in
                for (stage, hasBegun) in stages { object.member(stage, state.isWhistleblower ? "withheld" : hasBegun ? "in-review" : "not-begun") }
            })
    }

    func link(_ item: CaseState.Link, into writer: inout JSONWriter) {
        writer.object { object in
            object.member("to", item.to)
            object.member("kind", item.kind)
            object.member("similarity", optional: item.similarity)
        }
    }
}
