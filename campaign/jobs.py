"""Jobs of the ground: they read the clock, call one deed, and may come twice or in any order."""

from celery import shared_task

from campaign import clock, mail, working


@shared_task(name=mail.DELIVER)
def deliver() -> None:
    mail.deliver_outbox(now=clock.now())


@shared_task(name="campaign.jobs.ring_again")
def ring_again() -> None:
    working.ring_again(now=clock.now())
