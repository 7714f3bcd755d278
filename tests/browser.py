"""A headless Chromium that is spoken to over its debugging pipe: enough to open a page and press keys."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
KEYS = {"Tab": 9, "Enter": 13, "ArrowRight": 39}


class Browser:
    """One page in one browser; what it logs and asks the network for is kept.

    Attributes:
        complaints: errors and warnings of the console.
        requests: addresses that were asked for, without those of the page itself and of data in it.
    """

    def __init__(self, page: Path, profile: Path, width: int) -> None:
        to_child, self._out = os.pipe()
        self._in, from_child = os.pipe()
        flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", f"--user-data-dir={profile}"]
        flags += [f"--window-size={width},900", "--remote-debugging-pipe"]
        command = f'exec "$0" "$@" 3<&{to_child} 4>&{from_child}'
        self._process = subprocess.Popen(
            ["bash", "-c", command, str(CHROMIUM), *flags],
            pass_fds=(to_child, from_child), stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(to_child)
        os.close(from_child)
        self._count, self._session, self._rest = 0, "", b""
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self._open(page)

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._in)
        os.close(self._out)

    def press(self, key: str) -> None:
        """Press and release a key."""
        for kind in ("keyDown", "keyUp"):
            about: dict[str, Any] = {"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": KEYS[key]}
            typed = {"text": "\r"} if (key, kind) == ("Enter", "keyDown") else {}
            self.call("Input.dispatchKeyEvent", **about, **typed)

    def value(self, expression: str) -> Any:
        """The value of a JavaScript expression."""
        return self.call("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def call(self, method: str, **parameters: Any) -> Any:
        """The result of a command; events that come first are looked at."""
        self._count += 1
        message = {"id": self._count, "method": method, "params": parameters}
        message |= {"sessionId": self._session} if self._session else {}
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            came = self._message()
            if came.get("id") == self._count:
                return came["result"]
            self._note(came)

    def _open(self, page: Path) -> None:
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.call("Page.navigate", url=page.as_uri())
        while self._note(self._message()) != "Page.loadEventFired":
            pass

    def _note(self, came: dict[str, Any]) -> str:
        method, about = came.get("method", ""), came.get("params", {})
        if method in ("Runtime.exceptionThrown", "Log.entryAdded", "Runtime.consoleAPICalled"):
            self.complaints.append(json.dumps(about)[:300])
        if method == "Network.requestWillBeSent" and not about["request"]["url"].startswith(("data:", "file:")):
            self.requests.append(about["request"]["url"])
        return str(method)

    def _message(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            self._rest += os.read(self._in, 65536)
        first, _, self._rest = self._rest.partition(b"\0")
        found: dict[str, Any] = json.loads(first)
        return found
