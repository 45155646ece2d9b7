"""Whatever deeds come in whatever order: nothing is lost, and every finding stands where its milestone stands."""

import datetime as dt

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from campaign.access import Role
from campaign.models import Campaign, Membership, Unit, User
from campaign.problems import Refused
from inspections import answering, disputing, drafting, finding, issuing, rechecking
from inspections.finding import Found
from inspections.models import Finding, Order, Photo, Place, PlaceType
from inspections.standing import STAGE_OF
from tasks.models import Milestone, Request, Task
from tests.conftest import NOON, TODAY
from tests.inspections.order_cast import shoot

Stage = Finding.Stage
TILES = ("乱停车", "占道经营")


class Street(RuleBasedStateMachine):
    """Deeds on a handful of places of two units; a refusal is an answer too, and must change nothing."""

    def __init__(self):
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        self.now, self.filed = NOON, 0
        self.campaign = Campaign.objects.create(code="c", district="东城区", year=2019, pinned_on=TODAY)
        self.units = [Unit.objects.create(campaign=self.campaign, name=name) for name in ("甲队", "乙队", "区创城办")]
        self.people = [self._person(unit) for unit in self.units]
        kind = PlaceType.objects.create(campaign=self.campaign, code="T", name="街巷")
        self.places = [
            Place.objects.create(campaign=self.campaign, place_type=kind, code=f"S{n}", name=f"{n}巷", owner=unit)
            for n, unit in enumerate([*self.units[:2], None])
        ]

    def _person(self, unit):
        user = User.objects.create_user(unit.name, password="x", name=unit.name)
        fields = {"unit": unit, "role": Role.LIAISON, "post": Membership.Post.LIAISON, "valid_from": TODAY}
        Membership.objects.create(campaign=self.campaign, user=user, **fields)
        return user

    @property
    def office(self):
        return self.people[2]

    def _one(self, stage, place):
        rows = list(Finding.objects.filter(campaign=self.campaign, stage=stage, joined_into=None).order_by("code"))
        return rows[place % len(rows)] if rows else None

    def _do(self, deed, *args, **fields):
        self.now += dt.timedelta(minutes=7)
        try:
            return deed(*args, now=self.now, **fields)
        except Refused:
            return None

    @rule(place=st.integers(0, 2), tile=st.sampled_from(TILES), on_spot=st.booleans())
    def find(self, place, tile, on_spot):
        said = Found(text=tile, tile=tile, found_at=self.now, place=self.places[place], is_on_spot=on_spot)
        row = self._do(finding.file, self.campaign, said, by=self.office)
        self.filed += 1
        if on_spot and row.joined_into_id is None:
            for moment in (Photo.Moment.BEFORE, Photo.Moment.AFTER):
                shoot(row, moment=moment, at=self.now, by=self.office, seed=self.filed)
            finding.settle_on_spot(row, now=self.now)

    @rule()
    def gather_and_issue(self):
        self._do(drafting.draft_orders, self.campaign, today=TODAY)
        for order in Order.objects.drafts().filter(campaign=self.campaign).select_related("campaign", "unit"):
            self._do(issuing.issue, order, by=self.office, version=order.version)

    @rule(at=st.integers(0, 9), unit=st.integers(0, 1), later=st.booleans())
    def change_draft(self, at, unit, later):
        row = self._one(Stage.PENDING, at)
        if row is not None:
            tomorrow = TODAY + dt.timedelta(days=1) if later else None
            wanted = drafting.Change(unit=self.units[unit], not_before_on=tomorrow)
            self._do(drafting.change, row, wanted, by=self.office, version=row.version)

    @rule(at=st.integers(0, 9))
    def answer(self, at):
        row = self._one(Stage.FIXING, at)
        if row is None:
            return
        shoot(row, moment=Photo.Moment.AFTER, at=self.now, seed=at + 500, by=self.people[0])
        said = answering.Said(token=f"t{self.now:%d%H%M}", version=answering.milestone_of(row).version)
        self._do(answering.answer, row, said, by=self.people[0], unit=row.unit)

    @rule(at=st.integers(0, 9), passes=st.booleans(), who=st.integers(0, 2))
    def recheck(self, at, passes, who):
        row = self._one(Stage.RECHECK, at)
        if row is not None:
            said = {"outcome": "pass" if passes else "return", "reason": "没有改完"}
            version = answering.milestone_of(row).version
            self._do(rechecking.decide, row, **said, by=self.people[who], version=version)

    @rule(at=st.integers(0, 9), granted=st.booleans())
    def dispute(self, at, granted):
        row = self._one(Stage.FIXING, at)
        if row is None:
            return
        other = self.units[1] if row.unit_id == self.units[0].pk else self.units[0]
        asked = self._do(
            disputing.decline, row, reason="不归我们", proposed_unit=other, by=self.people[0], unit=row.unit
        )
        if asked is not None:
            asked = Request.objects.select_related("task__campaign", "proposed_unit", "unit").get(pk=asked.pk)
            self._do(disputing.rule, asked, is_granted=granted, ruling="核实过", by=self.office)

    @precondition(lambda self: self.filed > 2)
    @rule(at=st.integers(0, 9), stage=st.sampled_from([Stage.PENDING, Stage.FIXING, Stage.RECHECK]))
    def revoke(self, at, stage):
        row = self._one(stage, at)
        if row is None:
            return
        if row.task_id is None:
            self._do(drafting.revoke, row, reason="不属实", by=self.office, version=row.version)
        else:
            version = answering.milestone_of(row).version
            self._do(disputing.revoke, row, reason="不属实", by=self.office, version=version)

    def check(self):
        rows = list(Finding.objects.filter(campaign=self.campaign).select_related("joined_into"))
        own = [row for row in rows if row.joined_into is None]
        assert len(rows) == self.filed, "a finding was lost"
        self._adds_up(own)
        steps = {step.task_id: step for step in Milestone.objects.filter(campaign=self.campaign)}
        assert Task.objects.filter(campaign=self.campaign).count() == sum(row.task_id is not None for row in own)
        for row in own:
            self._agrees(row, steps.get(row.task_id))
        for row in rows:
            assert row.joined_into is None or row.stage == row.joined_into.stage
        self._places(own)

    def _adds_up(self, own):
        """发现 = 整改中 (待签发 with it) + 待复查 + 已销号, and what was revoked besides."""
        tally = {stage: sum(row.stage == stage for row in own) for stage in Stage}
        counted = Finding.objects.filter(campaign=self.campaign).counted().count()
        open_ones = tally[Stage.PENDING] + tally[Stage.FIXING]
        assert counted == open_ones + tally[Stage.RECHECK] + tally[Stage.CLOSED]
        assert len(own) == counted + tally[Stage.REVOKED]

    @staticmethod
    def _agrees(row, step):
        if step is None:
            assert row.stage in (Stage.PENDING, Stage.CLOSED, Stage.REVOKED)
            return
        assert row.stage == STAGE_OF[step.state]
        assert row.unit_id == step.unit_id
        assert row.returns == step.returns
        assert not row.is_hidden

    def _places(self, own):
        for place in self.places:
            place.refresh_from_db()
            mine = [row for row in own if row.place_id == place.pk and row.stage != Stage.REVOKED]
            assert place.finding_count == len(mine)
            assert place.open_count == sum(row.stage in Finding.OPEN_STAGES for row in mine)

    def teardown(self):
        try:
            self.check()
        finally:
            transaction.set_rollback(True)
            self.example.__exit__(None, None, None)


FEW = settings(
    max_examples=8,
    stateful_step_count=14,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.django_db
def test_counts_hold_whatever_comes():
    run_state_machine_as_test(Street, settings=FEW)
