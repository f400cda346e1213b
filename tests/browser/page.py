"""What a person does with the page: reads, types, presses. Each is waited for as a person would."""

from collections.abc import Callable
from typing import TypeVar

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

SECONDS = 30
T = TypeVar("T")


class Page:
    """The local workspace in one tab."""

    def __init__(self, browser: webdriver.Chrome) -> None:
        self._browser = browser

    def see(self, part: str, *, containing: str = "", within: str = "") -> WebElement:
        """The last such part with these words that is shown, by what the page calls it for tests."""

        def found() -> WebElement | None:
            shown = self._browser.find_elements(By.CSS_SELECTOR, f"{_named(within)} {_named(part)}".strip())
            return next((one for one in reversed(shown) if containing in one.text), None)

        return self._until(found, f"{part} with {containing!r}")

    def read(self, part: str, *, containing: str = "") -> str:
        """The text of the part, as it is when it has these words."""

        def found() -> str | None:
            text = self.see(part, containing=containing).text
            return text if containing in text else None

        return self._until(found, f"{part} with {containing!r}")

    def gone(self, part: str) -> None:
        """Wait until there is no such part."""
        self._until(
            lambda: not self._browser.find_elements(By.CSS_SELECTOR, _named(part)) or None, f"no {part}"
        )

    def act_as(self, name: str) -> None:
        """Another person sits down."""
        self.see("person", containing=name).click()
        self.see("me", containing=name)

    def go_to(self, channel: str) -> None:
        """Open a channel."""
        self.see("channel", containing=channel).click()

    def write(self, text: str) -> None:
        """Type a message or a command, and send it."""
        self.see("composer-input").send_keys(text)
        self.see("send").click()

    def press(self, words: str, *, within: str = "channel-view") -> None:
        """Press the last button with these words."""

        def pressed() -> bool:
            self.see("block-button", containing=words, within=within).click()
            return True

        # A live message is drawn anew now and then, and with it its buttons.
        self._until(pressed, f"a button {words!r}")

    def column(self, number: int, *, within: str) -> list[str]:
        """The cells of a column of the table there."""
        cells = f"{_named(within)} tbody tr > *:nth-child({number})"
        return self._until(
            lambda: [cell.text for cell in self._browser.find_elements(By.CSS_SELECTOR, cells)] or None,
            f"a table in {within}",
        )

    def complaints(self) -> list[str]:
        """What the browser's console says is wrong."""
        return [str(entry["message"]) for entry in self._browser.get_log("browser")]

    def _until(self, look: Callable[[], T | None], what: str) -> T:
        wait = WebDriverWait(self._browser, SECONDS, 0.1, ignored_exceptions=[StaleElementReferenceException])
        found = wait.until(lambda _: look(), f"the page does not show {what}")
        assert found is not None
        return found


def _named(part: str) -> str:
    return f'[data-testid="{part}"]' if part else ""
