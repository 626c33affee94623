/// Every type of event, with its number on disk. Numbers are never reused; 1–63 are what the log itself acts on.
///
/// The source of names is the table of docs/reference/events.md; a type whose schema grows by more than optional members becomes a new case.
public enum EventType: UInt16, CaseIterable, Sendable {
    /// 日志创建
    case logCreated = 1
    /// 接受回滚
    case logRollbackAccepted = 2
    /// 密钥轮换
    case keyRotated = 3
    /// 删除个人信息
    case personErased = 4
    /// 收件
    case appealReceived = 64
    /// 补充
    case appealSupplemented = 65
    /// 更正
    case appealCorrected = 66
    /// 改类
    case appealReclassified = 67
    /// 误录作废
    case appealVoided = 68
    /// 补发提取码
    case appealCodeReissued = 69
    /// 受理
    case appealAccepted = 70
    /// 不予受理
    case appealDeclined = 71
    /// 直接答复
    case appealAnsweredDirectly = 72
    /// 派单
    case appealAssigned = 73
    /// 签收
    case appealSigned = 74
    /// 联系
    case appealContacted = 75
    /// 办理进展
    case appealNoted = 76
    /// 退单申请
    case appealReturnRequested = 77
    /// 准予退单
    case appealReturnGranted = 78
    /// 不予退单
    case appealReturnRefused = 79
    /// 延期申请
    case appealExtensionRequested = 80
    /// 准予延期
    case appealExtensionGranted = 81
    /// 不予延期
    case appealExtensionRefused = 82
    /// 暂停计时
    case appealClockPaused = 83
    /// 恢复计时
    case appealClockResumed = 84
    /// 回复
    case appealReplied = 85
    /// 审核通过
    case appealReplyApproved = 86
    /// 审核退回
    case appealReplySentBack = 87
    /// 批示/批转
    case appealInstructed = 88
    /// 催办
    case appealUrged = 89
    /// 督办
    case appealSupervised = 90
    /// 解除督办
    case appealSupervisionEnded = 91
    /// 办结
    case appealClosed = 92
    /// 回访
    case appealCalledBack = 93
    /// 评价
    case appealRated = 94
    /// 重办
    case appealReopened = 95
    /// 撤诉
    case appealWithdrawn = 96
    /// 终止办理
    case appealTerminated = 97
    /// 归档
    case appealArchived = 98
    /// 并单
    case appealMerged = 99
    /// 拆单
    case appealUnmerged = 100
    /// 关联
    case appealLinked = 101
    /// 超期
    case appealOverdue = 102
    /// 超期撤销
    case appealOverdueRescinded = 103
    /// 期限重算
    case appealDeadlineRecomputed = 104
    /// 主题
    case appealTopicTagged = 105
    /// 公开定级
    case publicityClassified = 112
    /// 脱敏建议
    case publicityRedactionProposed = 113
    /// 公开审核
    case publicityReviewed = 114
    /// 公开
    case publicityPublished = 115
    /// 撤回
    case publicityWithdrawn = 116
    /// 预警
    case alertRaised = 120
    /// 解除预警
    case alertClosed = 121
    /// 第三方评议
    case reviewScored = 122
    /// 报表数据
    case metricReported = 123
    /// 规则分卷
    case rulebookPart = 124
    /// 规则采用
    case rulebookAdopted = 125
    /// 源时钟
    case clockAdvanced = 126
    /// 授权
    case accessGranted = 127
    /// 收回授权
    case accessRevoked = 128
    /// 审计查阅
    case auditRead = 129
    /// 审计导出
    case auditExported = 130
    /// 备份完成
    case backupCompleted = 131
    /// 备份恢复
    case backupRestored = 132
    /// 视图切换
    case projectionSwapped = 133
    /// 视图回退
    case projectionRolledBack = 134

