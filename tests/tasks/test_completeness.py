"""五定 or 六定: each campaign chooses whether rewards belong to what a task must have laid down."""

import pytest

from tasks.completeness import gaps


@pytest.fixture
def named(task, campaign):
    def do():
        found = gaps(
            task,
            campaign=campaign,
            targets=list(task.targets.all()),
            assignments=list(task.assignments.all()),
            milestones=list(task.milestones.select_related("task")),
            requirements=[],
        )
        return [problem.where for problem in found]

    return do


def test_six_by_default(named):
    assert named() == ["定标准", "定奖惩"]


def test_five_does_not_ask_for_rewards(named, campaign):
    campaign.is_reward_laid_down = False
    assert named() == ["定标准"]


def test_rewards_once_written_are_laid_down(named, campaign):
    campaign.reward_policy = "按季度评先"
    assert "定奖惩" not in named()


@pytest.mark.parametrize(("choice", "name"), [("on", "六定"), ("", "五定")])
def test_the_office_switches_and_the_task_says_which(login, office, campaign, task, choice, name):
    client = login(office)
    page = client.get("/settings").content.decode()
    assert "按“六定”检查任务（含定奖惩）" in page
    body = {"name": "创建", "short_name": "创城", "district": "东城区", "office_name": "区创城办", "layer_name": "工程"}
    body |= {"year": "2019", "notice_days": "7", "weekly_demand_limit": "5", "is_reward_laid_down": choice}
    assert client.post("/settings", body).status_code == 302
    checks = client.get(f"/tasks/{task.code}/checks").content.decode()
    assert f"{name}<i" in checks
    assert ("定奖惩" in checks) == (name == "六定")
