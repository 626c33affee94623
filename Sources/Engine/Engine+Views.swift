internal import EventLog
internal import EventModel
public import Projections
public import Workflow

extension Engine {
    private var names: (NameID) -> String? {
        let reader = reader
        return { reader.name($0) }
    }

    /// A page of a work queue: cases that match and that the peer sees (`unit mailbox status dueBefore overdue category sort cursor limit`).
    public func cases(_ query: [String: String], by peer: Peer) async throws(QueryFailure) -> Answer {
        guard peer.role != .admin else { throw .notGranted("管理员只看计数。", "An admin sees counts only.") }
        return try await onPool { [self] in
            let rulebook = rulebook
            let parsed = try CaseQuery(parameters: query, zone: rulebook.zone)
            let seesAll = peer.role == .operator || peer.role == .auditor || peer.holds(.dispatch)
            let view = views.caseFile
            let page = try view.page(parsed, rulebook: rulebook, names: names) { summary in
                if seesAll { return !summary.isWhistleblower }
                guard let serial = (try? reader.streamName(summary.stream))?.rawValue, let held = try? heldCase(serial) else { return false }
                return Visibility.scopes(of: held.state, for: peer, rulebook: rulebook) != nil
            }
            let bytes = try view.json(page, rulebook: rulebook, names: names) { try reader.streamName($0)?.rawValue }
            return Answer(bytes: bytes, position: page.position)
        }
    }

    /// Figures by named, versioned definition (`period by definition basis compare series unit`): exact fractions, base, calendar, position.
    public func kpi(_ query: [String: String], by peer: Peer) async throws(QueryFailure) -> Answer {
        try await onPool { [self] in
            let answer = try views.departmentKPI.query(KPIQuery(parameters: query), rulebook: rulebook, names: names)
            return Answer(bytes: answer.json(), position: answer.position)
        }
    }

    /// The public feed (三公开), newest first (`stage cursor limit`). The same for everybody.
    public func feed(_ query: [String: String]) async throws(QueryFailure) -> Answer {
        try await onPool { [self] in
            let rulebook = rulebook
            let view = views.publicFeed
            let page = try view.page(FeedQuery(parameters: query), policy: rulebook.publicity)
            let bytes = try view.json(page, rulebook: rulebook, names: names) { stream in
                try reader.streamName(stream).map { keyring.publicID(serial: $0.rawValue) }
            }
            return Answer(bytes: bytes, position: page.position)
        }
    }

    /// The views, each with version, position, lag and state.
    public func projections() -> Answer {
        var writer = JSONWriter()
        writer.object { answer in
            answer.member(
                "items",
                array: { items in
                    for view in views.status() {
                        items.object { item in
                            item.member("name", view.name)
                            item.member("version", view.version)
                            item.member("build", view.build)
                            item.member("state", view.state)
                            item.member("reason", optional: view.reason)
                            item.member("position", view.position.rawValue)
                            item.member("lag", view.lag)
                            item.member("rows", view.rows)
                            item.member("rebuilding", view.isRebuilding)
                        }
                    }
                })
        }
        return Answer(bytes: writer.bytes, position: head)
    }

    /// Builds a view anew beside the live one, which goes on answering, and swaps them.
    ///
    /// `progress` is called about four times a second and at the end. Needs the grant `operate` or the role admin.
    public func rebuildProjection(
        _ name: String, by peer: Peer, progress: @escaping @Sendable (RebuildProgress) -> Void = { _ in }
    ) async throws(QueryFailure) -> Answer {
        guard peer.role == .admin || peer.holds(.operate) else { throw .notGranted("重建视图需要 operate 权限。", "Rebuilding needs the grant operate.") }
        do {
            try await views.rebuild(name, progress: progress)
        } catch ViewError.unknownView {
            throw .notFound(
                "没有视图 \(name)；有：\(ProjectionSet.names.joined(separator: "、"))。",
                "There is no view \(name); there are \(ProjectionSet.names.joined(separator: ", ")).")
        } catch ViewError.rebuilding {
            throw QueryFailure(
                Problem(
                    code: "rebuilding", number: 403, status: 409, isTransient: true, title: ("正在重建", "Being rebuilt"),
                    detail: ("视图 \(name) 正在重建。", "View \(name) is being rebuilt.")))
        } catch {
            throw .failed(error)
        }
        var writer = JSONWriter()
        writer.object { answer in
            for view in views.status() where view.name == name {
                answer.member("name", view.name)
                answer.member("version", view.version)
                answer.member("build", view.build)
                answer.member("position", view.position.rawValue)
                answer.member("rows", view.rows)
            }
        }
        return Answer(bytes: writer.bytes, position: head)
    }

    /// The rulebook in force: version, position, and its parts as adopted.
    public func rulebookDocument() -> Answer {
        let adopted = stage.rulebook
        var writer = JSONWriter(capacity: 65_536)
        writer.object { answer in
            answer.member("version", adopted.rulebook.version)
            answer.member("position", adopted.position.rawValue)
            answer.member(
                "parts",
                array: { parts in
                    for part in adopted.parts {
                        parts.object { item in
                            item.member("name", part.name)
                            item.member("text", part.text)
                        }
                    }
                })
        }
        return Answer(bytes: writer.bytes, position: head)
    }
}
