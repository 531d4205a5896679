#!/usr/bin/python3
"""Drives the review page in a real browser: `review.py PROGRAM SCENARIO`.

PROGRAM is the built `quench`, with `quench-review` beside it. Exit code 0 where the scenario held, else what failed is said.
QUENCH_PICTURES names a folder for screenshots, to be looked at.
"""
import http.client
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from webdriver import Browser, WebDriverError  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "SampleData/generated/input"
CINE = "NIGHTINGVALE_CORDELINE_US-7719-034-B/echo 5 Mar 2024/IM_0012"
STILL = "NIGHTINGVALE_CORDELINE_US-7719-034-B/THYROID.2003/1.dcm"
DOSE = "QUILLFEATHER_OSWIN_ZX88-4471-Q/CT_CHEST_20230917/S0999/i770901.CTDC.1"
TOPOGRAM = "ALI_ZUBEYDEK_AZ-118-6602/TOPO0001"
OVERLAY = "FARTHINGDALE_PEREGRIN_FD-MR-30117/orbits"
CLEAN = "CD/PT000000"
FRAMES = 6
CANARIES = ["NIGHTINGVALE", "CORDELINE", "US-7719-034-B", "QUILLFEATHER", "ZX88-4471-Q"]
POLICY = "version: 1\nseries:\n  ultrasound: quarantine\n  dose-page: quarantine\nfindings:\n  identifier: quarantine\n"
PASSWORDS = {"Ann Example": "seven quiet harbours", "Bob Second": "nine loud mountains"}


def check(condition, what):
    if not condition:
        raise AssertionError(what)


class Place:
    """An output with held series, its page, and a browser."""

    def __init__(self, program, inputs, policy=POLICY, **browser):
        self.program = program
        self.folder = Path(tempfile.mkdtemp(prefix="quench-review-"))
        self.output = self.folder / "output"
        self.browser_options = browser
        self.server = None
        self.browser = None
        for number, name in enumerate(inputs):
            source = SAMPLE / name if isinstance(name, str) else name
            target = self.folder / "input" / str(number)
            target.parent.mkdir(exist_ok=True)
            shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
        (self.folder / "policy.yaml").write_text(policy)
        self.quench("clean", str(self.folder / "input"), "--output", str(self.output), "--workers", "2", "--policy",
                    str(self.folder / "policy.yaml"), expects=(0, 3))

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind and self.browser and os.environ.get("QUENCH_PICTURES"):
            self.browser.screenshot(os.environ["QUENCH_PICTURES"] + "/failure.png")
        if self.browser:
            self.browser.close()
        if self.server:
            self.server.kill()
            self.server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def environment(self):
        return {**os.environ, "XDG_CONFIG_HOME": str(self.folder / "configuration")}

    def quench(self, *arguments, expects=(0,)):
        done = subprocess.run([self.program, *arguments], capture_output=True, text=True, env=self.environment)
        check(done.returncode in expects, f"quench {arguments[0]}: {done.returncode} {done.stdout} {done.stderr}")
        return done.stdout

    def add_reviewers(self):
        for name, password in PASSWORDS.items():
            (self.folder / "password").write_text(password + "\n")
            self.quench("reviewer", "add", str(self.output), name, "--password-file", str(self.folder / "password"))

    def serve(self, *options):
        self.server = subprocess.Popen(
            [self.program, "review", str(self.output), "--port", "0", *options], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, env=self.environment)
        self.url = re.search(r"http://[^/\s]+", self.server.stdout.readline())[0]
        self.port = int(self.url.rsplit(":", 1)[1])
        self.links = []
        while not (line := self.server.stdout.readline()).startswith("Control-C"):
            self.links.append(re.search(r"http\S+", line)[0])
        self.browser = Browser(**self.browser_options)
        return self.browser

    def end(self):
        """As Control-C does; what the page recorded is in the reports then."""
        self.server.send_signal(signal.SIGINT)
        code = self.server.wait(timeout=300)
        said = self.server.stderr.read()
        self.server = None
        check(code == 0 and said == "", f"the page ended with {code} and said {said!r}")

    def sign_in(self, name):
        browser = self.browser
        browser.open(self.url + "/")
        browser.type("#reviewer", name)
        browser.type("#password", PASSWORDS[name])
        browser.click("form button.primary")
        browser.wait_text("Work list", "h1")

    def sign_out(self):
        self.browser.click("#sign-out")
        self.browser.wait_text("Sign in", "h1")

    def open_series(self, kind):
        """The first series on the list that is of a kind."""
        browser = self.browser
        browser.open(self.url + "/#/")
        browser.wait_text(kind, "table")
        browser.run("""
            const row = [...document.querySelectorAll('tbody tr')].find((row) => row.cells[3].textContent === arguments[0]);
            row.querySelector('a').click();""", kind)
        browser.find("#picture")

    def wait_picture(self):
        self.browser.wait("return document.getElementById('windows').options.length > 0", "a picture is shown")

    def held(self):
        return json.loads(self.quench("quarantine", "list", str(self.output), "--all", "--json", expects=(0, 3)))

    def states(self):
        return sorted(instance["state"] for series in self.held() for instance in series["instances"])

    def verify(self):
        said = self.quench("verify", str(self.output))
        check("no problem" in said, said)

    def events(self, kind):
        """Payloads of the ledger's events of a kind."""
        import sqlite3
        with sqlite3.connect(f"file:{self.output}/ledger.sqlite?mode=ro", uri=True) as database:
            rows = database.execute("SELECT payload FROM event WHERE kind = ? ORDER BY sequence", (kind,))
            return [json.loads(payload) for payload, in rows]

    def console(self, allowed=()):
        """No error on the console, and no request that leaves this machine."""
        for entry in self.browser.log("browser"):
            said = entry["message"]
            check(any(part in said for part in allowed), f"the console says: {said}")
        for entry in self.browser.log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] != "Network.requestWillBeSent":
                continue
            url = message["params"]["request"]["url"]
            check(url.startswith((self.url + "/", "data:", "blob:", "chrome", "about:")), f"a request left for {url}")

    def no_canaries(self):
        """No name of a patient in the ledger, the reports, file names."""
        for path in self.output.rglob("*"):
            names = str(path.relative_to(self.output))
            text = b"" if path.is_dir() or "quarantine" in names else path.read_bytes()
            for canary in CANARIES:
                check(canary not in names and canary.encode() not in text, f"{canary} stands in {names}")


