/// The words of one refusal, in both languages. `{}` stands for a parameter.
struct RefusalText: Sendable {
    struct Pair: Sendable {
        var zh: String
        var en: String
        subscript(language: Language) -> String { language == .zh ? zh : en }
    }
    var title: Pair
    var detail: Pair
    var next: Pair?

    init(_ zh: String, _ en: String, detail: (String, String), next: (String, String)? = nil) {
        title = Pair(zh: zh, en: en)
        self.detail = Pair(zh: detail.0, en: detail.1)
        self.next = next.map { Pair(zh: $0.0, en: $0.1) }
    }
}

extension RefusalCode {
    var text: RefusalText { Self.texts[self]! }

    /// Titles, details and remedies by code; a test asserts that every code has its own.
    static let texts: [RefusalCode: RefusalText] = formTexts.merging(grantTexts) { $1 }.merging(stateTexts) { $1 }.merging(laterTexts) { $1 }.merging(
        ruleTexts
    ) { $1 }

    private static let formTexts: [RefusalCode: RefusalText] = [
        .eventTooLarge: RefusalText(
            "事件过大", "The event is too large", detail: ("事件有 {} 字节，上限 {}。", "The event has {} bytes, the limit is {}."),
            next: ("大附件请另存，只提交链接与 SHA-256。", "Store large attachments elsewhere and post a link with its SHA-256.")),
        .mediaTypeUnsupported: RefusalText(
            "内容类型不支持", "The media type is not supported",
            detail: ("datacontenttype 只能是 application/json。", "datacontenttype must be application/json.")),
        .malformedJSON: RefusalText(
            "不是合规的 JSON", "The text is not strict JSON", detail: ("{}，在第 {} 字节。", "{} at byte {}."),
            next: ("发送无重复成员、无小数的 UTF-8 JSON。", "Send UTF-8 JSON without duplicate members and fractions.")),
        .notAnEvent: RefusalText(
            "不是 CloudEvents 1.0 事件", "The text is no CloudEvents 1.0 event",
            detail: ("事件须是对象，data 须是 JSON 对象，不接受 data_base64。", "An event is an object, its data a JSON object; data_base64 is not taken.")),
        .attributeMissing: RefusalText(
            "缺少必需的属性", "A required attribute is missing", detail: ("缺少属性 {}。", "The attribute {} is missing."),
            next: ("engine-ctl example TYPE 给出最小事件。", "engine-ctl example TYPE prints a least event.")),
        .attributeMalformed: RefusalText(
            "属性格式不对", "An attribute is malformed", detail: ("属性 {} 的值不合规。", "The value of the attribute {} is not as specified.")),
        .typeUnknown: RefusalText(
            "没有这种事件", "There is no such event type", detail: ("type 不在事件表中。", "The type is not in the table of events."),
            next: ("事件表见 docs/reference/events.md。", "See docs/reference/events.md for the table.")),
        .typeNotAvailable: RefusalText(
            "本版本尚不接收这种事件", "This version doesn't take this type yet", detail: ("{} 尚未开放。", "{} is not available yet."),
            next: ("升级引擎后再提交。", "Post it again after an upgrade of the engine.")),
        .engineOnly: RefusalText(
            "这种事件只由引擎产生", "Only the engine makes this event", detail: ("{} 不能提交。", "{} can't be posted.")),
        .subjectMissing: RefusalText(
            "缺少受理流水号", "The case's serial is missing", detail: ("subject 须是受理流水号。", "subject must be the case's serial.")),
        .subjectNotExpected: RefusalText(
            "这种事件没有 subject", "This type takes no subject", detail: ("{} 不属于任何诉求，不带 subject。", "{} belongs to no case: leave subject out.")),
        .unknownMember: RefusalText(
            "data 中有未知成员", "data has an unknown member", detail: ("{} 不在该事件的成员表中。", "{} is not in the type's table of members."),
            next: ("请检查拼写；见 docs/reference/events.md。", "Check the spelling; see docs/reference/events.md.")),
        .memberNotYours: RefusalText(
            "该成员由引擎填写", "The engine sets this member", detail: ("{} 不能提交。", "{} can't be posted."),
            next: ("去掉该成员。", "Leave the member out.")),
        .memberMissing: RefusalText(
            "缺少必需的成员", "A required member is missing", detail: ("缺少 {}（或其替代成员）。", "{} (or its alternative) is missing."),
            next: ("engine-ctl example TYPE 给出最小事件。", "engine-ctl example TYPE prints a least event.")),
        .memberKind: RefusalText("成员类型不对", "A member has the wrong kind", detail: ("{} 的 JSON 类型不对。", "{} has the wrong JSON kind.")),
        .memberTooLong: RefusalText("成员过长", "A member is too long", detail: ("{} 超过上限。", "{} is over its limit.")),
        .memberMalformed: RefusalText(
            "成员的值不合规", "A member's value is not as specified",
            detail: ("{} 的值不在规定的写法或取值之内。", "{} is not spelled as specified or not one of its values."),
            next: ("见 docs/reference/events.md。", "See docs/reference/events.md.")),
        .openMembersTooLarge: RefusalText(
            "明文成员过大", "The open members are too large", detail: ("明文成员有 {} 字节，上限 {}。", "The open members have {} bytes, the limit is {}.")),
    ]

