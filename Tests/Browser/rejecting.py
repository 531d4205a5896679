"""A rejection that deletes, and a sample."""
from place import CLEAN, DOSE, Place, check


def rejecting(program):
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
        place.picture("dose")
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
        place.picture("sample")
        browser.click("#verdict-clean")
        browser.wait_text("Image 2 of 2", "h1")
        place.wait_picture()
        browser.press("c")
        browser.wait_text("With 95 % confidence no more than", "#bound")
        place.console()
        # The report, in an origin of its own.
        browser.open(browser.run("return document.querySelector('nav a[target]').href"))
        browser.wait_text("Residual risk")
        check(browser.run("return window.origin") == "null", "the report shares the page's origin")
        check("With 95 % confidence" in browser.text("#risk"), browser.text("#risk"))
        place.picture("report")
        # What identifies somebody is taken back.
        released = len(list((place.output / "released").rglob("*.dcm")))
        browser.open(place.url + "/#/sample")
        browser.wait_text("Image 1 of 2", "h1")
        place.wait_picture()
        browser.press("i")
        browser.click("#withdraw")
        place.picture("withdraw")
        browser.type("#reason", "a name was missed")
        browser.click("#confirm")
        browser.wait_text("Withdrawn.", ".side")
        browser.wait_text("there is no released file to look at", ".stage")
        shown = browser.run("""
            const canvas = document.getElementById('picture');
            return canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value > 0);""")
        check(not shown, "nothing of it is shown any more")
        place.picture("withdrawn")
        place.console()
        place.end()
        check(sorted(place.states()) == ["rejected", "withdrawn"], str(place.states()))
        check(len(list((place.output / "released").rglob("*.dcm"))) == released - 1, "the file is gone")
        check(not list((place.output / "quarantine").rglob("*.sealed")), "the original is deleted")
        looks = [look for look in place.events("viewed") if look["picture"] == "released"]
        check(len(looks) == 2, f"looks at the sample: {looks}")
        place.verify()
        place.no_canaries()