    /// The CloudEvents `type`.
    public var name: String {
        switch self {
        case .logCreated: "log.created"
        case .logRollbackAccepted: "log.rollback-accepted"
        case .keyRotated: "key.rotated"
        case .personErased: "person.erased"
        case .appealReceived: "appeal.received"
        case .appealSupplemented: "appeal.supplemented"
        case .appealCorrected: "appeal.corrected"
        case .appealReclassified: "appeal.reclassified"
        case .appealVoided: "appeal.voided"
        case .appealCodeReissued: "appeal.code-reissued"
        case .appealAccepted: "appeal.accepted"
        case .appealDeclined: "appeal.declined"
        case .appealAnsweredDirectly: "appeal.answered-directly"
        case .appealAssigned: "appeal.assigned"
        case .appealSigned: "appeal.signed"
        case .appealContacted: "appeal.contacted"
        case .appealNoted: "appeal.noted"
        case .appealReturnRequested: "appeal.return-requested"
        case .appealReturnGranted: "appeal.return-granted"
        case .appealReturnRefused: "appeal.return-refused"
        case .appealExtensionRequested: "appeal.extension-requested"
        case .appealExtensionGranted: "appeal.extension-granted"
        case .appealExtensionRefused: "appeal.extension-refused"
        case .appealClockPaused: "appeal.clock-paused"
        case .appealClockResumed: "appeal.clock-resumed"
        case .appealReplied: "appeal.replied"
        case .appealReplyApproved: "appeal.reply-approved"
        case .appealReplySentBack: "appeal.reply-sent-back"
        case .appealInstructed: "appeal.instructed"
        case .appealUrged: "appeal.urged"
        case .appealSupervised: "appeal.supervised"
        case .appealSupervisionEnded: "appeal.supervision-ended"
        case .appealClosed: "appeal.closed"
        case .appealCalledBack: "appeal.called-back"
        case .appealRated: "appeal.rated"
        case .appealReopened: "appeal.reopened"
        case .appealWithdrawn: "appeal.withdrawn"
        case .appealTerminated: "appeal.terminated"
        case .appealArchived: "appeal.archived"
        case .appealMerged: "appeal.merged"
        case .appealUnmerged: "appeal.unmerged"
        case .appealLinked: "appeal.linked"
        case .appealOverdue: "appeal.overdue"
        case .appealOverdueRescinded: "appeal.overdue-rescinded"
        case .appealDeadlineRecomputed: "appeal.deadline-recomputed"
        case .appealTopicTagged: "appeal.topic-tagged"
        case .publicityClassified: "publicity.classified"
        case .publicityRedactionProposed: "publicity.redaction-proposed"
        case .publicityReviewed: "publicity.reviewed"
        case .publicityPublished: "publicity.published"
        case .publicityWithdrawn: "publicity.withdrawn"
        case .alertRaised: "alert.raised"
        case .alertClosed: "alert.closed"
        case .reviewScored: "review.scored"
        case .metricReported: "metric.reported"
        case .rulebookPart: "rulebook.part"
        case .rulebookAdopted: "rulebook.adopted"
        case .clockAdvanced: "clock.advanced"
        case .accessGranted: "access.granted"
        case .accessRevoked: "access.revoked"
        case .auditRead: "audit.read"
        case .auditExported: "audit.exported"
        case .backupCompleted: "backup.completed"
        case .backupRestored: "backup.restored"
        case .projectionSwapped: "projection.swapped"
        case .projectionRolledBack: "projection.rolled-back"
        }
    }

    /// 中文名
    public var chineseName: String {
        switch self {
        case .logCreated: "日志创建"
        case .logRollbackAccepted: "接受回滚"
        case .keyRotated: "密钥轮换"
        case .personErased: "删除个人信息"
        case .appealReceived: "收件"
        case .appealSupplemented: "补充"
        case .appealCorrected: "更正"
        case .appealReclassified: "改类"
        case .appealVoided: "误录作废"
        case .appealCodeReissued: "补发提取码"
        case .appealAccepted: "受理"
        case .appealDeclined: "不予受理"
        case .appealAnsweredDirectly: "直接答复"
        case .appealAssigned: "派单"
        case .appealSigned: "签收"
        case .appealContacted: "联系"
        case .appealNoted: "办理进展"
        case .appealReturnRequested: "退单申请"
        case .appealReturnGranted: "准予退单"
        case .appealReturnRefused: "不予退单"
        case .appealExtensionRequested: "延期申请"
        case .appealExtensionGranted: "准予延期"
        case .appealExtensionRefused: "不予延期"
        case .appealClockPaused: "暂停计时"
        case .appealClockResumed: "恢复计时"
        case .appealReplied: "回复"
        case .appealReplyApproved: "审核通过"
        case .appealReplySentBack: "审核退回"
        case .appealInstructed: "批示/批转"
        case .appealUrged: "催办"
        case .appealSupervised: "督办"
        case .appealSupervisionEnded: "解除督办"
        case .appealClosed: "办结"
        case .appealCalledBack: "回访"
        case .appealRated: "评价"
        case .appealReopened: "重办"
        case .appealWithdrawn: "撤诉"
        case .appealTerminated: "终止办理"
        case .appealArchived: "归档"
        case .appealMerged: "并单"
        case .appealUnmerged: "拆单"
        case .appealLinked: "关联"
        case .appealOverdue: "超期"
        case .appealOverdueRescinded: "超期撤销"
        case .appealDeadlineRecomputed: "期限重算"
        case .appealTopicTagged: "主题"
        case .publicityClassified: "公开定级"
        case .publicityRedactionProposed: "脱敏建议"
        case .publicityReviewed: "公开审核"
        case .publicityPublished: "公开"
        case .publicityWithdrawn: "撤回"
        case .alertRaised: "预警"
        case .alertClosed: "解除预警"
        case .reviewScored: "第三方评议"
        case .metricReported: "报表数据"
        case .rulebookPart: "规则分卷"
        case .rulebookAdopted: "规则采用"
        case .clockAdvanced: "源时钟"
        case .accessGranted: "授权"
        case .accessRevoked: "收回授权"
        case .auditRead: "审计查阅"
        case .auditExported: "审计导出"
        case .backupCompleted: "备份完成"
        case .backupRestored: "备份恢复"
        case .projectionSwapped: "视图切换"
        case .projectionRolledBack: "视图回退"
        }
    }

    private static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.name, $0) })

    public init?(name: String) {
        guard let type = Self.byName[name] else { return nil }
        self = type
    }
}
