"""What the log says of deeds on tasks."""

WORDS = {
    "import": "导入了",
    "change_by_import": "按新表格修改了",
    "undo_import": "撤销了导入：",
    "keep_up": "转为常态保持：",
    "urge_taken_back": "撤回了催办：",
}