def box_on_page(browser, columns, rows, box):
    """Where a box of stored pixels is on the page, while the picture is fitted: both corners."""
    left, top, width, height = browser.run("""
        const box = document.getElementById('picture').getBoundingClientRect();
        return [box.left, box.top, box.width, box.height];""")
    scale = min(width / columns, height / rows)
    x, y = left + (width - columns * scale) / 2, top + (height - rows * scale) / 2
    return ((x + box[0] * scale, y + box[1] * scale), (x + (box[0] + box[2]) * scale, y + (box[1] + box[3]) * scale))


def decoded(path):
    """The frames of a JPEG cine, by pydicom and Pillow."""
    import pydicom
    from PIL import Image
    from pydicom.encaps import generate_pixel_data_frame
    dataset = pydicom.dcmread(path)
    frames = generate_pixel_data_frame(dataset.PixelData, int(dataset.NumberOfFrames))
    return dataset, [Image.open(io.BytesIO(frame)).convert("L") for frame in frames]


def shorter_cine(folder):
    """The first six frames of the cine, so that the test takes less time."""
    import pydicom
    from pydicom.encaps import encapsulate, generate_pixel_data_frame
    dataset = pydicom.dcmread(SAMPLE / CINE)
    frames = list(generate_pixel_data_frame(dataset.PixelData, int(dataset.NumberOfFrames)))
    dataset.NumberOfFrames = FRAMES
    dataset.PixelData = encapsulate(frames[:FRAMES])
    path = Path(folder) / "cine.dcm"
    dataset.save_as(path)
    return path


def free_boxes(browser):
    """Two boxes of stored pixels, 96 x 32, that nothing found is masked in, with something to see in them."""
    masks = browser.run("""
        const name = decodeURIComponent(location.hash.split('/')[2]);
        return fetch('/api/series/' + name).then((answer) => answer.json())
            .then((series) => series.items[0].regions.filter((region) => region.masking !== 'kept').map((region) => region.mask));""")
    frame = decoded(SAMPLE / CINE)[1][2]
    free = []
    for y in range(32, frame.height - 64, 16):
        for x in range(32, frame.width - 128, 16):
            apart = all(x + 112 < left or left + width < x - 16 or y + 48 < top or top + height < y - 16
                        for left, top, width, height in masks + free)
            if apart and darkest(frame, (x, y, 96, 32)) > 60:
                free.append([x, y, 96, 32])
            if len(free) == 2:
                return free
    raise AssertionError("the findings leave no room")


