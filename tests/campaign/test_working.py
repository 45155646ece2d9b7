"""Long work: claimed once, told in words, taken up again when its worker died."""

import datetime as dt

import pytest

from campaign import working
from campaign.models import Job
from campaign.problems import Problem, Refused


@pytest.fixture
def rung(monkeypatch):
    heard = []
    monkeypatch.setattr(working, "ring", lambda *words: heard.append(words))
    return heard


@pytest.fixture
def job(campaign, office, now, rung):
    return working.begin(campaign, kind="tasks.jobs.any", title="导入", arguments={}, by=office, now=now)


def test_beginning_rings(job, rung):
    assert rung == [("tasks.jobs.any", str(job.pk))]


def test_it_is_done_once(job, now):
    done = []
    for _ in range(3):
        working.run(job.pk, lambda job: done.append(job) or {"rows": 3}, now=lambda: now)
    job.refresh_from_db()
    assert (len(done), job.state, job.result) == (1, Job.State.DONE, {"rows": 3})


def refuse(job):
    raise Refused(Problem("x", "第 3 行有问题。"))


def test_a_refusal_is_told_in_its_words(job, now):
    working.run(job.pk, refuse, now=lambda: now)
    job.refresh_from_db()
    assert (job.state, job.error) == (Job.State.FAILED, "第 3 行有问题。")


def test_a_fault_is_told_plainly(job, now):
    working.run(job.pk, lambda job: 1 / 0, now=lambda: now)
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert job.error.startswith("没有办成，什么也没有写。")


def test_lost_rings_and_dead_workers_are_rung_for_again(job, now, rung):
    assert working.ring_again(now=now) == 0
    later = now + dt.timedelta(minutes=1)
    assert working.ring_again(now=later) == 1
    Job.objects.update(state=Job.State.RUNNING, started_at=later)
    assert working.ring_again(now=later) == 0
    assert working.ring_again(now=later + working.LEASE + dt.timedelta(seconds=1)) == 1
    assert len(rung) == 3