    private static let grantTexts: [RefusalCode: RefusalText] = [
        .sourceNotGranted: RefusalText(
            "来源未授权", "The source is not granted", detail: ("本接入方不得使用该 source。", "This peer may not post under this source."),
            next: ("请管理员在配置 peers 中加入来源前缀。", "Ask the admin to add the prefix to the peer's sources.")),
        .idConflict: RefusalText(
            "同一 id 已用于另一内容", "The id is known with other content",
            detail: ("该 source 与 id 已记录，内容不同。", "This source and id are recorded with other content."),
            next: ("新事件用新的 id。", "Give a new event a new id.")),
        .batchPartlyKnown: RefusalText(
            "批次中部分事件已记录", "Part of the batch is known",
            detail: ("整批提交要么全新，要么全部已记录。", "An atomic batch must be all new or all known.")),
        .typeNotGranted: RefusalText(
            "无权提交这种事件", "The peer may not post this type", detail: ("{} 需要权限 {}。", "{} needs the grant {}.")),
        .unitNotGranted: RefusalText(
            "无权代表该单位", "The peer doesn't speak for this unit", detail: ("单位 {} 不属于本接入方。", "The unit {} is not one of this peer's.")),
        .leaderNotGranted: RefusalText(
            "无权代表该领导", "The peer doesn't speak for this leader",
            detail: ("data.leader 缺失，或不是本接入方的领导。", "data.leader is missing or not one of this peer's leaders.")),
        .mailboxNotGranted: RefusalText(
            "无权使用该信箱", "The mailbox is not granted", detail: ("data.mailbox 不是本接入方的信箱。", "data.mailbox is not one of this peer's mailboxes.")),
        .subjectNotGranted: RefusalText(
            "只有导入方可自带流水号", "Only an importer brings its own serial",
            detail: ("appeal.received 不带 subject；自带流水号需要权限 backfill。", "Leave subject out of appeal.received; own serials need the grant backfill.")),
        .timeInFuture: RefusalText(
            "时间在将来", "The time lies in the future",
            detail: ("time 晚于引擎时钟 {} 秒，最多允许 300 秒。", "time is {} s ahead of the engine's clock, 300 s are allowed."),
            next: ("校准时钟后再提交。", "Set the clock and post it again.")),
        .timeTooOld: RefusalText(
            "时间过早", "The time is too old", detail: ("time 早于引擎时钟 {} 秒，最多允许 {} 秒。", "time is {} s behind the engine's clock, {} s are allowed."),
            next: ("补录历史事件需要权限 backfill。", "Recording history needs the grant backfill.")),
        .caseUnknown: RefusalText(
            "没有这件诉求", "There is no such case", detail: ("没有这个流水号，或本接入方无权看到它。", "No case has this serial, or this peer may not see it.")),
        .serialTaken: RefusalText("流水号已被使用", "The serial is taken", detail: ("流水号 {} 已有诉求。", "There is a case with the serial {}.")),
        .unitAccused: RefusalText(
            "该单位被举报", "The unit is accused in this case",
            detail: ("不得把诉求交给被举报单位 {} 或其下级。", "The case may not go to the accused unit {} or one below it."),
            next: ("请派给其上级或其他单位。", "Assign it to a unit above or beside.")),
        .revisionConflict: RefusalText(
            "诉求已有新的事件", "The case has moved on", detail: ("诉求现在的版本是 {}。", "The case is at revision {}."),
            next: ("读取最新状态后重新决定。", "Read the case again and decide anew.")),
    ]

