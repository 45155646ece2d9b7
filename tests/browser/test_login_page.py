"""The first page anyone sees."""

import pytest

from tests.browser.conftest import DESK, LAPTOP, PHONE


@pytest.mark.parametrize("size", [DESK, LAPTOP, PHONE])
def test_login_page_is_accessible_and_light(visit, size, transactional_db):
    visitor = visit(size=size)
    visitor.go("/login")
    visitor.shot("login")
    assert visitor.violations() == []
    assert visitor.gzipped_kilobytes() <= 60


def test_a_person_logs_in(visit, office, transactional_db):
    visitor = visit()
    page = visitor.go("/login")
    page.fill("input[name=username]", office.username)
    page.fill("input[name=password]", "Secret-1234")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "/login" not in page.url
