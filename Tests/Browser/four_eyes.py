"""Policy that wants two people for every release of what was held."""
from place import POLICY, TOPOGRAM, Place, check


def four_eyes(program):
    with Place(program, [TOPOGRAM], policy=POLICY + "quarantine:\n  four-eyes: always\n") as place:
        place.add_reviewers()
        browser = place.serve()
        place.sign_in("Ann Example")
        decide(place, "#do-release", "A second reviewer has to confirm it.")
        browser.wait_text("waits for a second reviewer", "#outcome")
        check(not list((place.output / "released").rglob("*.dcm")), "one person releases")
        # Nobody is the second person of a proposal of one's own.
        browser.click("#outcome button:last-child")
        browser.wait_text("Another reviewer has to confirm it", "#proposal")
        check(browser.run("return document.querySelector('#do-confirm') === null"), "the first may confirm")
        browser.press("c")
        check(browser.run("return document.querySelector('dialog') === null"), "c confirms one's own proposal")
        decide(place, "#do-release", "A second reviewer has to confirm it.")
        browser.wait_text("a second person has to confirm it, not the one who proposed it", "dialog")
        browser.press("Escape")
        place.sign_out()
        place.sign_in("Bob Second")
        decide(place, "#do-confirm", "You are the second reviewer.")
        browser.wait_text("released, masked", "#outcome", 400)
        place.console(allowed=["status of 422"])
        place.end()
        check(place.states() == ["released-masked"], str(place.states()))
        step = place.events("reviewed")[-1]
        check(step["by"] == "Bob Second" and "first=Ann Example" in step["evidence"], str(step))
        place.verify()


def decide(place, button, meaning):
    """Opens the series, says what the decision means, and confirms it."""
    browser = place.browser
    if browser.run("return document.querySelector('#picture') === null"):
        browser.find("tbody a")
        browser.click("tbody a")
    place.wait_picture()
    browser.click(button)
    browser.wait_text(meaning, "#meaning")
    browser.type("#reason", "label masked")
    browser.click("#confirm")
