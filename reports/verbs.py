"""What the log says of briefings and documents."""

WORDS: dict[str, str] = {
    "briefing_drafted": "起草了",
    "briefing_edited": "改了",
    "briefing_finalised": "定稿：",
    "briefing_reopened": "退回修改：",
    "briefing_issued": "签发了",
    "practice_sent": "报来做法：",
    "practice_chosen": "选用了做法：",
    "practice_kept": "留存了做法：",
    "recipient_added": "发送名单添加了",
    "recipient_changed": "发送名单修改了",
    "recipient_removed": "发送名单移出了",
}
