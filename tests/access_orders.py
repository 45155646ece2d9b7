"""Findings, orders and their papers: every route x every role (see tests/access_table.py).

`pending` is hidden; `fixing`, `answered`, `joint` and `closed` were issued to 区交通支队 by one order; 区城市管理委 is asked
to sign `joint`.
"""

from inspections import answering, disputing, drafting, finding, issuing, rechecking
from inspections.finding import Found
from inspections.models import Finding, Order, Place, PlaceType
from tests.access_rows import row
from tests.inspections.order_cast import shoot

#: Read by the unit and the campaign's readers; nobody else learns that it is there.
OWN = {"parties": 200, "rest": 404}


def deed(name, path, *, data=None, **codes):
    """A deed on an issued finding: the office may, readers may not, unit and inspectors see it and may not."""
    expected = {"office": 302, "administrator": 403, "leader": 403, "own": 403, "inspector": 403, "rest": 404} | codes
    return row(name, f"POST {path}", data=data, **expected)


def answer(name, path, *, data, code=302):
    return deed(name, path, data=data, own=code, office=code)


ROWS = [
    row("order-drafts", "GET /orders/drafts", office=200, outsider=200, rest=403),
    row("order-gather", "POST /orders/drafts/gather", office=302, outsider=302, rest=403),
    row("order-issue-drafts", "POST /orders/drafts/issue", data={"all": "1"}, office=302, outsider=302, rest=403),
    row("order-papers", "GET /orders/papers", members=200, third_party=403),
    row("order-paper", "GET /orders/papers/{paper}", **OWN | {"third_party": 403}),
    row("order-paper-pdf", "GET /orders/papers/{paper}/pdf", **OWN | {"third_party": 403}),
    row("order-receive", "POST /orders/papers/{paper}/receive", own=302, readers=403, inspector=403, third_party=403, rest=404),
    row("order-rules", "GET /orders/rules", staff=200, outsider=200, rest=403),
    row("order-rules", "POST /orders/rules", staff=200, outsider=200, rest=403),
    row("problem-lists", "GET /orders/lists", readers=200, outsider=200, rest=403),
    row("problem-list-new", "GET /orders/lists/new", office=200, outsider=200, rest=403),
    row("problem-list-new", "POST /orders/lists/new", office=422, outsider=422, rest=403),
    row("answers-mine", "GET /orders/mine", office=200, outsider=200, own=200, stranger=200, rest=403),
    row("finding", "GET /orders/{fixing}", **OWN | {"inspector": 200}),
    row("finding", "GET /orders/{pending}", readers=200, rest=404),
    row("finding", "GET /orders/{joint}", **OWN | {"stranger": 200, "inspector": 200}),
    answer("finding-reply", "/orders/{fixing}/reply", data={"version": "1"}, code=422),
    answer("finding-retract", "/orders/{answered}/retract", data={"version": "2"}),
    answer("finding-decline", "/orders/{fixing}/decline", data={"reason": "不归我们"}, code=422),
    answer("finding-extend", "/orders/{fixing}/extend", data={"reason": "要招标", "proposed_on": "2019-12-20"}),
    deed("finding-change", "/orders/{pending}/change", data={"version": "1", "severity": "major"}, own=404, inspector=404),
    deed("finding-issue", "/orders/{pending}/issue", own=404, inspector=404),
    deed("finding-revoke", "/orders/{fixing}/revoke", data={"version": "1", "reason": "不属实"}),
    deed("finding-recheck", "/orders/{answered}/recheck", data={"version": "2", "outcome": "pass"}, inspector=302),
    row("finding-pair", "GET /orders/{answered}/pair", office=302, inspector=302, own=403, readers=403, rest=404),
    deed("finding-take-back", "/orders/{answered}/verdicts/{signature}/take-back", office=404, inspector=404),
    deed("finding-why", "/orders/{fixing}/why", data={"cause": "无人收运"}),
    deed("finding-choose-photo", "/orders/{fixing}/photos/{signature}/choose", office=404),
    row("orders-pick", "GET /orders/pick?codes={fixing}&to=export", members=302, third_party=403),
    row("orders-limits", "GET /orders/limits?codes={fixing}", office=200, outsider=200, rest=403),
    row("orders-limits", "POST /orders/limits", data={"codes": "{fixing}"}, office=422, outsider=422, rest=403),
    row("orders-sweeps", "GET /orders/sweeps?codes={fixing}", office=200, outsider=200, rest=403),
    row("orders-sweeps", "POST /orders/sweeps", data={"codes": "{fixing}"}, office=302, outsider=302, rest=403),
    deed("finding-rule", "/orders/{fixing}/requests/{asked_back}", data={"ruling": "是你们的", "ruling_is": "refuse"}),
    deed("finding-sweep", "/orders/{fixing}/sweep"),
    deed("finding-signers", "/orders/{fixing}/signers", data={"units": "{other_unit}"}),
    row("finding-sign", "POST /orders/{joint}/sign/{signature}", stranger=302, rest=404),
    deed("finding-escalate", "/orders/{fixing}/escalate", data={"how": "约谈"}, office=422),
    deed("finding-look-again", "/orders/{closed}/look-again", inspector=302),
]  # fmt: skip


def objects(campaign, police, city, *, office, liaison, inspector, now):
    kind = PlaceType.objects.create(campaign=campaign, code="T77", name="街巷")
    for number in range(6):
        Place.objects.create(
            campaign=campaign, place_type=kind, code=f"S77{number}", name=f"甲{number}巷", owner=police
        )
    places = Place.objects.filter(place_type=kind).order_by("code")
    made = {
        name: finding.file(campaign, Found(text=name, tile="乱停车", found_at=now, place=place), by=office, now=now)
        for name, place in zip(("fixing", "answered", "joint", "closed", "pending"), places, strict=False)
    }
    order = _issued(campaign, made, office=office, now=now)
    for name in ("answered", "joint", "closed"):
        _answer(made[name], liaison, police, now=now)
    closed = answering.milestone_of(made["closed"])
    rechecking.decide(made["closed"], outcome="pass", by=inspector, now=now, version=closed.version)
    signature = rechecking.ask_to_sign(made["joint"], [city], by=office, now=now)[0]
    fixing = Finding.objects.get(pk=made["fixing"].pk)
    asked = disputing.decline(fixing, reason="不归我们", proposed_unit=city, by=liaison, unit=police, now=now)
    return {
        **{name: row.code for name, row in made.items()},
        "paper": f"{order.year}-{order.number}",
        "signature": signature.pk,
        "asked_back": asked.pk,
        "other_unit": city.pk,
    }


def _issued(campaign, made, *, office, now):
    """All but the pending one on one paper."""
    drafting.draft_orders(campaign, today=now.date(), now=now)
    pending = made["pending"]
    pending.lines.all().delete()
    order = Order.objects.drafts().select_related("campaign", "unit").get(lines__finding=made["fixing"])
    return issuing.issue(order, by=office, now=now, version=order.version)


def _answer(row, liaison, police, *, now):
    row.refresh_from_db()
    shoot(row, moment="after", at=now, seed=int(row.code), by=liaison)
    said = answering.Said(token=f"token{row.code}", version=1, words="已改")
    answering.answer(row, said, by=liaison, unit=police, now=now)
