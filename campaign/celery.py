"""The Celery application. The broker is only a doorbell: every job carries ids and calls one deed."""

import os

from celery import Celery

from campaign.schedule import beat_schedule

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaign.settings")
app = Celery("ccgzt")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(related_name="jobs")
app.conf.beat_schedule = beat_schedule()