    private static let stateTexts: [RefusalCode: RefusalText] = [
        .caseClosed: RefusalText(
            "诉求已办结", "The case is closed", detail: ("诉求 {} 已办结。", "The case {} is closed."),
            next: ("需要重办时先提交 appeal.reopened。", "Reopen it first: appeal.reopened.")),
        .caseDeclined: RefusalText("诉求不予受理", "The case was declined", detail: ("诉求 {} 已不予受理。", "The case {} was declined.")),
        .caseWithdrawn: RefusalText("诉求已撤回", "The case was withdrawn", detail: ("诉求 {} 已撤诉。", "The case {} was withdrawn.")),
        .caseTerminated: RefusalText("诉求已终止办理", "The case was terminated", detail: ("诉求 {} 已终止办理。", "The case {} was terminated.")),
        .caseMerged: RefusalText(
            "诉求已并单", "The case was merged", detail: ("诉求 {} 已并入 {}。", "The case {} was merged into {}."), next: ("请对主件提交。", "Post it to the parent.")),
        .alreadyAccepted: RefusalText(
            "诉求已受理", "The case is accepted already", detail: ("诉求 {} 已于 {} 受理。", "The case {} was accepted at {}.")),
        .alreadyHandled: RefusalText(
            "诉求已派单或已答复", "The case is in hand or answered", detail: ("诉求 {} 的状态是 {}，不能直接答复。", "The case {} is {}: it can't be answered directly.")),
        .assignmentUnknown: RefusalText("没有这张工单", "There is no such assignment", detail: ("诉求没有工单 {}。", "The case has no assignment {}.")),
        .assignmentMissing: RefusalText(
            "没有可办的工单", "There is no live assignment for it", detail: ("诉求 {} 没有本接入方的在办工单。", "The case {} has no live assignment of this peer.")),
        .assignmentAmbiguous: RefusalText(
            "须指明工单", "The assignment must be named", detail: ("有 {} 张在办工单。", "There are {} live assignments."),
            next: ("在 data.assignment 中写明工单号。", "Name it in data.assignment.")),
        .assignmentEnded: RefusalText("工单已结束", "The assignment has ended", detail: ("工单{}（{}）已结束。", "Assignment {} ({}) has ended.")),
        .alreadySigned: RefusalText(
            "工单已签收", "The assignment is signed already", detail: ("工单{}（{}）已签收。", "Assignment {} ({}) is signed or past that.")),
        .alreadyReplied: RefusalText(
            "工单已回复", "The assignment is replied already", detail: ("工单{}（{}）已有有效回复。", "Assignment {} ({}) has a counted reply.")),
        .returnPending: RefusalText(
            "退单申请待定", "A return is pending", detail: ("工单{}（{}）的退单申请尚未裁定。", "The return of assignment {} ({}) has not been ruled on.")),
        .notCountedYet: RefusalText(
            "尚无有效回复，不能办结", "No counted reply yet: it can't be closed", detail: ("工单{}（{}）尚未回复。", "Assignment {} ({}) has no counted reply."),
            next: ("先提交 appeal.replied，或在 data.dropped 中说明理由。", "Post appeal.replied first, or give the reason in data.dropped.")),
        .notReturning: RefusalText("没有待定的退单申请", "No return is pending", detail: ("工单{}（{}）没有退单申请。", "Assignment {} ({}) has no pending return.")),
        .returnFinal: RefusalText("该工单不得再退", "The assignment may not be returned", detail: ("工单{}（{}）已指定承办。", "Assignment {} ({}) is final.")),
        .unitHasAssignment: RefusalText(
            "该单位已有在办工单", "The unit has a live assignment", detail: ("单位 {} 在办工单{}。", "The unit {} holds assignment {}."),
            next: ("改派请写明 data.replaces。", "To replace it, name it in data.replaces.")),
        .leadExists: RefusalText(
            "已有主办单位", "There is a lead unit already", detail: ("主办是工单{}（{}）。", "The lead is assignment {} ({})."),
            next: ("请以协办派单，或写明 data.replaces。", "Assign as co, or name it in data.replaces.")),
        .dropNotLive: RefusalText(
            "不能略去该工单", "This assignment can't be dropped", detail: ("工单{}不是未回复的在办工单。", "Assignment {} is no live assignment without a reply.")),
        .nothingToRate: RefusalText(
            "尚无答复可评价", "There is no answer to rate", detail: ("诉求 {} 第 {} 轮尚无有效回复。", "The case {} has no counted reply in round {}.")),
        .parentNotOpen: RefusalText("主件已结束", "The parent is not open", detail: ("诉求 {} 的状态是 {}。", "The case {} is {}.")),
        .mergedIntoItself: RefusalText(
            "不能并入自身", "A case can't be merged into itself", detail: ("诉求 {} 不能并入自身。", "The case {} can't be merged into itself.")),
        .hasChildren: RefusalText(
            "该件下有并入件", "The case has merged children", detail: ("诉求 {} 有 {} 件并入件。", "The case {} has {} children."),
            next: ("请反过来把主件并入它，或先拆单。", "Merge the other way round, or unmerge them first.")),
        .tooManyChildren: RefusalText("并入件过多", "The parent has too many children", detail: ("诉求 {} 已有 {} 件并入件。", "The case {} has {} children.")),
        .tooManyAssignments: RefusalText(
            "工单过多", "The case has too many assignments", detail: ("诉求 {} 已有 {} 张工单。", "The case {} has {} assignments.")),
        .externalKnown: RefusalText(
            "外部帖子已收件", "The external post is known", detail: ("该平台的这条帖子已是诉求 {}。", "This post of the platform is the case {}.")),
        .clockBackwards: RefusalText("源时钟不能倒退", "A source clock can't go back", detail: ("来源的时钟已到 {}。", "The source's clock stands at {}.")),
    ]

