"""The demo campaign: the plan of 2019, invented people, and a year of reports by a fixed seed."""

CODE = "demo-2019"
SEED = 20190924
PASSWORD = "Demo-2019"  # noqa: S105 - printed by `make demo`; the demo holds invented data only
