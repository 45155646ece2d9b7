"""The ground: settings and wiring, the campaign and its people, access, clock, mail, attachments, log."""

from campaign.celery import app as celery_app

__all__ = ["celery_app"]