def darkest(frame, box):
    return max(frame.crop((box[0] + 2, box[1] + 2, box[0] + box[2] - 2, box[1] + box[3] - 2)).getdata())


# Scenarios


def signing_in(program, pictures):
    with Place(program, [DOSE]) as place:
        place.add_reviewers()
        browser = place.serve("--link-for", "Cid Third")
        browser.open(place.url + "/")
        browser.type("#reviewer", "Ann Example")
        browser.type("#password", "not the password at all")
        browser.click("form button.primary")
        browser.wait_text("the name or the password is wrong", "form")
        browser.run("window.location.hash = '#/sample'")
        browser.wait_text("Sign in", "h1")
        browser.run("window.location.hash = '#/'")
        place.sign_in("Ann Example")
        check("1 series waits" in browser.text("#summary"), browser.text("#summary"))
        check(browser.text("#name") == "Ann Example", "who is signed in")
        cookies = browser.ask("GET", "/cookie")
        check(len(cookies) == 1 and cookies[0]["httpOnly"] and cookies[0]["sameSite"] == "Strict", str(cookies))
        check(browser.run("return document.cookie") == "", "the cookie can be read by scripts")
        browser.run("window.location.reload()")
        browser.wait_text("Work list", "h1")
        place.sign_out()
        check(browser.ask("GET", "/cookie") == [], "the cookie stays after signing out")
        browser.open("about:blank")
        browser.open(place.links[0])
        browser.wait_text("Work list", "h1")
        check(browser.text("#name") == "Cid Third", "the link signs in")
        check("link" not in browser.run("return window.location.href"), "the link's secret stays in the address")
        place.sign_out()
        browser.open("about:blank")
        browser.open(place.links[0])
        browser.wait_text("the link was used before", "form")
        place.console(allowed=["status of 401"])
        place.end()
        done = [(event["action"], event["by"]) for event in place.events("accessed")]
        check(done == [
            ("reviewer-added", "Ann Example"), ("reviewer-added", "Bob Second"), ("sign-in-failed", "Ann Example"),
            ("signed-in", "Ann Example"), ("signed-out", "Ann Example"), ("signed-in", "Cid Third"),
            ("signed-out", "Cid Third"), ("sign-in-failed", "")], str(done))
        place.verify()
        # Whoever adds himself to the file alone can't sign in, and is found out.
        file = place.output / "review/reviewers.json"
        stored = json.loads(file.read_text())
        stored["reviewers"].append({**stored["reviewers"][0], "name": "Mallory"})
        file.write_text(json.dumps(stored))
        check("review/reviewers.json" in place.quench("verify", str(place.output), expects=(1,)), "a reviewer too many")


