"""Light and dark, small and large."""
import time

from place import CINE, DOSE, OVERLAY, STILL, TOPOGRAM, Place, check


def looks(program):
    """The page in light and dark, small and large: nothing runs out of it. With QUENCH_PICTURES, to be looked at."""
    with Place(program, [CINE, STILL, DOSE, TOPOGRAM, OVERLAY]) as place:
        place.add_reviewers()
        browser = place.serve()
        for scheme in ("light", "dark"):
            browser.prefer(scheme)
            for width, height in ((1280, 720), (2560, 1440)):
                browser.resize(width, height)
                name = f"{scheme}-{width}"
                browser.open("about:blank")
                browser.open(place.url + "/")
                fits(place, name + " sign-in")
                place.sign_in("Ann Example")
                browser.find("tbody a")
                fits(place, name + " list")
                place.open_series("image")
                place.wait_picture()
                time.sleep(0.3)
                fits(place, name + " viewer")
                check(browser.run("""
                    return ['#do-release', '#do-reject', '#frame', '#play', '#scope', '#undo'].every((name) => {
                        const box = document.querySelector(name).getBoundingClientRect();
                        return box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth; })"""),
                      f"{name}: a control is out of sight")
                contrast(browser, name)
                browser.click("#do-reject")
                fits(place, name + " dialog")
                browser.press("Escape")
                place.sign_out()
        place.console()
        place.end()


def fits(place, name):
    place.picture(name.replace(" ", "-"))
    width, inner = place.browser.run("return [document.documentElement.scrollWidth, innerWidth]")
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
