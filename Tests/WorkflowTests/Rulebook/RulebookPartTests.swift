import Testing

@testable import Workflow

@Suite struct RulebookPartTests {
    @Test func whatFitsStaysAsItIs() {
        #expect(
            RulebookPart.split([("a.yaml", "city: x\n"), ("b.yaml", "")]) == [
                RulebookPart(name: "a.yaml", text: "city: x\n"), RulebookPart(name: "b.yaml", text: ""),
            ])
    }

    @Test(arguments: ["one\ntwo\nthree\n", "one\r\ntwo\r\nthree", "成都市锦江区\n春熙路街道办事处", "\n\n\n\n\n\n\n\n\n\n\n\n", "👩‍👩‍👧‍👦👩‍👩‍👧‍👦"], [4, 5, 7, 10, 11])
    func splitAndJoinGiveTheSameBytes(_ text: String, _ limit: Int) {
        let parts = RulebookPart.split([("first.yaml", "a"), ("x.yaml", text), ("last.yaml", "b")], limit: limit)
        #expect(parts.allSatisfy { $0.text.utf8.count <= limit && !$0.text.unicodeScalars.contains("\u{FFFD}") })
        let (files, broken) = RulebookPart.join(parts.reversed())
        #expect(broken.isEmpty)
        #expect(files.map(\.name) == ["last.yaml", "x.yaml", "first.yaml"])
        #expect(Array(files[1].text.utf8) == Array(text.utf8))
    }

    @Test func cutsAtLineEnds() {
        let parts = RulebookPart.split([("x", "one\ntwo\nthree\n")], limit: 8)
        #expect(parts == [RulebookPart(name: "x#1", text: "one\ntwo\n"), RulebookPart(name: "x#2", text: "three\n")])
    }

    @Test(arguments: [["x#1", "x#3"], ["x#2"], ["x#1", "x#1"], ["x", "x#1"], ["x", "x"]])
    func brokenFilesAreNamed(_ names: [String]) {
        let (files, broken) = RulebookPart.join(names.map { RulebookPart(name: $0, text: "a") })
        #expect(files.isEmpty)
        #expect(broken == ["x"])
    }

    /// The seed's 2,732 mailboxes on three levels (市县乡三级2732个政府领导网络信箱): several parts, each within its limit, and read quickly.
    @Test func mailboxesOfTheSeed() throws {
        var text = "mailboxes:\n"
        for number in 1...2_732 { text += "  m-\(number): { label: [第\(number)号领导信箱, Mailbox \(number)], unit: 510104, leader: leader-\(number) }\n" }
        let parts = RulebookPart.split([(RulebookCheckTests.base.name, RulebookCheckTests.base.text), ("mailboxes.yaml", text)])
        #expect(parts.count > 5)
        #expect(parts.allSatisfy { $0.text.utf8.count <= RulebookPart.maxTextBytes })
        let clock = ContinuousClock()
        var rulebook: Rulebook?
        let time = clock.measure { rulebook = RulebookCheck.read(parts, version: 1).rulebook }
        #expect(rulebook?.mailboxes.count == 2_732)
        #expect(time < .seconds(10))
    }
}
