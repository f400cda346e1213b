"""`make demo` as people see it: in a browser, by nothing but what the page shows."""

import json
from urllib.request import urlopen

import pytest
from selenium.webdriver.common.by import By

from tests.browser.page import Page

pytestmark = pytest.mark.peers
RUNS = "planwise-parallel-run"


def answered_by(env: dict[str, str]) -> object:
    """Which system the router leads to."""
    with urlopen(f"http://127.0.0.1:{env['PLANWISE_ROUTER_PORT']}/employees/count", timeout=5) as answer:
        return json.load(answer)["system"]


def test_the_on_call_engineer_rolls_back_without_leaving_the_page(page: Page, env: dict[str, str]) -> None:
    assert answered_by(env) == "new"
    page.go_to("incidents")
    page.write("/rollback planwise")
    page.read("message", containing="How bad is it?")
    page.press("P1")
    page.read("message", containing="Is the data that the new system writes wrong?")
    page.press("Yes")
    assert "9 steps, budget 5m" in page.read("message", containing="Nothing has been done yet")

    page.press("Roll back planwise")
    typed = page.see("modal").find_element(By.CSS_SELECTOR, "input")
    typed.send_keys("plan")
    page.see("modal-submit").click()
    assert "planwise" in page.read("input-error")
    assert answered_by(env) == "new"
    typed.send_keys("wise")
    page.see("modal-submit").click()
    page.gone("modal")

    page.press("Done")
    done = page.read("message", containing="“Back to legacy at once” is done")
    assert "9 of 9 steps" in done
    assert "done by sam.okafor" in done
    assert answered_by(env) == "legacy"
    page.see("replies").click()
    assert "opened the rollback of Workforce planning" in page.read("thread", containing="is done in")
    page.see("open-home").click()
    assert "Start the root-cause analysis" in page.read("home", containing="1 thing waits for you")


def test_the_data_lead_sees_the_rows_that_differ_and_sorts_them(page: Page) -> None:
    page.act_as("Ana Ruiz")
    page.go_to(RUNS)
    page.write("/reconcile planwise")
    page.read("message", containing="4 of 6 checks outside tolerance")
    page.press("Show rows")
    page.see("replies").click()
    table = page.see("data-table", within="thread")
    rows = page.column(1, within="data-table")
    assert len(set(rows)) > 1
    head = table.find_element(By.CSS_SELECTOR, "th[scope=col]")
    for order, descending in (("ascending", False), ("descending", True)):
        head.find_element(By.CSS_SELECTOR, "button").click()
        assert head.get_attribute("aria-sort") == order
        assert page.column(1, within="data-table") == sorted(rows, key=int, reverse=descending)


def test_somebody_without_a_role_is_told_who_may_and_nothing_begins(page: Page, env: dict[str, str]) -> None:
    page.act_as("Robin Vale")
    page.go_to("incidents")
    page.write("/rollback planwise")
    told = page.read("message", containing="You may not")
    assert "planwise-oncall" in told
    page.act_as("Sam Okafor")
    assert "How bad is it?" not in page.read("channel-view")
    assert answered_by(env) == "new"
