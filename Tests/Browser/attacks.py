"""No session, wrong tokens, other sites, ways out of the folder, markup in a header, guesses."""
import http.client
import json
import tempfile
import time
from pathlib import Path

import pydicom

from place import CLEAN, DOSE, PASSWORDS, POLICY, SAMPLE, Place, check


def attacks(program):
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
    for path in ("/api/decide", "/api/identify", "/api/sample", "/api/verdicts", "/api/withdraw", "/api/sign-out"):
        check(client.ask("POST", path, {})[0] == 401, f"{path} without a session")
    decision = {"name": series, "action": "release-as-it-is", "reason": "attack"}
    client.sign_in("Ann Example")
    # A page of another port, to which browsers send the cookie too, or a form of another site: no token, a wrong one.
    for headers in ({"X_Quench_Page": None}, {"X_Quench_Page": "0" * 64}):
        for path in protected + [f"/report/{client.token}"]:
            check(client.ask("GET", path, **headers)[0] == 401, f"{path} with {headers}")
        check(client.ask("GET", "/api/session", **headers) == (200, b"{}"), "the cookie tells no token")
        check(client.ask("POST", "/api/decide", decision, **headers)[0] == 401, f"a change with {headers}")
    # No origin, a foreign one, another type.
    for headers in ({"Origin": None}, {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec_Fetch_Site": "cross-site"}):
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
        check(status in (400, 401, 404) and b"root:" not in body and b"SQLite" not in body, f"{path}: {status}")
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
    for path in ["/", "/main.js", "/api/work", client.report, "/api/nothing", f"/api/frames/{instance}/original/1-1"]:
        client.ask("GET", path)
        check(client.headers["cache-control"] == "no-store" and client.headers["x-content-type-options"] == "nosniff"
              and client.headers["referrer-policy"] == "no-referrer", f"{path}: {client.headers}")
        check("default-src 'none'" in client.headers["content-security-policy"], path)
        check("unsafe" not in client.headers["content-security-policy"] or path == client.report, path)
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

class Client:
    """Asks the server past any browser."""

    def __init__(self, place):
        self.place = place
        self.cookie = None
        self.token = None

    def ask(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.place.port, timeout=300)
        sent = {"Host": f"127.0.0.1:{self.place.port}"}
        if method == "POST":
            sent |= {"Origin": self.place.url, "Content-Type": "application/json"}
        if self.cookie:
            sent["Cookie"] = self.cookie
        if self.token:
            sent["X-Quench-Page"] = self.token
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
        self.token = json.loads(body)["page"]
        self.report = json.loads(body)["report"]


def hostile_file(folder):
    """A slice whose model is named like markup, and whose Series would close an attribute."""
    source = next((SAMPLE / CLEAN).rglob("IM000000"))
    dataset = pydicom.dcmread(source)
    dataset.ManufacturerModelName = '"><img src=x onerror=grab()>'
    dataset.SeriesDescription = '"><script>steal()</script>'
    dataset.PatientName = 'Evil^<script>steal()</script>'
    path = Path(folder) / "hostile.dcm"
    dataset.save_as(path)
    return path