def cine(program, pictures):
    """A name that was missed is masked by hand on a cine, and a second reviewer lets it go."""
    with tempfile.TemporaryDirectory() as folder, Place(program, [shorter_cine(folder)]) as place:
        place.add_reviewers()
        accepted = place.folder / "accepted.yaml"
        browser = place.serve("--policy", str(accepted))
        place.sign_in("Ann Example")
        place.open_series("ultrasound")
        place.wait_picture()
        check(f"1 / {FRAMES}" in browser.text(".strip"), browser.text(".strip"))
        browser.click("#rescan")
        browser.wait("return document.querySelectorAll('.regions li[data-key]').length > 3", "regions of text are listed", 120)
        if pictures:
            browser.screenshot(f"{pictures}/cine-regions.png")
        columns, rows = browser.run("""
            const name = decodeURIComponent(location.hash.split('/')[2]);
            return fetch('/api/series/' + name).then((answer) => answer.json())
                .then((series) => [series.items[0].columns, series.items[0].rows]);""")
        everywhere, once = free_boxes(browser)
        browser.drag(*box_on_page(browser, columns, rows, everywhere))
        browser.wait_text("drawn", ".regions")
        browser.run("const f = document.getElementById('frame'); f.value = 5; f.dispatchEvent(new Event('input'))")
        browser.wait_text(f"5 / {FRAMES}", ".strip")
        browser.run("const s = document.getElementById('scope'); s.value = 'frame'; s.dispatchEvent(new Event('change'))")
        browser.drag(*box_on_page(browser, columns, rows, once))
        browser.wait("return [...document.querySelectorAll('.regions li')].some((row) => /drawn frame 5/.test(row.textContent.replace(/\\s+/g, ' ')))",
                     "a region on frame 5 alone")
        # Undone and done again.
        browser.click("#undo")
        browser.wait("return document.querySelectorAll('[data-key^=b]').length === 1", "undo takes a region away")
        browser.click("#redo")
        browser.wait("return document.querySelectorAll('[data-key^=b]').length === 2", "redo brings it back")
        browser.click("#after")
        if pictures:
            browser.screenshot(f"{pictures}/cine-after.png")
        browser.click("#play")
        browser.wait(f"return parseInt(document.querySelector('.strip .small').textContent) === {FRAMES}", "the cine plays through")
        browser.click("#play")
        browser.click("#do-propose")
        browser.type("#reason", "the name in the middle was missed on 5 Mar 2024")
        browser.click("#confirm")
        browser.wait_text("the reason holds a date", "dialog")
        browser.run("document.getElementById('reason').value = ''")
        browser.type("#reason", "a name in the middle was missed")
        browser.click("#confirm")
        browser.wait_text("waits for a second reviewer", "#outcome")
        browser.click("#outcome .primary")
        browser.wait_text("second reviewer needed", "table")
        check(place.states() == ["under-review"], str(place.states()))
        check(not list((place.output / "released").rglob("*.dcm")), "nothing is released by a proposal")
        place.open_series("ultrasound")
        browser.wait_text("Another reviewer has to confirm it", "#proposal")
        place.sign_out()
        place.sign_in("Bob Second")
        place.open_series("ultrasound")
        place.wait_picture()
        browser.wait_text("Ann Example proposed to release it masked", "#proposal")
        check(browser.run("return document.querySelectorAll('[data-key^=b]').length") == 2, "the second sees what the first drew")
        browser.click("#do-confirm")
        browser.type("#reason", "agreed")
        if pictures:
            browser.screenshot(f"{pictures}/confirm.png")
        browser.click("#confirm")
        browser.wait_text("released, masked", "#outcome", 400)
        browser.click("#outcome button:last-child")
        browser.wait_text("Decided", ".side")
        place.wait_picture()
        if pictures:
            browser.screenshot(f"{pictures}/released.png")
        # What was masked by hand becomes a rule for the device.
        browser.click("#rule")
        browser.wait_text("It would act on 1 image of 1 series", "#rule-reach")
        if pictures:
            browser.screenshot(f"{pictures}/rule.png")
        browser.click("#accept-rule")
        browser.wait_text("Accepted", "dialog")
        check("PHILIPS" in accepted.read_text() and "accepted by Bob Second" in accepted.read_text(), accepted.read_text())
        place.console(allowed=["status of 422"])
        place.end()
        file, = (place.output / "released").rglob("*.dcm")
        dataset, frames = decoded(file)
        check(len(frames) == FRAMES, "all frames are released")
        for number, frame in enumerate(frames, 1):
            check(darkest(frame, everywhere) < 12, f"frame {number} isn't masked where the reviewer drew")
        check(darkest(frames[4], once) < 12, "frame 5 isn't masked where it was to be alone")
        # The second look may mask speckle in other frames of the cine there; that only these are filled is an EndToEnd test.
        masks = [item for item in place.events("reviewed")[-1]["evidence"] if item.startswith("mask=")]
        check(len(masks) == 2 and sum(item.endswith(",5") for item in masks) == 1, f"one box is for frame 5 alone: {masks}")
        evidence = place.events("reviewed")[-1]
        check(evidence["by"] == "Bob Second" and "first=Ann Example" in evidence["evidence"], str(evidence))
        seen = {}
        for look in place.events("viewed"):
            check(look["picture"] in ("original", "released"), str(look))
            numbers = seen.setdefault((look["by"], look["session"], look["picture"]), set())
            new = set(range(look["firstFrame"], look["lastFrame"] + 1))
            check(not new & numbers, "a frame is recorded twice in one session")
            numbers |= new
        check(any(len(numbers) == FRAMES for (by, _, _), numbers in seen.items() if by == "Ann Example"), "all looks are recorded")
        place.verify()
        place.no_canaries()


