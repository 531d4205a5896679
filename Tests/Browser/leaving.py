"""Pages that are left while something is under way: what comes too late is neither drawn nor asked for."""
import time

from place import DOSE, SLICES, Place, check

HOLDING = """
    const ask = window.fetch;
    window.held = [];
    window.letGo = () => { window.holds = null; window.held.splice(0).forEach((go) => go()); };
    window.fetch = async (path, options) => {
        const answer = await ask(path, options);
        if (window.holds && path.startsWith(window.holds)) { await new Promise((go) => window.held.push(go)); }
        return answer;
    };"""


def leaving(program):
    with Place(program, [DOSE, SLICES]) as place:
        place.add_reviewers()
        browser = place.serve()
        place.sign_in("Ann Example")
        browser.run(HOLDING)
        series = place.held()[0]["name"]
        # One page after the other, the first of which comes last.
        leave(browser, "/api/series/", f"#/series/{series}", lambda: go(browser, "#/sample", "Sample"))
        check(browser.run("return document.title").startswith("Sample"), "the title is that of a page that was left")
        browser.press("?")
        check("Switch the region off" not in browser.text("dialog"), "the keys are those of a page that was left")
        browser.press("Escape")
        leave(browser, "/api/work", "#/", lambda: go(browser, "#/sample", "Sample"))
        go(browser, "#/", "Work list")
        leave(browser, "/api/sample", "#/sample", lambda: go(browser, "#/", "Work list"))
        go(browser, "#/sample", "Sample")
        # A sample: its next image isn't shown to somebody who went elsewhere, nor recorded as a look.
        browser.wait_text("No sample was drawn yet")
        browser.run("document.getElementById('size').value = ''")
        browser.type("#size", "6")
        browser.click("form button.primary")
        for number in range(1, 7):
            browser.wait_text(f"Image {number} of 6", "h1")
            place.wait_picture()
            browser.press("n")
        check(1 <= len(place.left_open()) <= 4, f"workers of {len(place.left_open())} pictures have folders, and four stay open")
        browser.run("window.holds = '/api/sample'")
        browser.press("c")
        browser.wait("return window.held.length === 1", "the next image is asked for")
        go(browser, "#/", "Work list")
        browser.run("window.letGo()")
        time.sleep(1)
        check(len(place.events("viewed")) == 6, f"{place.events('viewed')}")
        # A dialog goes with its page, whatever it shows.
        place.open_series("dose-page")
        place.wait_picture()
        browser.run("[...document.querySelectorAll('button')].find((button) => button.textContent === 'Who is it?').click()")
        browser.find("dialog")
        go(browser, "#/", "Work list")
        check(browser.run("return document.querySelector('dialog') === null"), "a dialog stays on another page")
        # Nobody is signed in any more.
        leave(browser, "/api/series/", f"#/series/{series}", place.sign_out)
        check(browser.text("h1") == "Sign in", browser.text("h1"))
        place.console()
        place.end()
        place.verify()


def go(browser, where, title):
    browser.run("window.location.hash = arguments[0]", where)
    browser.wait_text(title, "h1")


def leave(browser, path, where, onwards):
    """Goes to a page whose first answer is held back, on to another, and only then lets the answer come."""
    browser.run("window.holds = arguments[0]; window.location.hash = arguments[1]", path, where)
    browser.wait("return window.held.length === 1", f"{path} is asked for")
    onwards()
    title = browser.text("h1")
    browser.run("window.letGo()")
    time.sleep(0.5)
    check(browser.text("h1") == title and browser.run("return document.querySelector('#picture') === null"),
          f"the page that asked for {path} was left, and is drawn over the next")
