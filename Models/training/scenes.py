"""Training and evaluation pictures: lines of text over backgrounds, then what storage does to them."""
import io

import numpy as np
from PIL import Image, ImageFilter

import backgrounds
import phantoms

FIRST = "ANNA JOHN MARIA Peter Siobhan Ali Mohammed Wei Ng José Zoë Jürgen Łukasz OLIVIA Noah Emma Liam AVA Hon Pat Bill Yusuf Chidi".split()
LAST = "SMITH Jones O'NEILL Müller GARCÍA Nguyen Brown-Hart Kowalski Lee TAYLOR Wilson Evans THOMAS Roberts Patel Singh Walker Wright".split()
WORDS = ("DOB ID Name Patient Hospital Ward St. Mary's General Clinic Dr. Acc Nr. Sex M F Age Series Study Date Time Image Slice kVp mA mAs TR TE FA "
         "FOV Thk Zoom W L C Gain MI TIS Freq cm mm dB HR bpm Liver Kidney Left Right AP PA LAT SUPINE ERECT Portable Dose Report Protocol "
         "Head Chest Abdomen LEFT RIGHT Total DLP CTDIvol Phantom Page of Physician Operator Institution Address Tel Fax www.example.org").split()
CYRILLIC = "Иванова Пётр Больница Дата рождения Москва Шевченко ПАЦИЕНТ Имя Кафедра".split()
GREEK = "Παπαδόπουλος Μαρία Νοσοκομείο Ηλικία ΑΘΗΝΑ Γεώργιος Ημερομηνία".split()
HEBREW_ARABIC = "ישראל כהן חולה בית מחמד علي مريض مستشفى".split()
HANGUL = "김영희 환자 병원 서울대학교 이름 생년월일 박지훈".split()
CJK = "山田太郎 患者姓名 北京医院 佐藤花子 生年月日 検査日 李小龍 張偉 病院 東京大学".split()


def phrase(rng, scripts):
    kind = rng.random()
    if "hangul" in scripts and kind < .4:
        return " ".join(rng.choice(HANGUL, int(rng.integers(1, 4))))
    if "semitic" in scripts and kind > .95:
        return " ".join(rng.choice(HEBREW_ARABIC, int(rng.integers(1, 4))))
    if "latin" not in scripts or ("cjk" in scripts and kind < .7):
        return " ".join(rng.choice(CJK, int(rng.integers(1, 3))))
    if "cyrillic" in scripts and kind < .12:
        return " ".join(rng.choice(CYRILLIC, int(rng.integers(1, 4))))
    if "greek" in scripts and .12 <= kind < .2:
        return " ".join(rng.choice(GREEK, int(rng.integers(1, 4))))
    d = lambda n: "".join(map(str, rng.integers(0, 10, n)))
    choice = rng.integers(12)
    if choice >= 9: text = short(rng, d)
    elif choice == 0: text = f"{rng.choice(LAST)}{rng.choice([', ', '^', ' '])}{rng.choice(FIRST)}"
    elif choice == 1: text = f"{rng.choice(FIRST)} {rng.choice(LAST)}"
    elif choice == 2: text = rng.choice(["", "ID: ", "MRN ", "Acc# ", "NHS "]) + d(int(rng.integers(3, 12)))
    elif choice == 3: text = f"{d(2)}{rng.choice(['/', '-', '.'])}{rng.choice([d(2), 'JAN', 'Mar', 'Oct'])}{rng.choice(['/', '-', '.'])}{rng.choice(['19', '20'])}{d(2)}"
    elif choice == 4: text = f"{d(2)}:{d(2)}" + rng.choice(["", ":" + d(2), " PM"])
    elif choice == 5: text = f"{rng.choice(WORDS)}{rng.choice([': ', ' ', '='])}{d(int(rng.integers(1, 5)))}{rng.choice(['', '.' + d(1), ' mm', '%'])}"
    else: text = " ".join(rng.choice(WORDS, int(rng.integers(1, 6))))
    if "accents" not in scripts:
        text = text.encode("ascii", "ignore").decode()
    if rng.random() < .25:
        text = text.upper()
    return text.strip() or "A1"


def short(rng, d):
    """Two to five letters or figures, of which a detector sees least."""
    kind = rng.integers(4)
    if kind == 0: return d(int(rng.integers(2, 5)))
    if kind == 1: return d(int(rng.integers(1, 3))) + rng.choice(["mm", "cm", "%", "/" + d(1), ":" + d(2), "." + d(1), "M", " F", "dB"])
    if kind == 2: return "".join(rng.choice(list("ABCDEFGHIJKLMNOPRSTUVWXYZ"), int(rng.integers(2, 5))))
    return str(rng.choice([word for word in FIRST + LAST + WORDS if 2 <= len(word) <= 5]))