def rejecting(program, pictures):
    with Place(program, [DOSE, CLEAN]) as place:
        place.add_reviewers()
        browser = place.serve()
        place.sign_in("Ann Example")
        place.open_series("dose-page")
        place.wait_picture()
        # Its text is invisible under the window of its header.
        browser.wait_text("The window of the header shows nothing", ".stage")
        ink = browser.run("""
            const canvas = document.getElementById('picture');
            const data = canvas.getContext('2d').getImageData(canvas.width / 2 - 150, 0, 300, canvas.height).data;
            return new Set(data.filter((value, index) => index % 4 === 0)).size;""")
        check(ink > 1, "the dose page is blank")
        if pictures:
            browser.screenshot(f"{pictures}/dose.png")
        browser.click("#do-reject")
        browser.type("#reason", "dose report")
        browser.click("#delete")
        browser.click("#confirm")
        browser.wait_text("Rejected", "#outcome")
        browser.click("#outcome button:last-child")
        browser.wait_text("Decided: 1 rejected", ".side")
        browser.wait_text("can't be read, or was deleted", ".stage")
        # A random sample of what was released, judged on the page.
        browser.click("nav a[href='#/sample']")
        browser.wait_text("No sample was drawn yet")
        browser.run("document.getElementById('size').value = ''")
        browser.type("#size", "2")
        browser.type("#seed", "spring2026")
        browser.click("form button.primary")
        browser.wait_text("Image 1 of 2", "h1")
        place.wait_picture()
        if pictures:
            browser.screenshot(f"{pictures}/sample.png")
        browser.click("#verdict-clean")
        browser.wait_text("Image 2 of 2", "h1")
        place.wait_picture()
        browser.press("c")
        browser.wait_text("With 95 % confidence no more than", "#bound")
        place.console()
        # The report, in an origin of its own.
        browser.open(place.url + "/report")
        browser.wait_text("Residual risk")
        check(browser.run("return window.origin") == "null", "the report shares the page's origin")
        check("With 95 % confidence" in browser.text("#risk"), browser.text("#risk"))
        if pictures:
            browser.screenshot(f"{pictures}/report.png")
        place.console()
        place.end()
        check(place.states() == ["rejected"], str(place.states()))
        check(not list((place.output / "quarantine").rglob("*.sealed")), "the original is deleted")
        looks = [look for look in place.events("viewed") if look["picture"] == "released"]
        check(len(looks) == 2, f"looks at the sample: {looks}")
        place.verify()
        place.no_canaries()


FOCUSABLE = """
    const isShown = (e) => e.getClientRects().length > 0 && !e.disabled;
    return [...document.querySelectorAll('a[href], button, input, select, summary, canvas, [tabindex="0"]')].filter(isShown)
        .map((e) => { e.dataset.seen = 'no'; return e; }).length;"""


def keyboard(program, pictures):
    """Everything without a mouse: signing in, each control reached by Tab, a region drawn, moved and resized, a release."""
    with Place(program, [TOPOGRAM]) as place:
        place.add_reviewers()
        browser = place.serve()
        browser.open(place.url + "/")
        browser.find("#reviewer")
        for character in "Ann Example":
            browser.press(character if character != " " else "Space")
        browser.press("Tab")
        for character in PASSWORDS["Ann Example"]:
            browser.press(character if character != " " else "Space")
        browser.press("Enter")
        browser.wait_text("Work list", "h1")
        browser.find("tbody a")
        reach_all(browser, "the work list")
        browser.run("document.activeElement.blur()")
        browser.press("j", "Enter")
        browser.find("#picture")
        place.wait_picture()
        browser.press("?")
        browser.wait_text("Switch the region off or on", "dialog")
        if pictures:
            browser.screenshot(f"{pictures}/keys.png")
        browser.press("Escape")
        browser.wait("return document.querySelector('dialog') === null", "Escape closes the keys")
        reach_all(browser, "the viewer")
        browser.run("document.getElementById('picture').focus()")
        first = browser.run("return document.querySelectorAll('.regions li[data-key]').length")
        browser.press("n")
        browser.wait(f"return document.querySelectorAll('.regions li[data-key]').length === {first + 1}", "n makes a region")
        draft = "return JSON.parse(Object.entries(sessionStorage).find(([key]) => key.startsWith('draft:'))[1]).boxes[0].box"
        x, y, width, height = browser.run(draft)
        browser.press("ArrowRight", "ArrowDown", "Shift+ArrowRight", "Alt+ArrowRight", "Alt+ArrowDown")
        moved = browser.run(draft)
        check(moved == [x + 11, y + 1, width + 2, height + 2], f"{moved} after {[x, y, width, height]}")
        browser.press("Control+z", "Control+z")
        check(browser.run(draft) == [x + 11, y + 1, width, height], "undo by keys")
        # A region of text is switched off: that takes a second reviewer.
        browser.press("Escape", "]")
        browser.press("m")
        browser.wait_text("a second reviewer has to agree", ".side")
        browser.press("m")
        browser.wait("return !document.querySelector('.side').textContent.includes('a second reviewer has to agree')", "on again")
        browser.press("b", "b", "o", "o", ".", "l", "+", "0", "2")
        browser.press("r")
        browser.find("dialog #reason")
        for character in "label masked":
            browser.press(character if character != " " else "Space")
        browser.press("Enter")
        browser.wait_text("released, masked", "#outcome", 400)
        browser.press("Enter")
        browser.wait_text("Work list", "h1")
        browser.wait_text("Nothing waits for a person", "#summary")
        place.console()
        place.end()
        check(place.states() == ["released-masked"], str(place.states()))
        place.verify()


