"""A small WebDriver client (W3C WebDriver, JSON over HTTP) for Chromium, with the standard library alone."""
import base64
import json
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class WebDriverError(Exception):
    pass


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Browser:
    """A headless Chromium of its own, with an empty profile and its network log on."""

    def __init__(self, width=1280, height=720):
        self.folder = tempfile.mkdtemp(prefix="quench-browser-")
        port = free_port()
        self.driver = subprocess.Popen(
            ["chromedriver", f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.url = f"http://127.0.0.1:{port}"
        arguments = [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--no-first-run", "--no-default-browser-check",
            f"--user-data-dir={self.folder}", f"--window-size={width},{height}", "--force-device-scale-factor=1",
        ]
        self._wait_until_ready()
        answer = self._ask("POST", "/session", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": {"args": arguments, "perfLoggingPrefs": {"enableNetwork": True}},
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        }}})
        self.session = "/session/" + answer["sessionId"]
        self.resize(width, height)
        self.prefer("light")

    def _wait_until_ready(self):
        for _ in range(100):
            try:
                if self._ask("GET", "/status")["ready"]:
                    return
            except OSError:
                time.sleep(0.1)
        raise WebDriverError("chromedriver doesn't answer")

    def _ask(self, method, path, body=None):
        data = None if body is None and method != "POST" else json.dumps(body or {}).encode()
        request = urllib.request.Request(self.url + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=120) as response:
                return json.loads(response.read())["value"]
        except urllib.error.HTTPError as error:
            value = json.loads(error.read())["value"]
            raise WebDriverError(value["error"] + ": " + value["message"].split("\n")[0]) from None

    def ask(self, method, path, body=None):
        return self._ask(method, self.session + path, body)

    def close(self):
        try:
            self._ask("DELETE", self.session)
        except (OSError, WebDriverError):
            pass
        self.driver.terminate()
        try:
            self.driver.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.driver.kill()
            self.driver.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    # Pages

    def open(self, url):
        self.ask("POST", "/url", {"url": url})

    def run(self, script, *arguments):
        """Runs a function's body; its `arguments` are these."""
        return self.ask("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def cdp(self, command, parameters):
        return self.ask("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def resize(self, width, height):
        """So that the page itself has this size."""
        self.cdp("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})

    def prefer(self, scheme):
        """`light` or `dark`."""
        self.cdp("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})

    def screenshot(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.ask("GET", "/screenshot")))

    def log(self, kind):
        return self.ask("POST", "/se/log", {"type": kind})

    # Elements

    def find(self, selector, seconds=60):
        """The first element that a CSS selector names, once it is there and to be seen."""
        end = time.monotonic() + seconds
        while True:
            try:
                found = self.ask("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]
                if self.ask("GET", f"/element/{found}/displayed"):
                    return found
            except WebDriverError:
                pass
            if time.monotonic() > end:
                raise WebDriverError(f"nothing to be seen is called {selector}")
            time.sleep(0.05)

    def click(self, selector, seconds=60):
        self.ask("POST", f"/element/{self.find(selector, seconds)}/click")

    def type(self, selector, text):
        self.ask("POST", f"/element/{self.find(selector)}/value", {"text": text})

    def text(self, selector="body", seconds=60):
        return self.ask("GET", f"/element/{self.find(selector, seconds)}/text")

    def wait(self, condition, what, seconds=90):
        """Until a function's body says something true."""
        end = time.monotonic() + seconds
        while True:
            value = self.run(condition)
            if value:
                return value
            if time.monotonic() > end:
                raise WebDriverError(f"{what}: not after {seconds} s")
            time.sleep(0.05)

    def wait_text(self, text, selector="body", seconds=90):
        end = time.monotonic() + seconds
        while True:
            try:
                shown = self.text(selector, 1)
            except WebDriverError:
                shown = ""
            if text in shown:
                return shown
            if time.monotonic() > end:
                raise WebDriverError(f"{text!r} isn't there after {seconds} s but: {shown[:600]!r}")
            time.sleep(0.05)

    # Keys and mouse

    KEYS = {"Enter": "\ue007", "Tab": "\ue004", "Escape": "\ue00c", "Shift": "\ue008", "Control": "\ue009", "Alt": "\ue00a",
            "ArrowLeft": "\ue012", "ArrowUp": "\ue013", "ArrowRight": "\ue014", "ArrowDown": "\ue015", "Delete": "\ue017",
            "Space": " ", "Home": "\ue011", "End": "\ue010", "PageUp": "\ue00e", "PageDown": "\ue00f"}

    def press(self, *names):
        """Each one key, perhaps with others held: `Control+z`."""
        for name in names:
            parts = [self.KEYS.get(part, part) for part in name.split("+")] if len(name) > 1 else [name]
            steps = [{"type": "keyDown", "value": part} for part in parts]
            steps += [{"type": "keyUp", "value": part} for part in reversed(parts)]
            self.ask("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": steps}]})

    def drag(self, start, end):
        """From one point of the page to another, with the mouse."""
        def move(point, milliseconds):
            return {"type": "pointerMove", "duration": milliseconds, "x": round(point[0]), "y": round(point[1])}
        middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        self.ask("POST", "/actions", {"actions": [{
            "type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"},
            "actions": [move(start, 0), {"type": "pointerDown", "button": 0}, move(middle, 60), move(end, 60),
                        {"type": "pointerUp", "button": 0}]}]})
