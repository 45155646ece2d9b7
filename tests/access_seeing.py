"""Rows of the access table: the board and its figures, what comes by other ways, the days before the assessors."""

from tests.access_rows import row

ROWS = [
    # the board of orders: a unit reads its own; a contractor's rounds are not its board
    row("orders", "GET /orders", members=200, third_party=403),
    row("orders-export", "GET /orders/export", members=200, third_party=403),
    row("orders-figures", "GET /orders/figures?by=type", members=200, third_party=403),
    row("orders-figures-export", "GET /orders/figures/export", members=200, third_party=403),
    row("orders-meeting", "GET /orders/meeting", members=200, third_party=403),
    row("orders-pack", "GET /orders/pack", readers=200, outsider=200, rest=403),
    row("api-findings-list", "GET /api/v1/findings", members=200, third_party=403),
    row("api-findings-detail", "GET /api/v1/findings/nobody", members=404, third_party=403),
    row("api-rates-list", "GET /api/v1/rates", members=200, third_party=403),
    # what comes by other ways; the residents' page is nobody's and closed
    row("intake", "GET /intake/new", office=200, outsider=200, rest=403),
    row("intake", "POST /intake/new", data={}, office=422, outsider=422, rest=403),
    row("sightings", "GET /sightings", office=200, outsider=200, rest=403),
    row("sighting", "POST /sightings/00000000-0000-7000-8000-000000000000", office=404, outsider=404, rest=403),
    row(
        "sighting-photo",
        "GET /sightings/00000000-0000-7000-8000-000000000000/photo",
        office=404,
        outsider=404,
        rest=403,
    ),
    row("snap-links", "POST /sightings/links", data={"name": "公告栏"}, office=302, outsider=302, rest=403),
    row("snap-code", "GET /sightings/links/nobody-knows/code", office=404, outsider=404, rest=403),
    row("snap", "GET /snap/nobody-knows", all=404),
    row("snap", "POST /snap/nobody-knows", all=404),
    # before the assessors come
    row("readiness", "GET /readiness", readers=200, outsider=200, rest=403),
    row("readiness-roster", "GET /readiness/roster", readers=200, outsider=200, rest=403),
    row("readiness-roster", "POST /readiness/roster", office=422, outsider=422, rest=403),
    row("roster-paste", "GET /readiness/roster/paste", office=200, outsider=200, rest=403),
    row("roster-paste", "POST /readiness/roster/paste", data={"do": "write"}, office=422, outsider=422, rest=403),
    row("duty", "GET /readiness/roster/{duty}", office=200, readers=403, outsider=404, rest=403),
    row("duty", "POST /readiness/roster/{duty}", data={"post": ""}, office=422, readers=403, outsider=404, rest=403),
    row("readiness-cards", "GET /readiness/cards", readers=200, outsider=200, rest=403),
    # circulars: drafts are the office's and the leader's
    row("circulars", "GET /circulars", members=200, third_party=403),
    row("circular-new", "POST /circulars/new", data={"kind": "circular"}, office=302, outsider=302, rest=403),
    row("circular", "GET /circulars/00000000-0000-7000-8000-000000000000", members=404, third_party=403),
    row("circular-deed", "GET /circulars/00000000-0000-7000-8000-000000000000/pdf", members=404, third_party=403),
    row("circular-deed", "POST /circulars/00000000-0000-7000-8000-000000000000/issue", members=404, third_party=403),
]
