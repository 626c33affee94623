/// Districts and roads of the scenario. Roads are well-known ones; house numbers and people are made up.
enum Places {
    struct District {
        var code: String
        var name: String
        var roads: [String]
        /// Share of the appeals.
        var weight: Int
    }

    static let districts: [District] = [
        District(code: "510104", name: "锦江区", roads: ["东大街", "红星路", "莲桂路", "三圣路"], weight: 90),
        District(code: "510105", name: "青羊区", roads: ["蜀都大道", "光华大道", "草市街", "东坡路"], weight: 95),
        District(code: "510106", name: "金牛区", roads: ["一环路北", "金府路", "抚琴西路", "茶店子路"], weight: 105),
        District(code: "510107", name: "武侯区", roads: ["人民南路", "武侯大道", "玉林南路", "簇桥路"], weight: 115),
        District(code: "510108", name: "成华区", roads: ["建设路", "二环路东", "猛追湾街", "万年路"], weight: 95),
        District(code: "510112", name: "龙泉驿区", roads: ["驿都大道", "龙都路", "大面街"], weight: 50),
        District(code: "510113", name: "青白江区", roads: ["红阳路", "华金大道"], weight: 20),
        District(code: "510114", name: "新都区", roads: ["马超路", "蓉都大道", "大丰街"], weight: 50),
        District(code: "510115", name: "温江区", roads: ["柳城大道", "光华大道三段"], weight: 35),
        District(code: "510116", name: "双流区", roads: ["棠湖路", "航空港路", "华阳路"], weight: 75),
        District(code: "510117", name: "郫都区", roads: ["望丛路", "犀浦路"], weight: 45),
        District(code: "510121", name: "金堂县", roads: ["迎宾大道"], weight: 15),
        District(code: "510181", name: "都江堰市", roads: ["彩虹大道", "观景路"], weight: 20),
        District(code: "510182", name: "彭州市", roads: ["天府路"], weight: 15),
        District(code: "510183", name: "邛崃市", roads: ["文君街"], weight: 12),
        District(code: "510184", name: "崇州市", roads: ["蜀州路"], weight: 12),
        District(code: "510185", name: "简阳市", roads: ["射洪坝路"], weight: 16),
        District(code: "gaoxin", name: "高新区", roads: ["天府大道", "益州大道", "中和大道"], weight: 95),
        District(code: "tianfu", name: "天府新区", roads: ["梓州大道", "正兴路"], weight: 40),
    ]

    static let weights = districts.map(\.weight)
}
