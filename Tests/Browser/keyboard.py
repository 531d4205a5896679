"""Without a mouse."""
from place import PASSWORDS, TOPOGRAM, Place, check


def keyboard(program):
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
        place.picture("keys")
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
        # Nobody proposed anything that could be confirmed.
        browser.press("c")
        check(browser.run("return document.querySelector('dialog') === null"), "c confirms a proposal that nobody made")
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
