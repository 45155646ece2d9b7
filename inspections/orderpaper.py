"""督察单 on paper: what it says, frozen as facts, and the PDF set from them."""

import datetime as dt
import io
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import segno
from django.conf import settings
from django.core.files.storage import default_storage

from campaign import attachments, typefaces
from campaign.models import Campaign, Unit
from inspections import pairing
from inspections.models import Finding, Order, Photo
from inspections.models.orders import OrderPolicy

#: Every mask is read; trying all eight for the prettiest costs more than the rest of a paper.
MASK = 3
TEMPLATE = typefaces.TEMPLATES / "order.typ"


def facts_of(order: Order, findings: Sequence[Finding], *, now: dt.datetime) -> dict[str, Any]:
    """Everything the paper says, and which picture belongs to which item (its place in the store, not its bytes)."""
    campaign, policy = order.campaign, OrderPolicy.of(order.campaign_id)
    pictures = first_photos([finding.pk for finding in findings])
    last = max(finding.due_at for finding in findings if finding.due_at)
    issuer = campaign.office_full_name or campaign.office_title
    return {
        "head": f"{campaign.name}{order.get_kind_display()}" if order.kind == "daily" else _sweep_head(order),
        "no": number_words(campaign, order),
        "unit": order.unit.name,
        "office": issuer,
        "issuer": issuer,
        "date": day_words(order.on),
        "intro": _intro(order, findings),
        "items": [_item(finding, pictures.get(finding.pk), campaign) for finding in findings],
        "ask": _ask(campaign, policy, last),
        "contact": f"联系人：{policy.contact}。" if policy.contact else "",
        "cc": policy.copies_to,
    }


def _sweep_head(order: Order) -> str:
    return f"{order.campaign.name}举一反三自查单"


def number_words(campaign: Campaign, order: Order) -> str:
    return f"{campaign.short_name}督〔{order.year}〕{order.number}号"


def day_words(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def limit_words(at: dt.datetime, campaign: Campaign) -> str:
    """9月25日18时前."""
    local = at.astimezone(campaign.zone)
    return f"{local.month}月{local.day}日{local.hour}时{f'{local.minute}分' if local.minute else ''}前"


def first_photos(finding_ids: Sequence[UUID]) -> dict[UUID, Photo]:
    """The before-picture of each finding that the paper shows."""
    rows = Photo.objects.filter(finding__in=finding_ids, moment=Photo.Moment.BEFORE).select_related("attachment")
    of_each: dict[UUID, list[Photo]] = defaultdict(list)
    for photo in rows:
        if photo.finding_id is not None:
            of_each[photo.finding_id].append(photo)
    shown = {finding: pairing.before_of(photos) for finding, photos in of_each.items()}
    return {finding: photo for finding, photo in shown.items() if photo is not None}


def _you(unit: Unit) -> str:
    return "你街道" if unit.kind == Unit.Kind.STREET else "你单位"


def _intro(order: Order, findings: Sequence[Finding]) -> str:
    campaign = order.campaign
    if order.kind == Order.Kind.SWEEP:
        return (
            f"{campaign.office_name}在巡查中发现一类问题，请{_you(order.unit)}举一反三，对下列 {len(findings)} 处同类点位"
            "逐处自查自改，扫码答复，并附现场照片。"
        )
    days = sorted({finding.found_at.astimezone(campaign.zone).date() for finding in findings})
    again = sum(finding.is_relapse for finding in findings)
    return (
        f"{_span(days[0], days[-1])}，{campaign.office_name}巡查发现{_you(order.unit)}{len(findings)}处问题"
        f"{f'，其中{again}处反弹' if again else ''}。请限期整改，扫码答复，并附同一位置的整改后照片。"
    )


def _span(first: dt.date, last: dt.date) -> str:
    begin = f"{first.month}月{first.day}日"
    if first == last:
        return begin
    return f"{begin}至{last.day}日" if first.month == last.month else f"{begin}至{last.month}月{last.day}日"


def _item(finding: Finding, photo: Photo | None, campaign: Campaign) -> dict[str, Any]:
    shot = photo.taken_at.astimezone(campaign.zone) if photo and photo.taken_at else None
    return {
        "code": finding.code,
        "finding": str(finding.pk),
        "title": title_of(finding),
        "tag": f"反弹，第{times(finding)}次" if finding.is_relapse else "",
        "photo": (photo.attachment.thumb or photo.attachment.file) if photo else "",
        "shot": f"{shot.month}月{shot.day}日{shot.hour}时{shot.minute}分摄" if shot else "",
        "place": place_words(finding),
        "problem": finding.text,
        "basis": basis_words(finding),
        "limit": limit_words(finding.due_at, campaign) if finding.due_at else "",
        "url": f"{settings.SITE_URL}{finding.get_absolute_url()}",
    }


def title_of(finding: Finding) -> str:
    """金桥市场占道经营: where, and the kind of thing."""
    where = finding.place.name if finding.place else finding.where
    return f"{where}{'问题' if finding.tile in ('', '其他') else finding.tile}"


def times(finding: Finding) -> int:
    """The how-manieth time this is found at the same place, the first time counted."""
    if finding.relapse_of is None:
        return 1
    earlier = finding.relapse_of.relapses.filter(is_relapse=True, found_at__lte=finding.found_at)
    return earlier.exclude(stage=Finding.Stage.REVOKED).count() + 1


def place_words(finding: Finding) -> str:
    if finding.place is None:
        return finding.where
    where = finding.where.removeprefix(finding.place.name)
    return f"{finding.place.name}（{finding.place.code}）{where}"


def basis_words(finding: Finding) -> str:
    """《实地手册》农贸市场第2条：摊位不出线: the manual's place and words; empty without an item."""
    if finding.item is None:
        return ""
    sheet = finding.item.checklist
    source = f"《{sheet.source.strip('《》')}》" if sheet.source else "检查表"
    return f"{source}{sheet.place_type.name}第{finding.item.order}条：{finding.item.text}"


def _ask(campaign: Campaign, policy: OrderPolicy, last: dt.datetime) -> str:
    office = campaign.office_name
    return (
        f"请于{limit_words(last, campaign)}将全部整改结果答复{office}。不属于本单位职责的，请在签收后"
        f"{policy.decline_hours}小时内扫码退单，并写明理由和建议单位。{office}将另派人员复查；"
        "超期未改和再次反弹的，计入考核。"
    )


def pdf(facts: dict[str, Any], *, now: dt.datetime) -> bytes:
    """Set in a folder of its own, which is all the compiler can read: template, pictures and codes."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        shutil.copy(TEMPLATE, root / "order.typ")
        items = [item | _files(root, item) for item in facts["items"]]
        return typefaces.pdf(typefaces.compiler(root / "order.typ", root=root), facts | {"items": items}, now=now)


def _files(root: Path, item: dict[str, Any]) -> dict[str, str]:
    """The picture and the code of an item as files beside the template."""
    picture = ""
    if item["photo"] and default_storage.exists(item["photo"]):
        picture = f"{item['code']}.jpg"
        with attachments.read(item["photo"]) as file:
            (root / picture).write_bytes(file.read())
    code = io.BytesIO()
    segno.make(item["url"], error="m", micro=False, mask=MASK).save(code, kind="svg", border=0, xmldecl=False)
    (root / f"{item['code']}.svg").write_bytes(code.getvalue())
    return {"picture": picture, "qr": f"{item['code']}.svg"}
