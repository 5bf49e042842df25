"""A headless Chromium, driven through its debugging pipe: no port, no library, no network."""

import base64
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.effort import HANGING

FOUND = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "")


class Page:
    """One tab. `errors` are what the page logged or was refused by its own policy."""

    def __init__(self, commands: int, answers: int) -> None:
        self._commands = os.fdopen(commands, "wb", buffering=0)
        self._answers = os.fdopen(answers, "rb")
        self._number = 0
        self.events: list[dict[str, Any]] = []
        target = self._send("Target.createTarget", None, url="about:blank")["targetId"]
        attached = self._send("Target.attachToTarget", None, targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "DOM", "Accessibility"):
            self.command(f"{domain}.enable")

    def command(self, method: str, **parameters: object) -> Any:
        """What DevTools answers to a command of this tab."""
        return self._send(method, self._session, **parameters)

    def open(self, page: Path, width: int = 1280, dark: bool = False, script: bool = True) -> None:
        """Loads the file as a person with this window, this preference and with or without scripts
        sees it."""
        self.events.clear()
        self.command("Emulation.setScriptExecutionDisabled", value=not script)
        self.command(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=900,
            deviceScaleFactor=1,
            mobile=False,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.command("Emulation.setEmulatedMedia", features=[scheme])
        self.command("Page.navigate", url=page.as_uri())
        while not any(one.get("method") == "Page.loadEventFired" for one in self.events):
            self._read()

    def value(self, expression: str) -> Any:
        """What a JavaScript expression gives, a promise when it is kept; it runs even where the
        page's own scripts may not."""
        answer = self.command(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def press(self, key: str, code: int, shift: bool = False) -> None:
        """A key, as a keyboard sends it."""
        for kind in ("rawKeyDown", "keyUp"):
            self.command(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                code=key,
                windowsVirtualKeyCode=code,
                modifiers=8 if shift else 0,
            )

    def type(self, words: str) -> None:
        """Text into what has the focus."""
        self.command("Input.insertText", text=words)

    def picture(self, into: Path, selector: str = "") -> None:
        """A screenshot of the whole page, or of one element."""
        clip = {}
        if selector:
            box = self.value(
                f"(() => {{ const b = document.querySelector({json.dumps(selector)})"
                ".getBoundingClientRect();"
                " return {x: b.x + scrollX, y: b.y + scrollY, width: b.width, height: b.height};"
                " })()"
            )
            clip = {"clip": {**box, "scale": 1}}
        made = self.command("Page.captureScreenshot", captureBeyondViewport=True, **clip)
        into.write_bytes(base64.b64decode(made["data"]))

    @property
    def problems(self) -> list[str]:
        """Errors and refusals that the browser logged, and what it asked of any network."""
        found = []
        for one in self.events:
            given = one.get("params", {})
            if one.get("method") == "Log.entryAdded" and given["entry"]["level"] == "error":
                found.append(given["entry"]["text"])
            if one.get("method") == "Runtime.exceptionThrown":
                found.append(str(given["exceptionDetails"]))
            if one.get("method") == "Network.requestWillBeSent":
                url = given["request"]["url"]
                if not url.startswith("file:"):
                    found.append(f"request: {url}")
        return found

    def close(self) -> None:
        """Ends the browser."""
        self._send("Browser.close", None)
        self._commands.close()
        self._answers.close()

    def _send(self, method: str, session: str | None, **parameters: object) -> Any:
        self._number += 1
        number = self._number
        message = {"id": number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        self._commands.write(json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return answer["result"]

    def _read(self) -> dict[str, Any]:
        data = bytearray()
        while (byte := self._answers.read(1)) != b"\0":
            assert byte, "the browser is gone"
            data += byte
        message: dict[str, Any] = json.loads(data)
        if "method" in message:
            self.events.append(message)
        return message


@contextmanager
def browser(folder: Path) -> Iterator[Page]:
    """A browser with an empty profile in `folder`; skips where there is none."""
    if not FOUND or sys.platform == "win32":
        pytest.skip("no Chromium here")
    theirs_in, commands = os.pipe()
    answers, theirs_out = os.pipe()
    program = [
        FOUND,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--hide-scrollbars",
        f"--user-data-dir={folder}",
        "--remote-debugging-pipe",
    ]
    given = f'exec "$@" 3<&{theirs_in} 4>&{theirs_out}'
    process = subprocess.Popen(
        ["bash", "-c", given, "bash", *program],
        pass_fds=(theirs_in, theirs_out),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(theirs_in)
    os.close(theirs_out)
    page = Page(commands, answers)
    try:
        yield page
    finally:
        page.close()
        process.wait(timeout=HANGING)
