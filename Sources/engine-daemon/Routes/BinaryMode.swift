import Engine
import EventModel
import HTTPTypes
import HummingbirdCore

/// CloudEvents binary mode: attributes in `ce-*` fields, percent-encoded; the body is the data. It is made into the event it stands for.
enum BinaryMode {
    static func isUsed(_ fields: HTTPFields) -> Bool {
        fields.contains { $0.name.canonicalName == "ce-specversion" || $0.name.canonicalName == "ce-id" }
    }

    /// - Throws: `Refused` if the data is no JSON, or an attribute no text.
    static func event(_ exchange: Exchange, data: [UInt8]) throws -> [UInt8] {
        let fields = exchange.request.headers
        if !data.isEmpty {
            guard let type = exchange.contentType, type.name == MediaTypes.json, type.isUTF8 else {
                throw Refused(HTTPProblems.mediaType([MediaTypes.json]))
            }
            // Checked before it is put into the event: data that closes the object early could bring attributes of its own.
            var limits = JSONLimits()
            limits.fractions = true
            do throws(JSONScanError) {
                _ = try JSONDocument(data, limits: limits)
            } catch {
                throw Refused(
                    HTTPProblems.malformedJSON("数据不是合法的 JSON（\(error)）。", "The data is no valid JSON (\(error)).", pointer: "/data"))
            }
        }
        var writer = JSONWriter(capacity: data.count + 512)
        var names: Set<String> = []
        try writer.object { event in
            for field in fields where field.name.canonicalName.hasPrefix("ce-") {
                let name = String(field.name.canonicalName.dropFirst(3))
                guard names.insert(name).inserted, name != "datacontenttype", name != "data", let value = PercentCoding.decode(field.value[...])
                else {
                    throw Refused(attribute(name))
                }
                if name == "expectedrevision" {
                    guard let number = Position(digits: value) else { throw Refused(attribute(name)) }
                    event.member(name, number.rawValue)
                } else {
                    event.member(name, value)
                }
            }
            if !data.isEmpty {
                event.member("datacontenttype", MediaTypes.json)
                event.member("data", raw: data)
            }
        }
        return writer.bytes
    }

    private static func attribute(_ name: String) -> Problem {
        Problem(
            code: "attribute-malformed", number: 105, status: 400, title: ("属性格式错误", "Malformed attribute"),
            detail: ("头部 ce-\(name) 重复、不允许或不是百分号编码的 UTF-8。", "The field ce-\(name) is doubled, not allowed, or no percent-coded UTF-8."),
            pointer: "/\(name)")
    }
}