def reach_all(browser, what):
    """Tab, from the top of the page, comes to every control once round, and none is without a name."""
    nameless = browser.run("""
        return [...document.querySelectorAll('button, a[href], input, select, canvas')].filter((e) => e.getClientRects().length > 0)
            .filter((e) => !(e.getAttribute('aria-label') || e.textContent.trim() || (e.labels && e.labels.length > 0)))
            .map((e) => e.outerHTML.slice(0, 120));""")
    check(nameless == [], f"{what}: controls without a name: {nameless}")
    browser.run("document.activeElement.blur(); window.scrollTo(0, 0)")
    wanted = browser.run("""
        return [...document.querySelectorAll('a[href], button, input, select, summary, canvas')]
            .filter((e) => e.getClientRects().length > 0 && !e.disabled).map((e, i) => { e.dataset.number = i; return i; })""")
    reached = set()
    for _ in range(3 * len(wanted) + 20):
        browser.press("Tab")
        number = browser.run("return document.activeElement.dataset ? document.activeElement.dataset.number : null")
        if number is not None:
            reached.add(int(number))
        if len(reached) == len(wanted):
            return
    missing = browser.run("return arguments[0].map((i) => document.querySelector(`[data-number='${i}']`).outerHTML.slice(0, 120))",
                          [number for number in wanted if number not in reached])
    raise AssertionError(f"{what}: not reached by Tab: {missing}")


class Client:
    """Asks the server past any browser."""

    def __init__(self, place):
        self.place = place
        self.cookie = None
        self.form = None

    def ask(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.place.port, timeout=300)
        sent = {"Host": f"127.0.0.1:{self.place.port}"}
        if method == "POST":
            sent |= {"Origin": self.place.url, "Content-Type": "application/json"}
        if self.cookie:
            sent["Cookie"] = self.cookie
        if self.form:
            sent["X-Quench-Form"] = self.form
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        if method == "POST":
            sent["Content-Length"] = str(len(data))
        for name, value in sent.items():
            if value is not None:
                connection.putheader(name, value)
        connection.endheaders(data)
        response = connection.getresponse()
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        return response.status, response.read()

    def sign_in(self, name):
        status, body = self.ask("POST", "/api/sign-in", {"name": name, "password": PASSWORDS[name]})
        check(status == 200, f"{status} {body}")
        self.cookie = self.headers["set-cookie"].split(";")[0]
        self.form = json.loads(body)["form"]


def hostile_file(folder):
    """A slice whose model is named like markup, and whose Series would close an attribute."""
    import pydicom
    source = next((SAMPLE / CLEAN).rglob("IM000000"))
    dataset = pydicom.dcmread(source)
    dataset.ManufacturerModelName = '"><img src=x onerror=grab()>'
    dataset.SeriesDescription = '"><script>steal()</script>'
    dataset.PatientName = 'Evil^<script>steal()</script>'
    path = Path(folder) / "hostile.dcm"
    dataset.save_as(path)
    return path


def attacks(program, pictures):
    with tempfile.TemporaryDirectory() as folder:
        path = hostile_file(folder)
        with Place(program, [DOSE, path], policy=POLICY.replace("series:", "series:\n  image: quarantine")) as place:
            place.add_reviewers()
            browser = place.serve()
            attack(place, browser)
            place.end()
            place.verify()


