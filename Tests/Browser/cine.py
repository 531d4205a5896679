"""Hand work on a cine, and the second reviewer."""
import io
import tempfile
from pathlib import Path

import pydicom
from PIL import Image
from pydicom.encaps import encapsulate, generate_pixel_data_frame

from place import CINE, SAMPLE, Place, check

FRAMES = 6


def cine(program):
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
        place.wait_picture()
        place.picture("cine-regions")
        columns, rows = browser.run("""
            const name = decodeURIComponent(location.hash.split('/')[2]);
            return fetch('/api/series/' + name, { headers: { 'X-Quench-Page': localStorage.getItem('session') } }).then((answer) => answer.json())
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
        # Of a region that stands on all frames one frame's is moved, and the others' stay.
        browser.drag(*[middle(box_on_page(browser, columns, rows, box)) for box in (everywhere, once)])
        browser.wait("return [...document.querySelectorAll('.regions li')].some((row) => /drawn frames 1–4, 6/.test(row.textContent.replace(/\\s+/g, ' ')))",
                     "the region stays on the other frames")
        browser.click("#undo")
        browser.wait("return document.querySelectorAll('[data-key^=b]').length === 2", "undone")
        browser.press("e")
        check(browser.run("return document.getElementById('windows').value") == "levels", "every level, in colour too")
        browser.press("1")
        browser.click("#after")
        place.picture("cine-after")
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
        place.picture("confirm")
        browser.click("#confirm")
        browser.wait_text("released, masked", "#outcome", 400)
        browser.click("#outcome button:last-child")
        browser.wait_text("Decided", ".side")
        place.wait_picture()
        place.picture("released")
        # What was masked by hand becomes a rule for the device.
        browser.click("#rule")
        browser.wait_text("It would act on 1 image of 1 series", "#rule-reach")
        place.picture("rule")
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
            check(not new & numbers, f"a frame is recorded twice in one session: {place.events('viewed')}")
            numbers |= new
        check(any(len(numbers) == FRAMES for (by, _, _), numbers in seen.items() if by == "Ann Example"), "all looks are recorded")
        place.verify()
        place.no_canaries()

def box_on_page(browser, columns, rows, box):
    """Where a box of stored pixels is on the page, while the picture is fitted: both corners."""
    left, top, width, height = browser.run("""
        const box = document.getElementById('picture').getBoundingClientRect();
        return [box.left, box.top, box.width, box.height];""")
    scale = min(width / columns, height / rows)
    x, y = left + (width - columns * scale) / 2, top + (height - rows * scale) / 2
    return ((x + box[0] * scale, y + box[1] * scale), (x + (box[0] + box[2]) * scale, y + (box[1] + box[3]) * scale))


def middle(corners):
    return tuple(sum(values) / 2 for values in zip(*corners))


def decoded(path):
    """The frames of a JPEG cine, by pydicom and Pillow."""
    dataset = pydicom.dcmread(path)
    frames = generate_pixel_data_frame(dataset.PixelData, int(dataset.NumberOfFrames))
    return dataset, [Image.open(io.BytesIO(frame)).convert("L") for frame in frames]


def shorter_cine(folder):
    """The first six frames of the cine, so that the test takes less time."""
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
        return fetch('/api/series/' + name, { headers: { 'X-Quench-Page': localStorage.getItem('session') } }).then((answer) => answer.json())
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
