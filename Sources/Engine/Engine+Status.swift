internal import EventLog
internal import EventModel
internal import Foundation
internal import Projections
internal import Workflow

extension Engine {
    /// How the engine is: head, views and their lag, queue, index, rulebook, counts, disk. No case data.
    public func status() -> Answer {
        let head = reader.head
        let queue = log.queueDepth
        let store = log.storeInfo
        let adopted = stage.rulebook
        let counts = counters.snapshot
        var writer = JSONWriter(capacity: 2_048)
        writer.object { status in
            status.member("state", log.isPoisoned ? "poisoned" : isReady ? "ready" : "stopping")
            status.member("origin", origin)
            status.member("position", head.position.rawValue)
            status.member("recordedTime", RFC3339.utc(head.recordedAt))
            status.member("root", TextCoding.base64(head.root))
            status.member("streams", Int(head.lastStream.rawValue) - Int(StreamNumber.firstCase.rawValue) + 1)
            status.member("names", Int(head.lastName))
            status.member("startedAt", RFC3339.utc(started))
            status.member("now", RFC3339.utc(clock()))
            status.member(
                "rulebook",
                object: { rulebook in
                    rulebook.member("version", adopted.rulebook.version)
                    rulebook.member("position", adopted.position.rawValue)
                    rulebook.member("timeZone", adopted.rulebook.zone.name)
                    rulebook.member("units", adopted.rulebook.units.units.count)
                    rulebook.member("mailboxes", adopted.rulebook.mailboxes.count)
                })
            status.member(
                "queue",
                object: { object in
                    object.member("events", queue.events)
                    object.member("eventsMax", configuration.queueEvents)
                    object.member("bytes", queue.bytes)
                    object.member("bytesMax", configuration.queueBytes)
                })
            status.member(
                "index",
                object: { index in
                    index.member("position", log.indexPosition.rawValue)
                    index.member("lag", head.position.rawValue - log.indexPosition.rawValue)
                    index.member("failure", optional: log.indexFailure)
                })
            status.member(
                "checkpoint",
                object: { checkpoint in
                    checkpoint.member("size", publisher.current?.checkpoint.size ?? 0)
                    checkpoint.member("failure", optional: signingFailure)
                })
            status.member(
                "views",
                array: { array in
                    for view in views.status() {
                        array.object { item in
                            item.member("name", view.name)
                            item.member("version", view.version)
                            item.member("state", view.state)
                            item.member("position", view.position.rawValue)
                            item.member("lag", head.position > view.position ? head.position.rawValue - view.position.rawValue : 0)
                        }
                    }
                })
            status.member(
                "counts",
                object: { object in
                    object.member("accepted", counts.accepted)
                    object.member("duplicate", counts.duplicates)
                    object.member("refused", counts.refused.values.reduce(0, +))
                    object.member("unavailable", counts.unavailable)
                    object.member("overdue", counts.overdue)
                })
            status.member(
                "disk",
                object: { disk in
                    disk.member("logBytes", store.fileBytes)
                    disk.member("mapBytes", store.mapSizeBytes)
                    disk.member("freeBytes", optional: freeBytes)
                })
        }
        return Answer(bytes: writer.bytes, position: head.position)
    }

    /// Whether the engine does its work: the writer runs, and every view follows the true head (less than 10,000 events behind, none parked).
    public func health() -> (healthy: Bool, detail: String) {
        if log.isPoisoned { return (false, "poisoned: the outcome of a commit is unknown; restart") }
        if let failure = log.indexFailure { return (false, "the index can't be written: \(failure)") }
        let head = head
        for view in views.status() where view.state == "parked" || head.rawValue > view.position.rawValue + 10_000 {
            return (false, "view \(view.name) is \(view.state) at \(view.position), the head is \(head)")
        }
        return (true, "position \(head)")
    }

    /// Prometheus text format 0.0.4.
    public func metrics() -> String {
        let head = reader.head
        let queue = log.queueDepth
        let counts = counters.snapshot
        var text = ""
        func metric(_ name: String, _ type: String, _ help: String, _ rows: [(labels: String, value: String)]) {
            text += "# HELP appeal_\(name) \(help)\n# TYPE appeal_\(name) \(type)\n"
            for row in rows { text += "appeal_\(name)\(row.labels) \(row.value)\n" }
        }
        metric("head_position", "gauge", "Position of the last durable event.", [("", "\(head.position)")])
        metric("log_bytes", "gauge", "Bytes of the log's data file.", [("", "\(log.storeInfo.fileBytes)")])
        metric("queue_events", "gauge", "Events waiting for the writer.", [("", "\(queue.events)")])
        metric("queue_bytes", "gauge", "Bytes waiting for the writer.", [("", "\(queue.bytes)")])
        metric(
            "index_lag_events", "gauge", "Events answered from memory, not yet in the index.",
            [("", "\(head.position.rawValue - log.indexPosition.rawValue)")])
        metric("poisoned", "gauge", "1 when writing has stopped until a restart.", [("", log.isPoisoned ? "1" : "0")])
        metric(
            "posts_total", "counter", "Posted events by outcome, since start.",
            [
                ("{outcome=\"accepted\"}", "\(counts.accepted)"), ("{outcome=\"duplicate\"}", "\(counts.duplicates)"),
                ("{outcome=\"unavailable\"}", "\(counts.unavailable)"),
            ])
        metric(
            "refusals_total", "counter", "Refused events by code, since start.",
            counts.refused.sorted { $0.key < $1.key }.map { ("{code=\"\($0.key)\"}", "\($0.value)") })
        metric("overdue_total", "counter", "Overdue facts recorded by the ticker, since start.", [("", "\(counts.overdue)")])
        metric("view_position", "gauge", "Position a view has applied.", views.status().map { ("{view=\"\($0.name)\"}", "\($0.position)") })
        metric(
            "view_lag_events", "gauge", "Events a view is behind the head.",
            views.status().map { ("{view=\"\($0.name)\"}", "\(head.position > $0.position ? head.position.rawValue - $0.position.rawValue : 0)") })
        return text
    }

    private var freeBytes: Int? {
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: configuration.dataDirectory)
        return (attributes?[.systemFreeSize] as? NSNumber)?.intValue
    }
}
