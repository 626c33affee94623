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
            document.member("reason", optional: state.endReason)
            document.member("mergedInto", optional: state.mergedInto)
            view.caseDeadlines(into: &document)
            document.member("assignments", array: { array in for item in state.assignments { view.assignment(item, into: &array) } })
            view.directAnswer(into: &document)
            document.member("instructions", array: { array in for item in state.instructions { view.instruction(item, into: &array) } })
            document.member("ratings", array: { array in for item in state.ratings { view.rating(item, into: &array) } })
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
                    for deadline in item.deadlines { self.deadline(deadline, stop: item.stop(of: deadline.kind), into: &array) }
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

    private func deadline(_ deadline: Deadline, stop: Instant?, into writer: inout JSONWriter) {
        writer.object { object in
            object.member("kind", deadline.kind.name)
            object.member("within", optional: deadline.stated.within)
            object.member("dueDay", deadline.stated.dueDay.description)
            object.member("due", deadline.stated.due.text)
            object.member("state", word(deadline, stop: stop))
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
