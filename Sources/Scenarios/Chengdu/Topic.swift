/// What appeals are about: category, the department whose matter it is, how often, and a few sentences to say it with.
///
/// In the sentences `{区}` is the district, `{路}` a road in it, `{号}` a house number.
struct Topic {
    var category: String
    /// End of the ids of the units in charge: `510104-transport`.
    var department: String
    /// Share of the appeals of 2016 and of 2017.
    var weights: (first: Int, second: Int)
    /// The line merged into 12345 on which such calls may still come in.
    var legacyLine: String?
    var title: String
    var text: String
    var reply: String

    static let all: [Topic] = [
        Topic(
            category: "transport.shared-bikes", department: "transport", weights: (10, 85), legacyLine: "12328", title: "{路}共享单车乱停放",
            text: "{路}{号}号门前的盲道被共享单车占满，老人和推婴儿车的只能走机动车道，请规范停放。", reply: "已会同运营企业清理{路}违停单车，并施划停放区，安排专人每日巡查。"),
        Topic(
            category: "housing.elevators", department: "housing", weights: (35, 60), legacyLine: nil, title: "{路}小区电梯频繁故障",
            text: "{路}{号}号小区的电梯一个月内困人三次，物业只说在等配件，请督促检修。", reply: "经现场检查，电梯曳引系统已更换并通过检验，物业已张贴检修记录。"),
        Topic(
            category: "health.pediatrics", department: "health", weights: (25, 45), legacyLine: "12320", title: "{区}儿童看病排队时间长",
            text: "周末带孩子在{区}看儿科，等了四个多小时，请增加儿科门诊。", reply: "已在周末增开儿科诊室两间，并开通分时段预约。"),
        Topic(
            category: "transport.dead-end-roads", department: "transport", weights: (30, 50), legacyLine: "12328", title: "请打通{路}断头路",
            text: "{路}修到{号}号附近就断了，两年没有动静，居民绕行三公里，请尽快打通。", reply: "该段已列入年度建设计划，征地已完成，预计年内通车。"),
        Topic(
            category: "transport.metro-fares", department: "transport", weights: (15, 40), legacyLine: "12328", title: "对地铁票制调整的建议",
            text: "建议地铁票制调整后增加换乘优惠，住在{区}的上班族每天换乘两次。", reply: "感谢建议，换乘优惠方案已纳入票制评估。"),
        Topic(
            category: "transport.bus", department: "transport", weights: (60, 55), legacyLine: "12328", title: "请恢复{路}公交站",
            text: "{路}{号}号旁的公交站撤了，老人要多走一公里，请恢复。", reply: "该站因施工临时撤销，施工结束后已恢复停靠。"),
        Topic(
            category: "transport.parking", department: "police", weights: (90, 95), legacyLine: nil, title: "{路}占道停车",
            text: "{路}{号}号路口两侧长期停满车，消防车进不去，请查处。", reply: "已加强{路}沿线巡查，依法处理违停车辆，并增设禁停标志。"),
        Topic(
            category: "transport.road-repair", department: "transport", weights: (70, 65), legacyLine: "12319", title: "{路}路面破损",
            text: "{路}{号}号前的路面有大坑，雨天看不见，已有人摔倒，请修补。", reply: "破损路面已修补完毕，恢复通行。"),
        Topic(
            category: "housing.property", department: "housing", weights: (120, 115), legacyLine: nil, title: "{路}小区物业服务差",
            text: "{路}{号}号小区的物业不公示收支，门禁坏了半年不修，请主管部门过问。", reply: "已约谈物业服务企业，门禁已修复，收支已在公示栏公布。"),
        Topic(
            category: "housing.title", department: "housing", weights: (60, 60), legacyLine: nil, title: "{路}楼盘迟迟不办产权证",
            text: "{路}{号}号楼盘交房三年仍未办理产权证，影响孩子入学，请协调。", reply: "开发企业欠缴的资料已补齐，可自本周起分批申请办理。"),
        Topic(
            category: "housing.demolition", department: "housing", weights: (45, 40), legacyLine: nil, title: "咨询{路}拆迁安置",
            text: "{路}{号}号一带说要拆迁，安置房什么时候能分配？", reply: "安置房主体已完工，分配方案公示后组织选房。"),
        Topic(
            category: "environment.noise", department: "environment", weights: (95, 90), legacyLine: "12369", title: "{路}工地夜间施工噪声",
            text: "{路}{号}号旁的工地凌晨两点还在施工，整栋楼睡不着，请处理。", reply: "已责令施工单位停止夜间施工，并依法立案。"),
        Topic(
            category: "environment.air", department: "environment", weights: (40, 45), legacyLine: "12369", title: "{路}烧烤油烟扰民",
            text: "{路}{号}号楼下的烧烤店没有油烟净化设备，请查处。", reply: "该店已安装油烟净化装置，复查达标。"),
        Topic(
            category: "environment.water", department: "environment", weights: (30, 30), legacyLine: "12369", title: "{路}河道发黑",
            text: "{路}旁的河道发黑发臭，怀疑有排污口，请排查。", reply: "已封堵错接的排污口一处，河道正在清淤。"),
        Topic(
            category: "city-management.vendors", department: "city-management", weights: (80, 75), legacyLine: "12319", title: "{路}占道经营",
            text: "{路}{号}号门口每天傍晚都是占道摊贩，出行困难，请管理。", reply: "已引导摊贩入市经营，并安排定点值守。"),
        Topic(
            category: "city-management.illegal-building", department: "city-management", weights: (60, 60), legacyLine: "12319", title: "举报{路}违法搭建",
            text: "{路}{号}号顶楼住户违法搭建阳光房，影响整栋楼安全。", reply: "经核查属违法建设，当事人已自行拆除。"),
        Topic(
            category: "city-management.lighting", department: "city-management", weights: (40, 35), legacyLine: "12319", title: "{路}路灯不亮",
            text: "{路}从{号}号往南的路灯不亮已经一周，晚上很危险。", reply: "线路故障已排除，路灯恢复照明。"),
        Topic(
            category: "education.enrolment", department: "education", weights: (50, 50), legacyLine: nil, title: "咨询{区}入学政策",
            text: "户口在外地，在{区}{路}租房居住，孩子入学需要哪些材料？", reply: "请于登记期内携带居住证、租赁备案和社保证明到划片学校登记。"),
        Topic(
            category: "education.training", department: "education", weights: (25, 25), legacyLine: nil, title: "{路}培训机构不退费",
            text: "{路}{号}号的培训机构关门，课时费不退，请帮助追回。", reply: "经协调，机构已与家长签订分期退费协议。"),
        Topic(
            category: "social-security.insurance", department: "human-resources", weights: (85, 80), legacyLine: "12333", title: "咨询养老保险转移",
            text: "社保从外地转回{区}，资料交了三个月没有结果，请问怎么查询？", reply: "转移已办结，可凭身份证在网上查询缴费记录。"),
        Topic(
            category: "social-security.wages", department: "human-resources", weights: (60, 55), legacyLine: "12333", title: "{路}工地拖欠工资",
            text: "在{路}{号}号工地做工四个月，工资一直拖欠，请帮助讨要。", reply: "劳动监察已责令支付，工资已全部发放到位。"),
        Topic(
            category: "market.consumer", department: "market", weights: (90, 85), legacyLine: nil, title: "{路}商家不履行三包",
            text: "在{路}{号}号买的家电坏了，商家拒绝保修，请处理。", reply: "经调解，商家同意免费更换。"),
        Topic(
            category: "market.food-safety", department: "market", weights: (45, 45), legacyLine: nil, title: "{路}餐馆卫生问题",
            text: "在{路}{号}号餐馆吃饭后全家腹泻，请检查卫生。", reply: "已现场检查并抽样，责令限期整改，复查合格。"),
        Topic(
            category: "market.prices", department: "market", weights: (20, 20), legacyLine: "12358", title: "{路}停车场乱收费",
            text: "{路}{号}号停车场不按公示价收费，请查处。", reply: "已责令退还多收费用，并重新公示价格。"),
        Topic(
            category: "public-safety.residence", department: "police", weights: (35, 35), legacyLine: nil, title: "咨询居住证办理",
            text: "在{区}租房，办理居住证需要什么手续？", reply: "携带身份证和居住登记凭证到辖区派出所申领。"),
        Topic(
            category: "utilities.water-supply", department: "water", weights: (40, 35), legacyLine: nil, title: "{路}停水",
            text: "{路}{号}号停水两天没有通知，请告知恢复时间。", reply: "管道抢修已完成，恢复正常供水。"),
        Topic(
            category: "governance.services", department: "netgov", weights: (40, 40), legacyLine: nil, title: "表扬{区}政务中心",
            text: "在{区}政务中心办事，工作人员耐心细致，特此表扬。", reply: "感谢您的肯定，我们将继续努力。"),
    ]

    static let firstWeights = all.map(\.weights.first)
    static let secondWeights = all.map(\.weights.second)
}
