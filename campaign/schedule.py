"""What runs by the clock: the one table. Each turn calls a job that finds for itself what is due.

A turn that no worker took within `expires` is dropped, so that a worker which was away for a night finds one turn of
each kind and not hundreds; the next turn does the same work. A missed turn therefore never matters.
"""

from dataclasses import dataclass

from celery.schedules import crontab


@dataclass(frozen=True)
class Turn:
    """`every`: seconds, or a crontab in the installation's time zone. `expires`: seconds, below the period."""

    job: str
    every: float | crontab
    expires: int
    why: str


TURNS = (
    Turn("campaign.jobs.deliver", every=30, expires=25, why="mail that is due, or whose sender died"),
    Turn("campaign.jobs.ring_again", every=60, expires=50, why="long work whose ring was lost or whose worker died"),
    # every hour of the day's first half: a machine that was off in the morning still tells people before noon is over
    Turn(
        "reports.jobs.daily",
        every=crontab(hour="7-14", minute=30),
        expires=3000,
        why="the day's work of each campaign, done once a day",
    ),
    Turn(
        "inspections.jobs.evening",
        every=crontab(minute="*/10"),
        expires=500,
        why="the day's findings gathered into drafts, once from the hour each campaign names; a missed evening is made up for",
    ),
)


def beat_schedule() -> dict[str, dict[str, object]]:
    """As Celery wants it."""
    return {
        turn.job: {"task": turn.job, "schedule": turn.every, "options": {"expires": turn.expires}} for turn in TURNS
    }