    /// Of the later life of a case.
    private static let laterTexts: [RefusalCode: RefusalText] = [
        .caseArchived: RefusalText("诉求已归档", "The case is archived", detail: ("诉求 {} 已于 {} 归档。", "The case {} was archived at {}.")),
        .notClosed: RefusalText("诉求尚未办结，不能重办", "Only a closed case is reopened", detail: ("诉求 {} 的状态是 {}。", "The case {} is {}.")),
        .notEnded: RefusalText("诉求尚未结束，不能归档", "Only an ended case is archived", detail: ("诉求 {} 的状态是 {}。", "The case {} is {}.")),
        .notSupervised: RefusalText(
            "没有未解除的督办", "No supervision is open",
            detail: ("诉求 {} 的工单 {}（0 为诉求本身）没有未解除的督办。", "The case {} has no open supervision of assignment {} (0: the case itself)."),
            next: ("请写明督办所属的工单。", "Name the assignment that is supervised.")),
        .notReplied: RefusalText(
            "没有待审核的回复", "No reply waits for a ruling", detail: ("工单{}（{}）没有待审核的回复。", "Assignment {} ({}) has no reply to rule on.")),
        .notMerged: RefusalText("诉求未并单", "The case isn't merged", detail: ("诉求 {} 未并入其他诉求。", "The case {} isn't merged into another.")),
        .alreadyLinked: RefusalText("已关联", "The cases are linked already", detail: ("诉求 {} 已关联 {}。", "The case {} is linked to {}.")),
        .linkedToItself: RefusalText(
            "不能关联自身", "A case can't be linked to itself", detail: ("诉求 {} 不能关联自身。", "The case {} can't be linked to itself.")),
        .noSuchLimit: RefusalText("没有这项时限", "There is no such limit", detail: ("工单{}没有 {} 时限。", "Assignment {} has no {} limit.")),
        .extensionTooLate: RefusalText(
            "已过期限，不能申请延期", "Too late to ask for an extension", detail: ("工单{}的期限是 {}。", "The limit of assignment {} was {}.")),
        .extensionPending: RefusalText(
            "延期申请待定", "An extension is pending", detail: ("工单{}（{}）的延期申请尚未裁定。", "The extension of assignment {} ({}) has not been ruled on.")),
        .extensionNotPending: RefusalText(
            "没有待定的延期申请", "No extension is pending", detail: ("工单{}（{}）没有延期申请。", "Assignment {} ({}) has no pending extension.")),
        .alreadyPaused: RefusalText("已暂停计时", "The clock is paused already", detail: ("工单{}（{}）已暂停计时。", "The clock of assignment {} ({}) is paused.")),
        .notPaused: RefusalText("未暂停计时", "The clock isn't paused", detail: ("工单{}（{}）未暂停计时。", "The clock of assignment {} ({}) runs.")),
        .accusedInHand: RefusalText(
            "被举报单位正在办理", "The accused unit has the case in hand", detail: ("单位 {} 在办工单{}。", "The unit {} holds assignment {}."),
            next: ("请先改派。", "Replace that assignment first.")),
        .eventUnknown: RefusalText("没有这条事件", "There is no such event", detail: ("诉求 {} 没有第 {} 条事件。", "The case {} has no event of revision {}.")),
        .notVoidable: RefusalText("该事件不能作废", "This event can't be voided", detail: ("第 {} 条事件不能作废。", "The event of revision {} can't be voided.")),
        .alreadyVoided: RefusalText("该事件已作废", "The event is void already", detail: ("第 {} 条事件已作废。", "The event of revision {} is void.")),
        .stillNeeded: RefusalText(
            "后续事件以它为据", "A later event stands on it", detail: ("第 {} 条事件是第 {} 条的依据。", "The event of revision {} is needed by that of revision {}."),
            next: ("请先作废后者；已办结的先重办。", "Void the later one first; a closed case is reopened first.")),
        .ratingWindowOver: RefusalText(
            "评价期已过", "The rating window is over", detail: ("诉求 {} 已归档，评价期至 {}。", "The case {} is archived; its rating window ended on {}.")),
        .extensionTooLong: RefusalText(
            "延期超过上限", "The extension is too long", detail: ("{} 时限累计最多延长 {}。", "The {} limit may be extended by {} in all.")),
    ]