def line_mask(rng, face, height, text=None):
    """Ink 0...255 of a line whose capitals are about `height` pixels high."""
    text = text or phrase(rng, face.scripts)
    factor, size = 1, height
    if face.path.endswith(".pcf.gz"):
        size = int(rng.integers(5, height + 1)) if height > 5 and rng.random() < .5 else height
    mask = face.mask(text, max(5, round(size * (1 if face.path.endswith(".jhf") else 1.38))))
    if mask is None or min(mask.shape) < 2:
        return None
    if size < height:  # a small bitmap font made as large
        factor = max(1, round(height * 1.3 / mask.shape[0]))
    kind = rng.random()
    if kind < .2:
        mask = np.where(mask > 110, 255, 0).astype(np.uint8)
    elif kind < .27 and height >= 12:  # small letters made large
        low = Image.fromarray(mask).resize((max(2, mask.shape[1] // 2), max(2, mask.shape[0] // 2)), Image.BILINEAR)
        mask = np.asarray(low.resize((mask.shape[1], mask.shape[0]), Image.NEAREST if rng.random() < .5 else Image.BILINEAR))
    if factor > 1:
        mask = np.kron(mask, np.ones((factor, factor), np.uint8))
    if rng.random() < .1:  # condensed
        mask = np.asarray(Image.fromarray(mask).resize((max(4, int(mask.shape[1] * rng.uniform(.6, .9))), mask.shape[0]), Image.BILINEAR))
    return full_strength(np.asarray(mask))


def full_strength(mask):
    """Hairlines that antialiasing has left grey made as strong as ink, since the contrast of a line is that of its ink;
    None where next to nothing is left of them."""
    if mask is None or not (mask > 20).any():
        return None
    peak = np.percentile(mask[mask > 20], 95)
    if peak < 60:
        return None
    return np.clip(mask * (255 / peak), 0, 255).astype(np.uint8) if peak < 220 else mask


def turned(mask, degrees):
    """The ink and the solid box around it, turned."""
    solid = np.full(mask.shape, 255, np.uint8)
    if degrees % 90 == 0:
        return np.rot90(mask, degrees // 90), np.rot90(solid, degrees // 90)
    turn = lambda a: np.asarray(Image.fromarray(np.ascontiguousarray(a)).rotate(degrees, Image.BICUBIC, expand=True))
    return turn(mask), turn(solid)


class Canvas:
    """A picture that text is put on, and where it was put."""

    def __init__(self, picture):
        self.picture = picture.astype(float)
        self.text = np.zeros(picture.shape, np.float32)
        self.taken = np.zeros(picture.shape, bool)
        self.unclear = np.zeros(picture.shape, bool)
        self.lines = []

    def put(self, rng, mask, degrees=0, contrast=None, polarity=None, place=None, plain=False, large=False, single=False):
        """Draws a line where there is room. Returns where, or None.

        A large one is for a coarser look to find; a single letter may be text or not.
        """
        mask, solid = turned(mask, degrees)
        height, width = self.picture.shape
        mask, solid = mask[:height - 2, :width - 2], solid[:height - 2, :width - 2]
        h, w = mask.shape
        # Weak contrast is missed beside strong edges more than anywhere else: some lines are put there.
        beside = not place and rng.random() < .35
        for attempt in range(12 if beside else 6):
            y, x = place or (int(rng.integers(0, height - h)), int(rng.integers(0, width - w)))
            part = (slice(y, y + h), slice(x, x + w))
            if not self.taken[part].any() and (not beside or attempt > 8 or self.lies_beside_edge(part)):
                break
            if place:
                return None
        else:
            return None
        alpha = mask / 255.0
        under = self.picture[part]
        level = float(np.median(under))
        if not plain and rng.random() < .12:  # a box behind it
            level = float(rng.integers(0, 256))
            if degrees % 90 == 0:
                self.picture[max(0, y - 2):y + h + 2, max(0, x - 2):x + w + 2] = level
            under = self.picture[part]
            level = float(np.median(under))
        spread = float(under.std())
        if contrast is None:
            most = 16 if rng.random() < .2 else 255
            contrast = float(np.exp(rng.uniform(np.log(7), np.log(most)))) + rng.uniform(.5, 2) * spread
        light = polarity if polarity is not None else (rng.random() < .65)
        if light and level + contrast > 255 and level > 127: light = polarity is not None
        if not light and level - contrast < 0 and level < 128: light = polarity is None
        colour = np.clip(level + contrast if light else level - contrast, 0, 255)
        if abs(colour - level) < max(6.0, 1.1 * spread):
            return None
        if not plain and rng.random() < .15:  # outline or shadow
            wide = Image.fromarray((alpha * 255).astype(np.uint8))
            shade = np.asarray(wide.filter(ImageFilter.MaxFilter(3)), float) / 255 if rng.random() < .5 else np.roll(alpha, (1, 1), (0, 1))
            self.picture[part] = self.picture[part] * (1 - shade) + (0 if light else 255) * shade
        self.picture[part] = self.picture[part] * (1 - alpha) + colour * alpha
        self.taken[part] = True
        if large:
            return part
        if single:  # one letter is a matter of taste
            self.unclear[part] |= solid > 0
        else:
            self.text[part] = np.maximum(self.text[part], solid / 255.0)
        self.lines.append((part, mask > 100))
        return part

    def forget_invisible(self, picture, least=3):
        """Lines of which storage has left fewer grey levels than this may be text or not."""
        for part, ink in self.lines:
            shown = picture[part].astype(float)
            if ink.any() and not ink.all() and abs(shown[ink].mean() - np.median(shown[~ink])) < least:
                self.text[part], self.unclear[part] = 0, True

    def lies_beside_edge(self, part, margin=14):
        """Calm itself, with something much lighter or darker near."""
        around = self.picture[tuple(slice(max(0, s.start - margin), s.stop + margin) for s in part)]
        return self.picture[part].std() < 12 and around.max() - around.min() > 70


def coded(image, form, **how):
    """An image as this form of compression leaves it."""
    out = io.BytesIO()
    image.save(out, form, **how)
    return Image.open(out)


def stored(rng, picture, kind=None, quality=None):
    """What compression, resampling and display do to a picture."""
    kind = rng.random() if kind is None else kind
    image = Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))
    if kind < .2:
        image = coded(image, "JPEG", quality=quality or int(rng.integers(25, 96)))
    elif kind < .3:
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(.3, .9)))
    elif kind < .48:
        scale = rng.uniform(.6, .95)
        size = image.size
        image = image.resize((int(size[0] * scale), int(size[1] * scale)), Image.BILINEAR).resize(size, Image.BILINEAR)
    elif kind < .54:
        image = coded(image, "JPEG2000", quality_mode="rates", quality_layers=[int(rng.integers(5, 25))], irreversible=True)
    result = np.asarray(image, float)
    if rng.random() < .2:
        result = result + rng.normal(0, rng.uniform(.5, 5), result.shape)
    return np.clip(result, 0, 255).astype(np.uint8)


