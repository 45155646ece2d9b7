"""The rounds of the month: a daily patrol, a theme, a sweep, two tests by a contractor, a mock one, one nobody knows of."""

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from uuid import UUID

from campaign.models import Campaign, Unit, User
from inspections import rounds as deeds
from inspections.models import Finding, Place, PlaceType, Round
from reports.demo import SEED
from reports.demo.setting import TODAY

Kind = Round.Kind


def september(day: int) -> dt.date:
    return dt.date(2019, 9, day)


@dataclass(frozen=True)
class Look:
    """One place that is looked at for a round, by one person."""

    round: Round | None
    place: Place
    by: User

    @property
    def source(self) -> str:
        is_third = self.round is not None and self.round.kind == Kind.THIRD_PARTY
        return Finding.Source.THIRD_PARTY if is_third else Finding.Source.PATROL


@dataclass
class Rounds:
    """Plans each round on its day, draws it or fills it, and says which places it looks at on which day."""

    campaign: Campaign
    office: User
    inspector: User
    third: User
    places: list[Place]
    due: dict[dt.date, list[Look]] = field(default_factory=dict)
    on_patrol: set[UUID] = field(default_factory=set)
    patrol: Round | None = None
    ending: list[tuple[dt.date, Round]] = field(default_factory=list)

    def morning(self, day: dt.date) -> None:
        """What is planned and opened this day, and what has ended."""
        now = self._at(day, 7)
        plans = {1: self._patrol, 4: self._first_test, 9: self._sweep, 10: self._theme, 16: self._mock,
                 19: self._second_test, 23: self._joint, 24: self._unannounced}  # fmt: skip
        if day.day in plans and day.month == TODAY.month:
            plans[day.day](now)
        for last, held in self.ending:
            if day == last + dt.timedelta(days=1):
                deeds.move_round(held, "finish", by=self.office, now=now)

    def take(self, day: dt.date) -> Look | None:
        """The next place a round looks at this day."""
        looks = self.due.get(day)
        return looks.pop(0) if looks else None

    def of(self, place: Place) -> Round | None:
        """The daily patrol, where the place is on its list."""
        return self.patrol if place.pk in self.on_patrol else None

    # ---------- each round

    def _patrol(self, now: dt.datetime) -> None:
        held = self._plan("九月日常巡查", Kind.PATROL, 1, 30, now=now)
        chosen = [place for place in self.places if place.is_key or place.place_type.name in ("背街小巷", "公交站台")]
        self._open(held, chosen, {self.inspector: "一组", self.office: "二组"}, now=now)
        self.patrol, self.on_patrol = held, {place.pk for place in chosen}

    def _first_test(self, now: dt.datetime) -> None:
        self._test("第三方测评（九月第一次）", (4, 5, 6), now=now)

    def _second_test(self, now: dt.datetime) -> None:
        self._test("第三方测评（九月第二次）", (19, 20), now=now)

    def _test(self, name: str, days: tuple[int, ...], *, now: dt.datetime) -> None:
        """Drawn by type, so that anybody can prove it, and walked by the contractor."""
        company = Unit.objects.get(campaign=self.campaign, name="示例测评公司")
        held = self._plan(name, Kind.THIRD_PARTY, days[0], days[-1], now=now, unit=company, is_hidden=True)
        drawn = self._draw(held, 10, now=now)
        self._open(held, [], {self.third: ""}, now=now)
        self._look(held, drawn, days, self.third)

    def _mock(self, now: dt.datetime) -> None:
        held = self._plan("九月模拟测评", Kind.MOCK, 16, 18, now=now, theme="按测评办法走一遍")
        drawn = self._draw(held, 12, now=now)
        self._open(held, [], {self.inspector: ""}, now=now)
        self._look(held, drawn, (16, 17, 18), self.inspector)

    def _theme(self, now: dt.datetime) -> None:
        kind = self._type("农贸市场")
        held = self._plan(
            "农贸市场周边秩序", Kind.THEMED, 10, 12, now=now, theme="占道经营", place_type=kind, priority=1
        )
        listed = list(deeds.pool(held).select_related("place_type").order_by("code"))
        self._open(held, listed, {self.inspector: ""}, now=now)
        self._look(held, listed, (10, 11, 12), self.inspector)

    def _sweep(self, now: dt.datetime) -> None:
        """拉网: every housing estate, two thirds of them seen so far."""
        held = self._plan(
            "小广告拉网排查", Kind.SWEEP, 9, 27, now=now, theme="小广告", place_type=self._type("居民小区")
        )
        deeds.fill(held, by=self.office, now=now)
        self._open(held, [], {self.inspector: ""}, now=now)
        listed = [row.place for row in held.round_places.select_related("place__place_type").order_by("order")]
        self._look(held, listed[:12], (9, 13, 17, 23), self.inspector)
        self.ending.pop()  # it goes on

    def _joint(self, now: dt.datetime) -> None:
        """Planned, not begun."""
        held = self._plan("国庆前联合督查", Kind.JOINT, 28, 29, now=now, theme="主次干道和广场", priority=1)
        wanted = [place for place in self.places if place.place_type.name in ("主次干道", "公共广场", "火车站")]
        deeds.add_places(held, wanted, by=self.office, now=now)
        deeds.change_members(held, {self.inspector.pk: "一组", self.office.pk: "二组"}, by=self.office, now=now)

    def _unannounced(self, now: dt.datetime) -> None:
        """Begun today: no unit knows of it, nor of what it found."""
        held = self._plan("早市占道暗访", Kind.UNANNOUNCED, 24, 26, now=now, theme="早市占道")
        wanted = [place for place in self.places if place.place_type.name in ("餐饮店", "农贸市场")][::3]
        self._open(held, wanted, {self.inspector: ""}, now=now)
        self._look(held, wanted[:2], (24,), self.inspector)
        self.ending.pop()

    # ---------- what they share

    def _plan(self, name: str, kind: str, first: int, last: int, *, now: dt.datetime, **fields: object) -> Round:
        said = {"name": name, "kind": kind, "starts_on": september(first), "ends_on": september(last)}
        return deeds.plan_round(self.campaign, said | fields, by=self.office, now=now)

    def _draw(self, held: Round, count: int, *, now: dt.datetime) -> list[Place]:
        """The seed is the demo's own, so that the story is the same wherever it is told."""
        seed = hashlib.sha256(f"{SEED} {held.code}".encode()).hexdigest()[:32]
        deeds.draw_places(held, count, is_by_type=True, seed=seed, by=self.office, now=now)
        held.refresh_from_db()
        return [row.place for row in held.round_places.select_related("place__place_type").order_by("order")]

    def _open(self, held: Round, places: list[Place], people: dict[User, str], *, now: dt.datetime) -> None:
        if places:
            deeds.add_places(held, places, by=self.office, now=now)
        deeds.change_members(held, {user.pk: team for user, team in people.items()}, by=self.office, now=now)
        deeds.move_round(held, "open", by=self.office, now=now)
        held.refresh_from_db()

    def _look(self, held: Round, places: list[Place], days: tuple[int, ...], by: User) -> None:
        """The places spread evenly over the days; the round ends after the last."""
        for number, place in enumerate(places):
            self.due.setdefault(september(days[number * len(days) // len(places)]), []).append(Look(held, place, by))
        self.ending.append((september(days[-1]), held))

    def _type(self, name: str) -> PlaceType:
        return PlaceType.objects.get(campaign=self.campaign, name=name)

    def _at(self, day: dt.date, hour: int) -> dt.datetime:
        return dt.datetime.combine(day, dt.time(hour), self.campaign.zone)