    private static let ruleTexts: [RefusalCode: RefusalText] = [
        .noRulebook: RefusalText(
            "尚未采用规则", "No rulebook is adopted", detail: ("引擎还没有规则。", "The engine has no rulebook yet."),
            next: ("engine-ctl rulebook adopt", "engine-ctl rulebook adopt")),
        .unknownCode: RefusalText(
            "代码不在规则中", "The rulebook has no such code", detail: ("{} 的值不在规则的“{}”中。", "The value of {} is not in the rulebook's list \"{}\"."),
            next: ("engine-ctl rulebook show 列出代码。", "engine-ctl rulebook show lists the codes.")),
        .yearWithoutCalendar: RefusalText(
            "缺少该年工作日历", "The year has no calendar", detail: ("期限涉及 {} 年，规则中没有该年的工作日历。", "The limit reaches into {}, a year without calendar."),
            next: ("采用含该年日历的规则后再提交。", "Adopt a rulebook with that year, then post it again.")),
        .limitNotShorter: RefusalText(
            "时限只能缩短", "A posted limit may only shorten", detail: ("{} 时限比规则的 {} 更长。", "The {} limit is longer than the profile's {}.")),
        .limitPast: RefusalText("时限已过", "The limit lies in the past", detail: ("{} 时限不晚于派单时间。", "The {} limit is not after the event's time.")),
        .returnTooLate: RefusalText("已过退单时限", "Too late to return it", detail: ("工单{}的退单时限是 {}。", "The return limit of assignment {} was {}.")),
        .promisedDatePast: RefusalText(
            "承诺日期已过", "The promised date lies in the past", detail: ("承诺日期须不早于 {}。", "The promised date must not be before {}.")),
        .unitNotBelow: RefusalText(
            "只能下派给下级单位", "A unit may only assign below itself", detail: ("单位 {} 不在 {} 之下。", "The unit {} is not below {}.")),
        .serialsExhausted: RefusalText("当日流水号已用尽", "The day's serials are exhausted", detail: ("{} 已发 999999 号。", "{} has issued 999999 serials.")),
        .rateLimited: RefusalText(
            "提交过快", "Too many posts", detail: ("超过本接入方的速率。", "This peer's rate is exceeded."),
            next: ("按 Retry-After 稍后再提交。", "Wait as Retry-After says, then post it again.")),
        .queueFull: RefusalText(
            "队列已满", "The queue is full", detail: ("待写队列已满。", "The queue of the writer is full."),
            next: ("按 Retry-After 稍后再提交。", "Wait as Retry-After says, then post it again.")),
        .notReady: RefusalText(
            "引擎尚未就绪", "The engine is not ready", detail: ("索引尚未赶上日志。", "The index has not caught up with the log."),
            next: ("readyz 就绪后再提交。", "Post it again when readyz says so.")),
        .outcomeUnknown: RefusalText(
            "结果未知", "The outcome is unknown", detail: ("写入的结果未知。", "It is not known whether it was written."),
            next: ("原样再提交一次即可得知。", "Post the same event again to learn it.")),
        .diskFull: RefusalText(
            "磁盘已满", "The disk is full", detail: ("日志无法增长。", "The log can't grow."),
            next: ("管理员腾出空间后再提交。", "Post it again when the admin has made room.")),
    ]
}