def revealed(rng, picture):
    """As the program looks into narrow ranges of what storage has left: ringing and noise become strong."""
    if rng.random() < .5:
        width = float(np.exp(rng.uniform(np.log(6), np.log(80))))
        low = float(rng.choice(picture.reshape(-1))) - rng.uniform(0, 1) * width
        return np.clip((picture - low) * (255 / width), 0, 255).astype(np.uint8)
    shown = backgrounds.stretched(picture)
    return shown[rng.integers(len(shown))] if shown else picture


class Scenes:
    """Endless training crops: picture, target and weight of each 4 x 4 cell."""

    def __init__(self, real, labelled, faces, hard=(), side=256, seed=0, every_size=False, hard_share=.2):
        self.real, self.labelled, self.faces, self.side = real, labelled, faces, side
        #: Pictures without text, each with places that an earlier network took for text.
        self.hard = hard
        #: So many of the grounds show one of these.
        self.hard_share = hard_share
        #: Whether large letters count as text; the network finds them in a smaller picture.
        self.every_size = every_size
        self.rng = np.random.default_rng(seed)
        families = {}
        for face in faces:
            families.setdefault(face.family, []).append(face)
        self.families = list(families.values())

    def face(self):
        family = self.families[self.rng.integers(len(self.families))]
        return family[self.rng.integers(len(family))]

    def background(self):
        rng, side = self.rng, self.side
        if self.hard and rng.random() < self.hard_share:
            picture, places = self.hard[rng.integers(len(self.hard))]
            around = places[rng.integers(len(places))] - rng.integers(side // 8, side * 7 // 8, 2)
            return self.cut([picture], fill=rng.integers(0, 256), corner=around)[0].astype(float)
        if self.real and rng.random() < .6:
            if rng.random() < .3:
                return self.varied(self.askew())
            scale = float(np.exp(rng.uniform(np.log(1 / 8), np.log(2)))) if rng.random() < .5 else 1
            picture = self.scaled(scale)
            if max(picture.shape) > side * .7:
                return self.varied(self.cut([picture], fill=rng.integers(0, 256))[0].astype(float))
            # As small as in a coarse look at it: one beside the other.
            montage = np.full((side, side), float(rng.integers(0, 256)))
            h, w = picture.shape
            for y in range(0, side - h // 2, h):
                for x in range(0, side - w // 2, w):
                    part = montage[y:y + h, x:x + w]
                    part[:] = self.scaled(scale, picture.shape)[:part.shape[0], :part.shape[1]]
            return montage
        kinds = backgrounds.MADE_UP + backgrounds.PATTERNS
        return kinds[rng.integers(len(kinds))](rng, side)

    def varied(self, square):
        """Pictures are few: two in one, with a sharp border or a soft one between them, or under another curve."""
        rng, side = self.rng, self.side
        if rng.random() < .35:
            curve = np.cumsum(rng.exponential(1, 9)) if rng.random() < .7 else rng.random(9)
            curve = np.interp(np.arange(256), np.linspace(0, 255, 9), (curve - curve.min()) * (255 / np.ptp(curve)))
            square = curve[square.astype(np.uint8)]
        if rng.random() < .35:
            other = self.cut([self.scaled(1)], fill=rng.integers(0, 256))[0].astype(float)
            share = backgrounds.smooth(rng, side, int(rng.integers(30, 200))) / 255
            if rng.random() < .6:
                share = (share > rng.uniform(.3, .7)).astype(float)
            square = square * share + other * (1 - share)
        return square

    def askew(self):
        """A square of one of the real pictures, turned, sheared, a little larger or smaller."""
        rng, side, picture = self.rng, self.side, self.scaled(1)
        angle, scale, shear = rng.uniform(0, 2 * np.pi), np.exp(rng.uniform(np.log(.5), np.log(1.3))), rng.normal(0, .15)
        turn = scale * np.array([[np.cos(angle), -np.sin(angle) + shear], [np.sin(angle), np.cos(angle)]])
        middle = rng.uniform(0, 1, 2) * picture.shape[::-1]
        start = middle - turn @ (side / 2, side / 2)
        image = Image.fromarray(picture).transform((side, side), Image.AFFINE, (*turn[0], start[0], *turn[1], start[1]),
                                                   Image.BILINEAR, fillcolor=int(rng.integers(0, 256)))
        return np.asarray(image, float)

    def scaled(self, scale, shape=None):
        """One of the real pictures, of a given shape or its own, made larger or smaller."""
        picture = self.real[self.rng.integers(len(self.real))]
        shape = shape or [max(12, int(n * scale)) for n in picture.shape]
        if tuple(shape) == picture.shape:
            return picture
        image = Image.fromarray(picture)
        return np.asarray(image.resize((shape[1], shape[0]), Image.BOX if scale < .8 else Image.BILINEAR))

    def cut(self, layers, fill=0, corner=None):
        """The same square of each layer, padded where the layer is smaller: a random one, or near a corner."""
        rng, side = self.rng, self.side
        h, w = layers[0].shape
        room = np.maximum(0, (h - side, w - side))
        y, x = rng.integers(0, room + 1) if corner is None else np.clip(corner, 0, room)
        result = []
        for i, layer in enumerate(layers):
            square = np.full((side, side), fill if i == 0 else 0, layer.dtype)
            part = layer[y:y + side, x:x + side]
            square[:part.shape[0], :part.shape[1]] = part
            result.append(square)
        return result

    def scene(self):
        rng = self.rng
        if self.labelled and rng.random() < .1:
            return self.labelled_scene()
        if rng.random() < .05:
            return self.markers()
        picture = self.background()
        if rng.random() < .3:
            picture = np.clip((picture - 128) * rng.uniform(.3, 1.3) + rng.uniform(60, 190), 0, 255)
        if rng.random() < .3:
            picture = 255 - picture
        canvas = Canvas(picture)
        stack = rng.random() < .35
        count = 0 if rng.random() < .3 else int(rng.integers(1, 18 if stack else 10))
        base = self.face(), int(np.exp(rng.uniform(np.log(5.5), np.log(30)))), rng.random() < .6
        contrast = float(np.exp(rng.uniform(np.log(7), np.log(255))))
        top, left, gap = int(rng.integers(0, 100)), int(rng.integers(0, 60)), int(rng.integers(1, 2 + base[1]))
        if rng.random() < .1:  # strokes as thick as small letters are high
            mask = line_mask(rng, self.face(), int(np.exp(rng.uniform(np.log(64), np.log(220)))))
            if mask is not None:
                canvas.put(rng, mask, 0 if rng.random() < .7 else 90, large=not self.every_size)
        for _ in range(count):
            small = rng.random() < .15
            face, height = base[:2] if stack else (self.face(), int(np.exp(rng.uniform(np.log(5.5), np.log(8 if small else 40)))))
            text = phrase(rng, face.scripts) if rng.random() < .95 else rng.choice(list("LRAPHFSI0+TX"))
            mask = line_mask(rng, face, height, text)
            if mask is None:
                continue
            single = len(text) == 1
            turn = rng.random()
            degrees = 0 if stack or turn < .45 else int(rng.choice([90, 180, 270])) if turn < .78 else rng.uniform(-180, 180)
            if stack:
                if top + mask.shape[0] >= self.side - 2 or left + mask.shape[1] >= self.side - 2:
                    mask = mask[:, :self.side - 4 - left]
                    if top + mask.shape[0] >= self.side - 2 or mask.shape[1] < 8: break
                canvas.put(rng, mask, 0, contrast=contrast, polarity=base[2], place=(top, left), single=single)
                top += mask.shape[0] + gap
            elif max(mask.shape) < 1.6 * self.side:
                canvas.put(rng, mask, degrees, single=single)
            elif degrees == 0:
                canvas.put(rng, mask[:, :self.side - 4], degrees)
        return self.shown(canvas, stored(rng, canvas.picture), narrow=.12)

    def shown(self, canvas, picture, narrow):
        """What storage left of a canvas, in a share of cases in a narrow range, and the text that can be seen there."""
        if self.rng.random() < narrow:
            picture = revealed(self.rng, picture)
        canvas.forget_invisible(picture)
        return picture, *self.targets(canvas.text, canvas.unclear & (canvas.text == 0))

    def markers(self):
        """Single letters, as those of the side, on a picture, a body, or a smooth ground, as storage and a narrow range
        leave them: beside them ringing must not pass for text."""
        rng, kind = self.rng, self.rng.random()
        if kind < .4 and self.real:
            picture = self.scaled(1)
            picture = self.cut([picture], fill=int(picture.min()))[0].astype(float)
        elif kind < .7:
            picture = phantoms.bodies(rng, self.side)
        else:
            picture = backgrounds.smooth(rng, self.side, int(rng.integers(60, 200))) * rng.uniform(.3, 1)
        canvas = Canvas(picture)
        for _ in range(int(rng.integers(1, 3))):
            height = int(np.exp(rng.uniform(np.log(12), np.log(60))))
            mask = line_mask(rng, self.face(), height, str(rng.choice(list("LLLRRRAPHFSIO"))))
            if mask is not None:
                canvas.put(rng, mask, 0, contrast=float(rng.uniform(40, 255)), single=True, plain=rng.random() < .7)
        picture = stored(rng, canvas.picture, kind=.1 if rng.random() < .8 else None, quality=int(rng.integers(60, 97)))
        return self.shown(canvas, picture, narrow=.6)

    def labelled_scene(self):
        picture, boxes, ignored = self.labelled[self.rng.integers(len(self.labelled))]
        text, skip = np.zeros(picture.shape, np.float32), np.zeros(picture.shape, bool)
        for x, y, w, h in boxes:
            text[y:y + h, x:x + w] = 1
        for x, y, w, h in ignored:
            skip[y:y + h, x:x + w] = True
        picture, text, skip = self.cut([picture, text, skip])
        return stored(self.rng, picture), *self.targets(text, skip & (text == 0))

    @staticmethod
    def targets(text, ignored=None):
        cells = lambda a: a.reshape(a.shape[0] // 4, 4, a.shape[1] // 4, 4).mean((1, 3))
        covered = cells(text)
        target = (covered >= .5).astype(np.float32)
        weight = np.where((covered > .05) & (covered < .5), 0, 1).astype(np.float32)
        if ignored is not None:
            weight[cells(ignored.astype(np.float32)) > 0] = 0
        return target, weight
