"""Who gets in, how, and that it is recorded."""
import json

from place import DOSE, Place, check


def signing_in(program):
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
