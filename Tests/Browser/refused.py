"""What stays held keeps what was drawn on it."""
from place import POLICY, TOPOGRAM, Place, check

DRAWN = "return document.querySelectorAll('[data-key^=b]').length"


def refused(program):
    """More is found than may be masked unseen: the reviewer sees it, with the own regions still there."""
    policy = POLICY.replace("series:", "series:\n  image: quarantine") + "pixels:\n  maximum-masked-share: 0.001\n"
    with Place(program, [TOPOGRAM], policy=policy) as place:
        place.add_reviewers()
        browser = place.serve()
        place.sign_in("Ann Example")
        place.open_series("image")
        place.wait_picture()
        browser.press("n")
        browser.wait(DRAWN + " === 1", "a region is drawn")
        release(browser)
        browser.wait_text("stays held: too-many-regions", "#outcome", 120)
        browser.wait_text("found on the way", "#outcome")
        browser.click("#outcome button:last-child")
        browser.wait("return document.querySelectorAll('.regions li[data-key]').length > 3", "what was found is listed")
        check(browser.run(DRAWN) == 1, "what was drawn is gone")
        release(browser)
        browser.wait_text("released, masked", "#outcome", 120)
        browser.click("#outcome button:last-child")
        browser.wait_text("Decided", ".side")
        place.console()
        place.end()
        check(any(item.startswith("mask=") for item in place.events("reviewed")[-1]["evidence"]), "the region is masked")
        place.verify()


def release(browser):
    browser.press("r")
    browser.type("#reason", "a name was missed")
    browser.click("#confirm")
