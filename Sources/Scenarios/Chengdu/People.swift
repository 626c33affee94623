/// Made-up appellants. The numbers are those of the operator's own sample number 13800138000 and its neighbours.
enum People {
    private static let surnames = Array("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗").map(String.init)
    private static let given = [
        "伟", "芳", "娜", "敏", "静", "秀英", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超", "秀兰", "霞", "平", "刚", "桂英", "小明",
    ]

    static func name(_ random: inout SeededRandom) -> String { random.pick(surnames) + random.pick(given) }

    static func phone(_ random: inout SeededRandom) -> String { "138001380" + String(random.within(10...99)) }

    static func enterprise(_ random: inout SeededRandom) -> String {
        "成都" + random.pick(["锦程", "蓉信", "天华", "川联", "宏远"]) + random.pick(["商贸", "科技", "餐饮", "物流"]) + "有限公司"
    }
}
