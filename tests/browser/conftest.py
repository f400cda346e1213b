"""A real browser on the page of a demo that is up, with small data."""

from collections.abc import Iterator

import pytest
from selenium import webdriver

from tests.browser.page import Page
from tests.e2e.conftest import planwise_data
from tests.e2e.program import Program
from tests.e2e.test_demo import demo, env, folder

__all__ = ["demo", "env", "folder", "planwise_data"]

CHROMIUM = "/usr/bin/chromium"
CHROMEDRIVER = "/usr/bin/chromedriver"


@pytest.fixture(scope="session")
def browser() -> Iterator[webdriver.Chrome]:
    """One for all tests. As root Chromium wants no sandbox of its own; it opens nothing but the page."""
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1280,1000"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(CHROMEDRIVER))
    try:
        yield driver
    finally:
        driver.quit()


@pytest.fixture
def page(browser: webdriver.Chrome, demo: Program, env: dict[str, str]) -> Iterator[Page]:
    """The page, opened by the on-call engineer. Nothing that goes wrong in it is passed over."""
    assert demo.status is None
    browser.get(f"http://127.0.0.1:{env['SWITCHBACK_SANDBOX_PORT']}/")
    opened = Page(browser)
    yield opened
    assert opened.complaints() == []
    # Another test's demo has another address; what this one still asks for would be a complaint there.
    browser.get("about:blank")