def attack(place, browser):
    held = place.held()
    series, instance = held[0]["name"], held[0]["instances"][0]["id"]
    client = Client(place)
    protected = ["/api/work", f"/api/series/{series}", f"/api/frames/{instance}/original/1-1", "/api/sample", "/report", "/api/jobs/1"]
    # Nobody is signed in.
    for path in protected:
        check(client.ask("GET", path)[0] == 401, f"{path} without a session")
        check(client.ask("GET", path, Cookie="quench=" + "0" * 64)[0] == 401, f"{path} with a made-up session")
    for path in ("/api/decide", "/api/identify", "/api/sample", "/api/verdicts", "/api/sign-out"):
        check(client.ask("POST", path, {})[0] == 401, f"{path} without a session")
    decision = {"name": series, "action": "release-as-it-is", "reason": "attack"}
    client.sign_in("Ann Example")
    # Another site's form: no token, a wrong one, no origin, a foreign one, another type.
    for headers in ({"X_Quench_Form": None}, {"X_Quench_Form": "0" * 64}, {"Origin": None}, {"Origin": "https://evil.example"},
                    {"Origin": "null"}, {"Sec_Fetch_Site": "cross-site"}):
        check(client.ask("POST", "/api/decide", decision, **headers)[0] == 403, f"a change with {headers}")
    check(client.ask("POST", "/api/decide", decision, Content_Type="text/plain")[0] == 415, "a change as plain text")
    check(client.ask("GET", "/api/work", Origin="https://evil.example")[0] == 403, "a read from a foreign origin")
    # A name that was made to mean this machine.
    for host in ("evil.example", f"evil.example:{place.port}", "127.0.0.1", "127.0.0.1:1", None):
        for path in ("/", "/api/work"):
            check(client.ask("GET", path, Host=host)[0] in (400, 403), f"{path} asked of {host}")
    # Ways out of the folder.
    for path in ("/../../../../etc/passwd", "/..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/page.css/../../main", "//etc/passwd",
                 "/api/series/..", "/api/series/../../ledger.sqlite", "/api/series/..%2F..%2Fledger.sqlite",
                 f"/api/frames/{instance}/../1-1", "/api/frames/../original/1-1", "/api/frames/..%2Fledger.sqlite/original/1-1",
                 "/ledger.sqlite", "/report/../ledger.sqlite", "/report/index.html", "/review/reviewers.json"):
        status, body = client.ask("GET", path)
        check(status in (400, 404) and b"root:" not in body and b"SQLite" not in body, f"{path}: {status}")
    # What doesn't exist, or is too much.
    for path in (f"/api/frames/{instance}/original/0-0", f"/api/frames/{instance}/original/2-1", f"/api/frames/{instance}/original/1-9999",
                 f"/api/frames/{instance}/original/2-2", f"/api/frames/{instance}/quarantine/1-1", "/api/frames/x/original/1-1", "/api/nothing"):
        check(client.ask("GET", path)[0] in (404, 500), path)
    check(client.ask("POST", "/api/decide", b"{")[0] == 400, "half a request")
    check(client.ask("POST", "/api/decide", b" " * (5 << 20))[0] == 413, "five megabytes")
    check(client.ask("POST", "/api/decide", {**decision, "name": "2.25.1"})[0] == 404, "a decision on nothing")
    check(client.ask("POST", "/api/decide", {**decision, "reason": ""})[0] == 422, "a decision without a reason")
    check(client.ask("PUT", "/api/work")[0] == 405 and client.ask("TRACE", "/")[0] == 405, "other methods")
    # Each answer says how it may be used.
    for path in ["/", "/main.js", "/api/work", "/report", "/api/nothing", f"/api/frames/{instance}/original/1-1"]:
        client.ask("GET", path)
        check(client.headers["cache-control"] == "no-store" and client.headers["x-content-type-options"] == "nosniff"
              and client.headers["referrer-policy"] == "no-referrer", f"{path}: {client.headers}")
        check("default-src 'none'" in client.headers["content-security-policy"], path)
        check("unsafe" not in client.headers["content-security-policy"] or path == "/report", path)
    # Faster than any person.
    statuses = [client.ask("GET", "/api/session")[0] for _ in range(400)]
    check(429 in statuses, "requests without end")
    # Guessing.
    guesser = Client(place)
    statuses = [guesser.ask("POST", "/api/sign-in", {"name": "Bob Second", "password": f"guess {n} of many"})[0] for n in range(8)]
    check(statuses[:5] == [401] * 5 and statuses[-1] == 429, str(statuses))
    check(guesser.ask("POST", "/api/sign-in", {"name": "Bob Second", "password": PASSWORDS["Bob Second"]})[0] == 429, "the right one is kept waiting too")
    # Markup in the header of a file is text on the page.
    place.sign_in("Ann Example")
    browser.run("window.steal = window.grab = () => { window.stolen = true; }")
    place.open_series("image")
    place.wait_picture()
    browser.wait_text('"><img src=x onerror=grab()>', ".side")
    browser.run("[...document.querySelectorAll('button')].find((button) => button.textContent === 'Who is it?').click()")
    browser.click("#identify")
    browser.wait_text("<script>steal()</script>", "dialog")
    check(browser.run("return window.stolen !== true && document.querySelectorAll('main script, dialog script, main img').length === 0"), "markup is text")
    # And were there a hole, the policy would stop it.
    browser.run("const s = document.createElement('script'); s.textContent = 'window.stolen = true'; document.body.append(s)")
    browser.run("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.stolen = true\">')")
    time.sleep(0.3)
    check(browser.run("return window.stolen !== true"), "scripts put in don't run")
    check(browser.run("return fetch('https://evil.example/').then(() => 'sent', () => 'stopped')") == "stopped", "nothing is sent elsewhere")
    check(place.states() == ["held"] * 2 or "released-as-it-is" not in place.states(), str(place.states()))
    place.browser.log("browser")
    place.browser.log("performance")


