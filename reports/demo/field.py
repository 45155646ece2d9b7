"""A month in the street, told through the deeds: visits, findings, orders, answers, re-checks, what came back."""

import datetime as dt
import random
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from campaign.attachments import Upload
from campaign.models import Campaign, Unit, User
from inspections import answering, drafting, issuing, rechecking
from inspections import finding as filing
from inspections.checklists import current_checklist
from inspections.models import Answer, ChecklistItem, Finding, Order, Photo, Place, PlaceType, SnapLink
from inspections.models.places import Severity
from inspections.photos import Shot, take_photo
from inspections.recording import Failing, Judged, Seen, record_visit
from reports.demo import SEED, others, scenes, streets
from reports.demo.rounds import Look, Rounds
from reports.demo.setting import TODAY

FIRST = dt.date(2019, 9, 1)
Stage = Finding.Stage
TROUBLES = {
    "环境脏乱": ("果皮箱满溢，周边散落", "花坛里有烟头纸屑", "垃圾桶盖破损，有异味", "地面油污没有清洗"),
    "占道经营": ("果筐占用人行道约 12 米", "早餐摊占压盲道", "门店外摆桌椅，行人绕行"),
    "乱停车": ("共享单车倒伏，占盲道", "电动车停在消防通道", "机动车停上人行道"),
    "设施破损": ("盲道砖缺失 6 块", "路名牌倾斜", "井盖周边下沉", "护栏缺两节"),
    "小广告": ("楼道口张贴小广告", "灯杆上喷涂电话号码", "公告栏被覆盖"),
    "飞线晾晒": ("飞线充电，从二楼垂下", "绿地内拉绳晾晒", "弱电线缆下垂"),
}
ANSWERS = (
    "已清运，早晚各加一次。",
    "已修复，换了新砖。",
    "已拆除，并设了充电棚。",
    "已规范停放，安排专人值守。",
    "已清除并设信息栏。",
)
RETURNS = ("没有改完", "角度不同，看不出")
HOTLINE = (
    (5, "hotline", "居民来电：小区门口夜间烧烤占道，油烟大", "占道经营"),
    (9, "grid", "网格员上报：路口信号灯杆倾斜", "设施破损"),
    (12, "media", "电台热线：公厕没有洗手液，扶手松动", "设施破损"),
    (17, "hotline", "居民来电：楼前电动车飞线充电", "飞线晾晒"),
    (20, "letter", "来信：菜市场后巷垃圾清运不及时", "环境脏乱"),
    (23, "hotline", "居民来电：公交站台边小广告多", "小广告"),
)  # fmt: skip


