"""The columns of a roster, what its words mean, and the empty workbook that shows how to fill it."""

import io

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from campaign.access import Role
from campaign.models import Membership, Unit

Post = Membership.Post

#: Head of a column -> field; the first of each field is the head we write.
HEADS = {
    "单位": "unit", "单位名称": "unit", "单位全称": "unit", "简称": "short_name", "单位简称": "short_name",
    "别名": "aliases", "其他叫法": "aliases", "上级": "parent", "上级单位": "parent", "主管单位": "parent",
    "类别": "kind", "单位类别": "kind", "姓名": "name", "岗位": "post", "职务/岗位": "post", "创建岗位": "post",
    "职务": "title", "称谓": "title", "手机": "phone", "电话": "phone", "联系电话": "phone", "手机号": "phone",
    "邮箱": "email", "电子邮箱": "email", "账号": "username", "登录账号": "username",
}  # fmt: skip
COLUMNS = ("unit", "short_name", "aliases", "parent", "kind", "name", "post", "title", "phone", "email", "username")
UNIT_FIELDS = ("short_name", "aliases", "parent", "kind")
LIMITS = {"unit": 60, "short_name": 20, "parent": 60, "name": 40, "title": 30}
KINDS = {label: value for value, label in Unit.Kind.choices} | {"委办局": "department", "镇": "street", "乡": "street"}
POSTS = {label: value for value, label in Post.choices} | {
    "一把手": Post.PRINCIPAL, "主要负责人": Post.PRINCIPAL, "分管负责人": Post.DEPUTY, "联系人": Post.LIAISON,
    "联络人": Post.LIAISON, "材料员": Post.MATERIALS, "信息员": Post.MATERIALS,
}  # fmt: skip
#: What a roster gives at most; the office, leaders and inspectors get theirs on a person's page, one by one.
ROLES = {Post.PRINCIPAL: Role.CHIEF, Post.DEPUTY: Role.CHIEF}
#: Posts one person holds at a time: another name in the table is a hand-over, which is done on its own page.
SINGLE = (Post.PRINCIPAL, Post.LIAISON)

NOTES = (
    ("单位", "必填，写全称。一个单位有几个人就写几行，单位的其他栏写一次即可。"),
    ("简称、别名", "别名之间用顿号隔开；导入台账时按名称、简称、别名认单位。"),
    ("上级", "上级单位的名称，例如社区写所属街道。单位最多三级。"),
    ("类别", "、".join(label for _, label in Unit.Kind.choices) + "。不填按部门。"),
    ("姓名", "可以空着，只登记单位。"),
    ("岗位", "、".join(label for _, label in Post.choices) + "。不填按联络员。"),
    ("职务", "具体称谓，例如副局长、办公室主任。"),
    ("手机、邮箱", "有邮箱的，邀请链接同时发到邮箱。"),
    ("账号", "字母和数字；不填用姓名的拼音。同名的人请写账号区分。"),
    ("换人", "联络员、主要领导换人请在人员页办移交，名册不会替您换。"),
)
WIDTHS = {"unit": 24, "aliases": 24, "parent": 18, "title": 14, "phone": 15, "email": 26, "username": 14}


def template() -> bytes:
    """The heads, the words that may stand under them, and notes on a second sheet."""
    book = Workbook()
    sheet = book.active
    sheet.title = "名册"
    names = {field: head for head, field in reversed(HEADS.items())}
    for place, field in enumerate(COLUMNS, 1):
        cell = sheet.cell(1, place, names[field])
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="EEF1F6")
        sheet.column_dimensions[get_column_letter(place)].width = WIDTHS.get(field, 11)
    sheet.freeze_panes = "B2"
    for field, words in (("kind", Unit.Kind.labels), ("post", Post.labels)):
        choice = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True)
        letter = get_column_letter(COLUMNS.index(field) + 1)
        sheet.add_data_validation(choice)
        choice.add(f"{letter}2:{letter}2000")
    letter = get_column_letter(COLUMNS.index("phone") + 1)
    for row in range(2, 501):
        sheet[f"{letter}{row}"].number_format = "@"  # a phone number is no quantity
    notes = book.create_sheet("填写说明")
    notes.column_dimensions["A"].width, notes.column_dimensions["B"].width = 14, 76
    for place, (head, note) in enumerate(NOTES, 1):
        notes.cell(place, 1, head).font = Font(bold=True)
        notes.cell(place, 2, note).alignment = Alignment(wrap_text=True, vertical="top")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
