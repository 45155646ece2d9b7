"""Jobs of the ground: they read the clock, call one deed, and may come twice or in any order."""

from celery import shared_task

from campaign import clock, mail


@shared_task(name=mail.DELIVER)
def deliver() -> None:
    mail.deliver_outbox(now=clock.now())
