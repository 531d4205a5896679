// What is to be masked: the findings, those of them that are switched off, and boxes of the reviewer's own.

/** Whether a number lies in one of some ranges. */
export function within(ranges, number) { return ranges.some(([first, last]) => number >= first && number <= last); }

/** The ranges without one number. */
function without(ranges, number) {
  return ranges.flatMap(([first, last]) => {
    if (number < first || number > last) { return [[first, last]]; }
    return [[first, number - 1], [number + 1, last]].filter(([low, high]) => low <= high);
  });
}

/**
 * A plan for all images of a series, with undo. A step is never changed once made: `off` lists findings that are switched off,
 * `{ id, image }`; `boxes` are `{ key, box, image, ranges, from }`, where `image` null means all images of the same size, `ranges`
 * null all frames, and `from` is the finding that a box took the place of.
 */
export class Plan {
  constructor(items, changed) {
    this.items = items;
    this.changed = changed;
    this.steps = [{ off: [], boxes: [] }];
    this.at = 0;
    this.next = 1;
    this.isTouched = false;
  }

  get now() { return this.steps[this.at]; }
  get canUndo() { return this.at > 0; }
  get canRedo() { return this.at + 1 < this.steps.length; }

  set(step) {
    this.steps = this.steps.slice(0, this.at + 1).concat(step);
    this.at += 1;
    this.isTouched = true;
    this.changed();
  }

  undo() { if (this.canUndo) { this.at -= 1; this.changed(); } }
  redo() { if (this.canRedo) { this.at += 1; this.changed(); } }

  /** Takes over what somebody proposed, as the first step. */
  load(proposals) {
    const boxes = [];
    const off = [];
    for (const { image, masks, without: ids } of proposals) {
      for (const text of masks) {
        const [x, y, width, height, frames] = text.split(",");
        const range = frames ? frames.split("-").map(Number) : null;
        boxes.push({ key: "b" + this.next++, box: [x, y, width, height].map(Number), image,
          ranges: range && [[range[0], range[range.length - 1]]], from: null });
      }
      for (const id of ids) { off.push({ id, image }); }
    }
    this.steps = [{ off, boxes }];
    this.at = 0;
    this.changed();
  }

  isOff(id, image) { return this.now.off.some((entry) => entry.id === id && (entry.image === null || entry.image === image)); }

  /** What an image has: its findings and the boxes that stand on it. */
  shapes(item) {
    const findings = item.regions.map((region) => ({
      key: region.id, kind: "finding", region, box: region.box, mask: region.mask, ranges: region.frames, maskRanges: region.maskFrames,
      isOff: region.masking === "kept" || region.masking === "switchable" && this.isOff(region.id, item.id), canSwitch: region.masking === "switchable" }));
    const boxes = this.now.boxes.filter((entry) => this.standsOn(entry, item)).map((entry) => {
      const ranges = entry.ranges || [[1, Math.max(1, item.frames)]];
      return { key: entry.key, kind: "box", entry, box: entry.box, mask: entry.box, ranges, maskRanges: ranges, isOff: false, canSwitch: true };
    });
    return findings.concat(boxes);
  }

  standsOn(entry, item) {
    if (entry.image !== null) { return entry.image === item.id; }
    const [x, y, width, height] = entry.box;
    return x + width <= item.columns && y + height <= item.rows;
  }

  /** Where a new box is to stand: `frame`, `image` or `series`. */
  place(scope, item, frame) {
    return { image: scope === "series" ? null : item.id, ranges: scope === "frame" ? [[frame, frame]] : null };
  }

  addBox(box, scope, item, frame, from) {
    const entry = { key: "b" + this.next++, box, ...this.place(scope, item, frame), from: from || null };
    this.set({ off: this.now.off, boxes: this.now.boxes.concat(entry) });
    return entry.key;
  }

  /** Switches a finding off or on again, or takes a box away, on as much as the scope says. */
  toggle(shape, scope, item, frame) {
    if (shape.kind === "box") { return this.removeBox(shape.entry, scope, item, frame); }
    if (!shape.canSwitch) { return; }
    const image = scope === "series" ? null : item.id;
    if (shape.isOff) {
      const off = this.now.off.filter((entry) => !(entry.id === shape.key && (entry.image === null || entry.image === item.id)));
      const others = this.now.off.some((entry) => entry.id === shape.key && entry.image === null) && scope !== "series"
        ? this.items.filter((other) => other.id !== item.id && other.regions.some((region) => region.id === shape.key)).map((other) => ({ id: shape.key, image: other.id })) : [];
      const boxes = this.now.boxes.filter((entry) => entry.from !== shape.key || entry.image !== null && entry.image !== item.id && scope !== "series");
      return this.set({ off: off.concat(others), boxes });
    }
    const off = this.now.off.concat({ id: shape.key, image });
    if (scope !== "frame") { return this.set({ off, boxes: this.now.boxes }); }
    // A finding is one thing on all its frames: off on one of them means boxes on the others.
    const rest = without(shape.maskRanges, frame);
    const boxes = rest.length === 0 ? [] : [{ key: "b" + this.next++, box: shape.mask, image: item.id, ranges: rest, from: shape.key }];
    this.set({ off, boxes: this.now.boxes.concat(boxes) });
  }

