"""An output with held series, the review page over it, and a browser: what every scenario starts from."""
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile
from pathlib import Path

from webdriver import Browser

ROOT = Path(__file__).resolve().parents[2]
PICTURES = os.environ.get("QUENCH_PICTURES")
SAMPLE = ROOT / "SampleData/generated/input"
CINE = "NIGHTINGVALE_CORDELINE_US-7719-034-B/echo 5 Mar 2024/IM_0012"
STILL = "NIGHTINGVALE_CORDELINE_US-7719-034-B/THYROID.2003/1.dcm"
DOSE = "QUILLFEATHER_OSWIN_ZX88-4471-Q/CT_CHEST_20230917/S0999/i770901.CTDC.1"
TOPOGRAM = "ALI_ZUBEYDEK_AZ-118-6602/TOPO0001"
OVERLAY = "FARTHINGDALE_PEREGRIN_FD-MR-30117/orbits"
CLEAN = "CD/PT000000"
SLICES = "CHIVERSBY_ULRICKA_CVB-2210-9/T2W"
CANARIES = ["NIGHTINGVALE", "CORDELINE", "US-7719-034-B", "QUILLFEATHER", "ZX88-4471-Q"]
POLICY = "version: 1\nseries:\n  ultrasound: quarantine\n  dose-page: quarantine\nfindings:\n  identifier: quarantine\n"
PASSWORDS = {"Ann Example": "seven quiet harbours", "Bob Second": "nine loud mountains"}


def check(condition, what):
    if not condition:
        raise AssertionError(what)


class Place:
    """An output with held series, its page, and a browser."""

    def __init__(self, program, inputs, policy=POLICY):
        self.program = program
        self.folder = Path(tempfile.mkdtemp(prefix="quench-review-"))
        self.output = self.folder / "output"
        self.server = None
        self.browser = None
        for number, name in enumerate(inputs):
            source = SAMPLE / name if isinstance(name, str) else name
            target = self.folder / "input" / str(number)
            target.parent.mkdir(exist_ok=True)
            shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
        (self.folder / "policy.yaml").write_text(policy)
        self.temporary = self.folder / "temporary"
        self.temporary.mkdir()
        self.quench("clean", str(self.folder / "input"), "--output", str(self.output), "--workers", "2", "--policy",
                    str(self.folder / "policy.yaml"), expects=(0, 3))

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind and self.browser:
            self.picture("failure")
        if self.browser:
            self.browser.close()
        if self.server:
            self.server.kill()
            self.server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def environment(self):
        return {**os.environ, "XDG_CONFIG_HOME": str(self.folder / "configuration"), "TMPDIR": str(self.temporary)}

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
        self.browser = Browser()
        return self.browser

    def end(self):
        """As Control-C does; what the page recorded is in the reports then."""
        self.server.send_signal(signal.SIGINT)
        code = self.server.wait(timeout=300)
        said = self.server.stderr.read()
        self.server = None
        check(code == 0 and said == "", f"the page ended with {code} and said {said!r}")
        check(self.left_open() == [] and not list(self.temporary.iterdir()), "the page leaves temporary files behind")

    def left_open(self):
        """The private folders of workers that decode pictures."""
        return list(self.temporary.glob("quench-*/*"))

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
        self.browser.wait("""
            const words = document.querySelector('.stage-words');
            const isBusy = !words || ['Loading…', 'Working…', 'Recording…'].includes(words.textContent);
            return !isBusy && document.getElementById('windows').options.length > 0;""", "a picture is shown")

    def picture(self, name):
        """A screenshot to be looked at, where QUENCH_PICTURES names a folder."""
        if PICTURES:
            self.browser.screenshot(f"{PICTURES}/{name}.png")

    def held(self):
        return json.loads(self.quench("quarantine", "list", str(self.output), "--all", "--json", expects=(0, 3)))

    def states(self):
        return sorted(instance["state"] for series in self.held() for instance in series["instances"])

    def verify(self):
        said = self.quench("verify", str(self.output))
        check("no problem" in said, said)

    def events(self, kind):
        """Payloads of the ledger's events of a kind."""
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
