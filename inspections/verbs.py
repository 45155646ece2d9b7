"""What the log says of deeds of field work."""

WORDS: dict[str, str] = {
    # places, checklists, rounds
    "round_planned": "新建了轮次：",
    "round_staffed": "安排了人员：",
    "round_listed": "加入了点位：",
    "round_unlisted": "移出了点位：",
    "round_drawn": "抽签：",
    "round_opened": "开始了：",
    "round_finished": "结束了：",
    "round_reopened": "重新打开了：",
    "places_imported": "导入了点位：",
    "register_filled": "登记了底数：",
    "steward_named": "确定了包抓：",
    "steward_ended": "结束了包抓：",
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
    "answer": "拍照答复：",
    "ask_to_sign": "请会签：",
    "sign": "会签：",
    "escalate": "提级处理：",
    "look_again": "回头看达标：",
    "sweep": "举一反三：",
    "import_list": "登记了问题清单：",
    "order_policy": "改了整改规则：",
}
