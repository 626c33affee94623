import EventModel
import Testing

@testable import CaseImport

@Suite struct TimeAndTextTests {
    @Test(arguments: [
        ("yyyy/M/d H:mm:ss", "2019/4/25 9:32:09", "2019-04-25", 34_329), ("yyyy/M/d H:mm:ss", "2019/12/5 19:02:09", "2019-12-05", 68_529),
        ("MM/dd/yyyy hh:mm:ss a", "04/12/2018 12:45:48 PM", "2018-04-12", 45_948),
        ("MM/dd/yyyy hh:mm:ss a", "04/12/2018 12:00:00 AM", "2018-04-12", 0),
        ("MM/dd/yyyy hh:mm:ss a", "04/12/2018 01:00:00 PM", "2018-04-12", 46_800),
        ("yyyy-MM-dd'T'HH:mm:ss", "2019-04-08T08:37:20", "2019-04-08", 31_040),
        ("yyyy-MM-dd HH:mm", "2019-04-08 08:37", "2019-04-08", 31_020), ("d.M.yyyy H:mm", "8.4.2019 0:07", "2019-04-08", 420),
        ("yyyy年M月d日 H:mm", "2019年4月8日 8:37", "2019-04-08", 31_020),
    ])
    func reads(pattern: String, cell: String, day: String, second: Int) throws {
        #expect(try TimeFormat(pattern).read(cell) == TimeFormat.Reading(day: try #require(Day(day)), secondOfDay: second, offsetSeconds: nil))
    }

    @Test func datesAndOffsets() throws {
        #expect(try TimeFormat("yyyy/M/d").read("2018/4/24") == TimeFormat.Reading(day: try #require(Day("2018-04-24")), secondOfDay: nil))
        let format = try TimeFormat("yyyy-MM-dd'T'HH:mm:ssXXX")
        #expect(format.read("2018-04-24T00:00:00-05:30")?.offsetSeconds == -19_800)
        #expect(format.read("2018-04-24T00:00:00Z")?.offsetSeconds == 0)
        #expect(format.read("2018-04-24T00:00:00") == nil)
    }

    @Test(arguments: [
        ("yyyy/M/d H:mm:ss", "2019/4/25"), ("yyyy/M/d H:mm:ss", "2019/4/25 9:32:09 "), ("yyyy/M/d H:mm:ss", "2019/2/29 9:32:09"),
        ("yyyy/M/d H:mm:ss", "2019/4/25 24:00:00"), ("yyyy/M/d H:mm:ss", "2019/4/25 9:32:60"), ("yyyy/M/d H:mm:ss", "19/4/25 9:32:09"),
        ("MM/dd/yyyy hh:mm:ss a", "4/12/2018 12:45:48 PM"), ("MM/dd/yyyy hh:mm:ss a", "04/12/2018 13:45:48 PM"),
        ("MM/dd/yyyy hh:mm:ss a", "04/12/2018 00:45:48 AM"), ("MM/dd/yyyy hh:mm:ss a", "04/12/2018 12:45:48"), ("yyyy/M/d", ""), ("yyyy/M/d", "x"),
    ])
    func isStrict(pattern: String, cell: String) throws {
        #expect(try TimeFormat(pattern).read(cell) == nil)
    }

    @Test(arguments: [
        "", "yyyy", "yy/M/d", "yyyy/M/d h:mm", "yyyy/M/d HH", "yyyy/M/d mm", "yyyy/M/d 'T", "yyyy/M/d/d", "yyyy/MMM/d", "yyyy/M/d H:mm a",
    ])
    func badPatterns(pattern: String) {
        #expect(throws: TimeFormat.PatternError.self) { try TimeFormat(pattern) }
    }

    @Test func cleaning() {
        #expect(Cleaning.text("\u{3000}\n\t 信\r\n件\u{0}\u{7F}\u{FEFF} \t\u{A0}") == "信\n件")
        #expect(Cleaning.text("a\tb") == "a\tb")
        #expect(Cleaning.text(" \r\n ") == "")
        #expect(Cleaning.slug("Recreation & Parks") == "recreation-parks")
        #expect(Cleaning.slug("Mayor's Office") == "mayor-s-office")
        #expect(Cleaning.slug("  --DPW-- ") == "dpw")
        #expect(Cleaning.slug("信") == "")
        #expect(Cleaning.serial("18/00 269#879") == "18-00-269-879")
        #expect(Cleaning.identifier("18-00_a b%信") == "18-00_a%20b%25%E4%BF%A1")
        #expect(Cleaning.cut("信件", bytes: 5) == "信")
        #expect(Cleaning.cut("信件", bytes: 6) == "信件")
        #expect(Cleaning.cut("ae\u{301}", bytes: 2) == "ae")
    }
}
