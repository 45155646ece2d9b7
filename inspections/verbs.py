"""What the log says of deeds of field work."""

WORDS: dict[str, str] = {
    # places, checklists, rounds
    "types_installed": "装入了默认点位类型和检查清单",
    "checklist_written": "修订了检查清单：",
    # visits
    "visit": "巡查了",
    "original_read": "看了照片原件：",
    # findings and orders
    "find": "发现问题：",
    "close_on_spot": "立行立改：",
    "draft_orders": "汇成待签发的督察单：",
    "change_draft": "改了待签发的：",
    "revoke_finding": "撤销了问题：",
    "issue_order": "签发了",
    "issue_finding": "签发整改：",
    "receive_order": "签收了",
}