def looks(program, pictures):
    """The page in light and dark, small and large: nothing runs out of it. With PICTURES, to be looked at."""
    with Place(program, [CINE, STILL, DOSE, TOPOGRAM, OVERLAY]) as place:
        place.add_reviewers()
        place.browser_options = {"dark": False}
        browser = place.serve()
        for dark in (False, True):
            browser.cdp("Emulation.setEmulatedMedia", {"features": [
                {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]})
            for width, height in ((1280, 720), (2560, 1440)):
                browser.resize(width, height)
                name = f"{'dark' if dark else 'light'}-{width}"
                browser.open("about:blank")
                browser.open(place.url + "/")
                fits(browser, name + " sign-in", pictures)
                place.sign_in("Ann Example")
                browser.find("tbody a")
                fits(browser, name + " list", pictures)
                place.open_series("image")
                place.wait_picture()
                time.sleep(0.3)
                fits(browser, name + " viewer", pictures)
                check(browser.run("""
                    return ['#do-release', '#do-reject', '#frame', '#play', '#scope', '#undo'].every((name) => {
                        const box = document.querySelector(name).getBoundingClientRect();
                        return box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth; })"""),
                      f"{name}: a control is out of sight")
                contrast(browser, name)
                browser.click("#do-reject")
                fits(browser, name + " dialog", pictures)
                browser.press("Escape")
                place.sign_out()
        place.console()
        place.end()


def fits(browser, name, pictures):
    if pictures:
        browser.screenshot(f"{pictures}/{name.replace(' ', '-')}.png")
    width, inner = browser.run("return [document.documentElement.scrollWidth, innerWidth]")
    check(width <= inner, f"{name}: {width} pixels wide in a window of {inner}")


def contrast(browser, name):
    """WCAG 2.2, 1.4.3: text has 4.5 : 1 against what it stands on."""
    low = browser.run("""
        const parse = (text) => (text.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
        const light = ([r, g, b]) => { const part = (v) => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; };
            return .2126 * part(r) + .7152 * part(g) + .0722 * part(b); };
        const ground = (e) => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor);
            if (c.length < 4 || c[3] === 1) { return c; } } return [255, 255, 255]; };
        return [...document.querySelectorAll('body *')].filter((e) => e.getClientRects().length > 0 && !e.disabled && !e.closest(':disabled')
            && [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()) && !e.closest('.hidden')).map((e) => {
            const [a, b] = [light(parse(getComputedStyle(e).color)), light(ground(e))];
            return [(Math.max(a, b) + .05) / (Math.min(a, b) + .05), e.outerHTML.slice(0, 100)]; }).filter(([ratio]) => ratio < 4.5);""")
    check(low == [], f"{name}: too little contrast: {low}")


SCENARIOS = {"signing-in": signing_in, "cine": cine, "rejecting": rejecting, "keyboard": keyboard, "attacks": attacks, "looks": looks}


def main():
    if len(sys.argv) != 3 or sys.argv[2] not in SCENARIOS:
        sys.exit(__doc__)
    pictures = os.environ.get("QUENCH_PICTURES")
    if pictures:
        os.makedirs(pictures, exist_ok=True)
    # A test runner's threads block signals, and what they start inherits that; the driver and the page end by signals.
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    try:
        SCENARIOS[sys.argv[2]](os.path.abspath(sys.argv[1]), pictures)
    except (AssertionError, WebDriverError) as problem:
        sys.exit(f"{sys.argv[2]}: {problem}")


if __name__ == "__main__":
    main()