@dataclass
class Month:
    """Who acts, and what each finding is to come to."""

    campaign: Campaign
    office: User
    inspector: User
    third: User
    people: dict[Any, User]
    places: list[Place] = field(default_factory=list)
    items: dict[UUID, list[ChecklistItem]] = field(default_factory=dict)
    answer_on: dict[UUID, dt.date] = field(default_factory=dict)
    link: SnapLink | None = None
    number: int = 0

    def begin(self) -> None:
        self.rng = random.Random(f"field {SEED}")
        self.places = streets.build(self.campaign, self.office)
        #: what is looked at more often, because it keeps coming back
        self.sore = self.rng.sample(
            [place for place in self.places if place.street_id == self.places[0].street_id or place.is_key], 14
        )
        for place in self.places:
            if place.place_type_id not in self.items:
                self.read_checklist(place.place_type)
        self.rounds = Rounds(self.campaign, self.office, self.inspector, self.third, self.places)

    def read_checklist(self, kind: PlaceType) -> None:
        """What is looked at in places of this type from now on."""
        checklist = current_checklist(kind)
        self.items[kind.pk] = list(checklist.items.select_related("checklist")) if checklist else []

    def day(self, day: dt.date) -> None:
        """One day in its order: sign for, answer, look again, walk, and at five the orders."""
        self.rounds.morning(day)
        self._sign_for(day)
        self._answer(day)
        self._recheck(day)
        self._walk(day)
        self._others(day)
        others.play(self, day)
        if day < TODAY and day.weekday() < 5:
            self._issue(day)

    def at(self, day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
        return dt.datetime.combine(day, dt.time(hour, minute), self.campaign.zone)

    # ---------- walking

    def _walk(self, day: dt.date) -> None:
        count = 4 if day == TODAY else 7 if day.weekday() < 5 else 1
        for turn in range(count):
            look = self.rounds.take(day) or self._chance()
            at = self.at(day, 8 + turn % 9 if day < TODAY else 8 + turn // 2, self.rng.randrange(60))
            self._visit(look, at)

    def _chance(self) -> Look:
        place = self.rng.choice(self.sore if self.rng.random() < 0.6 else self.places)
        return Look(self.rounds.of(place), place, self.inspector)

    def _visit(self, look: Look, at: dt.datetime) -> None:
        self.number += 1
        place = look.place
        key = f"demo-visit-{self.number:04d}"
        items = self.items[place.place_type_id]
        bad = self.rng.choices((0, 1, 2), (36, 52, 12))[0]
        if look.round is not None and look.round.kind == look.round.Kind.UNANNOUNCED:
            bad = max(1, bad)  # what nobody knows of yet is there to be seen
        failing = tuple(self._failing(key, n, place, items) for n in range(min(bad, len(items))))
        failed = {one.item.pk for one in failing if one.item}
        failing = tuple({one.item.pk if one.item else one.client_id: one for one in failing}.values())
        answers = tuple(
            Judged(item=item, verdict=Answer.Verdict.FAIL if item.pk in failed else Answer.Verdict.PASS)
            for item in items
        )
        seen = Seen(
            client_id=key, at=at, place=place, round=look.round, source=look.source, checklist=items[0].checklist if items else None, is_fine=not failing,
            answers=answers, failings=failing, latitude=place.latitude, longitude=place.longitude, accuracy=8,
        )  # fmt: skip
        now = at + dt.timedelta(minutes=3)
        for one in failing:
            self._shoot(one.photos[0], one.tile, one.client_id, place, Photo.Moment.BEFORE, at, key, look.by)
        found = record_visit(self.campaign, seen, by=look.by, now=now).findings
        for row in found:
            if row.is_on_spot:
                self._shoot(
                    f"{row.client_id}-after",
                    row.tile,
                    row.client_id,
                    place,
                    Photo.Moment.AFTER,
                    now,
                    key,
                    look.by,
                )
                filing.settle_on_spot(row, now=now + dt.timedelta(minutes=9))

    def _failing(self, key: str, number: int, place: Place, items: list[ChecklistItem]) -> Failing:
        known = [item for item in items if item.tile in TROUBLES] or items
        item = known[self.rng.randrange(min(2, len(known)))] if place in self.sore else self.rng.choice(known)
        tile = item.tile if item.tile in TROUBLES else "环境脏乱"
        name = f"{key}-{number}"
        text, severity = self.rng.choice(TROUBLES[tile]), self.rng.choices(Severity.values, (58, 26, 12, 4))[0]
        is_on_spot = self.rng.random() < 0.08
        return Failing(
            client_id=name,
            tile=item.tile,
            text=text,
            item=item,
            severity=severity,
            photos=(f"{name}-before", f"{name}-after") if is_on_spot else (f"{name}-before",),
            is_on_spot=is_on_spot,
            mended_by="现场保洁员" if is_on_spot else "",
        )

    def _shoot(
        self, client_id: str, tile: str, finding: str, place: Place, moment: str, at: dt.datetime, visit: str, by: User
    ) -> None:
        shot = self._shot(client_id, tile, finding, place, moment, at)
        shot = Shot(**{**shot.__dict__, "visit_key": visit, "finding_key": finding})
        take_photo(self.campaign, shot, by=by, now=at + dt.timedelta(minutes=2))

    def _shot(self, client_id: str, tile: str, seed: str, place: Place | None, moment: str, at: dt.datetime) -> Shot:
        content = scenes.scene(tile, seed, is_before=moment == Photo.Moment.BEFORE)
        near = self.rng.uniform(-0.00006, 0.00006)
        has_place = place is not None and place.latitude is not None and self.rng.random() > 0.08
        return Shot(
            client_id=client_id,
            upload=Upload(f"{client_id}.jpg", content),
            moment=moment,
            taken_at=at,
            latitude=round(place.latitude + near, 6) if has_place and place and place.latitude else None,
            longitude=place.longitude if has_place and place else None,
        )

    def _others(self, day: dt.date) -> None:
        """What residents, grid workers and the press say."""
        for on, source, text, tile in HOTLINE:
            if day == dt.date(2019, 9, on):
                place = self.rng.choice(self.sore)
                found = filing.Found(text=text, tile=tile, found_at=self.at(day, 10, 20), place=place, source=source)
                filing.file(self.campaign, found, by=self.office, now=self.at(day, 10, 25))

    # ---------- orders

    def _issue(self, day: dt.date) -> None:
        drafting.draft_orders(self.campaign, today=day, now=self.at(day, 17))
        drafts = list(
            Order.objects.drafts()
            .filter(campaign=self.campaign)
            .select_related("campaign", "unit")
            .order_by("unit__order", "pk")
        )
        if day == TODAY - dt.timedelta(days=1):
            drafts = drafts[2:]
        done = issuing.issue_many(drafts, by=self.office, now=self.at(day, 17, 25)).done
        for finding in Finding.objects.filter(lines__order__in=done).order_by("code"):
            self.answer_on[finding.pk] = day + dt.timedelta(days=self._days(finding))

    def _days(self, finding: Finding) -> int:
        if int(finding.code) % 13 == 0:  # some are never answered, so that there is always something late
            return 400
        return self.rng.choice((1, 1, 1, 2) if finding.severity != Severity.MINOR else (1, 1, 2, 2, 3, 4))

    def _sign_for(self, day: dt.date) -> None:
        for order in Order.objects.issued().filter(campaign=self.campaign, received_at=None).order_by("number"):
            user = self.people.get(order.unit_id)
            if user is not None and self.rng.random() < 0.85:
                issuing.receive(order, by=user, now=self.at(day, 8, 20 + self.rng.randrange(30)))

    def _answer(self, day: dt.date) -> None:
        due = [pk for pk, on in self.answer_on.items() if on <= day]
        for finding in (
            Finding.objects.filter(pk__in=due, stage=Stage.FIXING)
            .select_related("campaign", "unit", "place")
            .order_by("code")
        ):
            user, unit = self.people.get(finding.unit_id), finding.unit
            if user is None or unit is None:
                continue
            del self.answer_on[finding.pk]
            self._mend(
                finding,
                user,
                unit,
                self.at(day, 8 if day == TODAY else 9 + self.rng.randrange(7), self.rng.randrange(60)),
            )

    def _mend(self, finding: Finding, user: User, unit: Unit, at: dt.datetime) -> None:
        key = f"{finding.code}-after-{finding.returns}"
        seed = finding.client_id or finding.code
        shot = self._shot(key, finding.tile, seed, finding.place, Photo.Moment.AFTER, at)
        version = answering.milestone_of(finding).version
        said = answering.Said(token=f"demo-{key}", version=version, words=self.rng.choice(ANSWERS), shots=(shot,))
        answering.answer(finding, said, by=user, unit=unit, now=at)

    def _recheck(self, day: dt.date) -> None:
        """By the office, the day after; on the demo's own day a few are still waiting."""
        waiting = (
            Finding.objects.filter(campaign=self.campaign, stage=Stage.RECHECK)
            .select_related("campaign")
            .order_by("code")
        )
        before = self.at(day, 8)
        for finding in waiting.filter(answered_at__lt=before):
            if day >= TODAY - dt.timedelta(days=1) and self.rng.random() < 0.7:
                continue
            is_right = self.rng.random() > 0.08
            version = answering.milestone_of(finding).version
            rechecking.decide(
                finding,
                outcome="pass" if is_right else "return",
                reason="" if is_right else self.rng.choice(RETURNS),
                limit_on=None if is_right else day + dt.timedelta(days=2),
                by=self.office,
                now=self.at(day, 10, self.rng.randrange(60)) if day < TODAY else self.at(day, 8, 50),
                version=version,
            )
            if not is_right:
                self.answer_on[finding.pk] = day + dt.timedelta(days=1)