  removeBox(entry, scope, item, frame) {
    const others = this.now.boxes.filter((other) => other !== entry);
    this.set({ off: this.now.off, boxes: others.concat(this.unchanged(entry, scope, item, frame)) });
  }

  /** What of a box stays as it is while it is changed on as much as the scope says: on other images, on other frames. */
  unchanged(entry, scope, item, frame) {
    if (scope === "series") { return []; }
    const copy = (image, ranges) => ({ ...entry, key: "b" + this.next++, image, ranges });
    const rest = entry.image !== null ? []
      : this.items.filter((other) => other.id !== item.id && this.standsOn(entry, other)).map((other) => copy(other.id, entry.ranges));
    const ranges = scope === "frame" && item.frames > 1 ? without(entry.ranges || [[1, item.frames]], frame) : [];
    return ranges.length === 0 ? rest : rest.concat(copy(item.id, ranges));
  }

  /** Moves or resizes. A finding becomes a box of the reviewer's in its place, on the frames on which it is masked. */
  reshape(shape, box, scope, item, frame) {
    if (shape.kind === "box") {
      const { image, ranges } = this.place(scope, item, frame);
      const boxes = this.now.boxes.map((entry) => (entry === shape.entry ? { ...entry, box, image, ranges: ranges || entry.ranges } : entry));
      this.set({ off: this.now.off, boxes: boxes.concat(this.unchanged(shape.entry, scope, item, frame)) });
      return shape.key;
    }
    if (!shape.canSwitch || shape.isOff) { return shape.key; }
    const isAll = shape.maskRanges.length === 1 && shape.maskRanges[0][0] === 1 && shape.maskRanges[0][1] >= item.frames;
    const entry = { key: "b" + this.next++, box, image: scope === "series" ? null : item.id,
      ranges: scope === "frame" ? [[frame, frame]] : isAll ? null : shape.maskRanges, from: shape.key };
    const boxes = this.now.boxes.concat(entry);
    if (scope === "frame") {
      const rest = without(shape.maskRanges, frame);
      if (rest.length > 0) { boxes.push({ key: "b" + this.next++, box: shape.mask, image: item.id, ranges: rest, from: shape.key }); }
    }
    this.set({ off: this.now.off.concat({ id: shape.key, image: scope === "series" ? null : item.id }), boxes });
    return entry.key;
  }

  /** As the server takes it: boxes and switched-off findings of an image. */
  treatment(item) {
    const masks = [];
    for (const entry of this.now.boxes) {
      if (!this.standsOn(entry, item)) { continue; }
      const frames = (entry.ranges || [null]).map((range) => range && range.map((number) => Math.min(number, Math.max(1, item.frames))));
      for (const range of frames) { masks.push(entry.box.join(",") + (range ? "," + range[0] + "-" + range[1] : "")); }
    }
    const ids = item.regions.filter((region) => region.masking === "switchable" && this.isOff(region.id, item.id)).map((region) => region.id);
    return { masks: [...new Set(masks)].sort(), without: [...new Set(ids)].sort() };
  }

  /** The treatment that most images have, and the others' by their names. */
  request() {
    const open = this.items.filter((item) => item.isOpen);
    const all = open.map((item) => [item.id, this.treatment(item)]);
    const counts = new Map();
    for (const [, treatment] of all) { const key = JSON.stringify(treatment); counts.set(key, (counts.get(key) || 0) + 1); }
    const [most] = [...counts].sort((one, other) => other[1] - one[1])[0] || ['{"masks":[],"without":[]}'];
    const exceptions = Object.fromEntries(all.filter(([, treatment]) => JSON.stringify(treatment) !== most));
    return { plan: JSON.parse(most), exceptions };
  }

  /** Findings that policy masks and that no box covers instead: they take a second reviewer. */
  open(item) {
    const boxes = this.now.boxes.filter((entry) => this.standsOn(entry, item));
    return item.regions.filter((region) => {
      if (region.masking !== "switchable" || !this.isOff(region.id, item.id)) { return false; }
      const covering = boxes.filter((entry) => covers(entry.box, region.box));
      return !region.maskFrames.every(([first, last]) => {
        for (let number = first; number <= last; number += 1) {
          if (!covering.some((entry) => !entry.ranges || within(entry.ranges, number))) { return false; }
        }
        return true;
      });
    });
  }
}

function covers([x, y, width, height], [left, top, across, down]) {
  return left >= x && top >= y && left + across <= x + width && top + down <= y + height;
}
