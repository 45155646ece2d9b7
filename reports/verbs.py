"""What the log says of briefings and documents."""

WORDS: dict[str, str] = {
    "briefing_drafted": "起草了",
    "briefing_edited": "改了",
    "briefing_finalised": "定稿：",
    "briefing_reopened": "退回修改：",
    "briefing_issued": "签发了",
    "circular_drafted": "起草了",
    "circular_submitted": "送审批：",
    "circular_approved": "批准了",
    "circular_sent_back": "退回修改：",
    "circular_issued": "发出了",
    "practice_sent": "报来做法：",
    "practice_chosen": "选用了做法：",
    "practice_kept": "留存了做法：",
    "recipient_added": "发送名单添加了",
    "recipient_changed": "发送名单修改了",
    "recipient_removed": "发送名单移出了",
}
