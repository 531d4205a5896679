// A canvas on which a frame is looked at: window and level, zoom and pan, regions that can be drawn, moved and resized.
import { Frames, isBlank, render } from "/frames.js";
import { within } from "/regions.js";

const handle = 7;
const smallest = 4;

/** `host`: `shapes()`, `selected`, `select(key)`, `draw(box)`, `reshape(shape, box)`, `changed()`, `problem(error)`, `canEdit`; `left` tells when its page is left. */
export class Viewer {
  constructor(canvas, host, left) {
    this.canvas = canvas;
    this.host = host;
    this.frame = null;
    this.number = 1;
    this.tool = "draw";
    this.mode = "before";
    this.withOutlines = true;
    this.withLayer = true;
    this.window = null;
    this.view = { scale: 1, x: 0, y: 0, isFitted: true };
    this.picture = document.createElement("canvas");
    this.drag = null;
    this.playing = 0;
    this.rate = 15;
    this.seen = new Set();
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(canvas.parentElement);
    left.addEventListener("abort", () => this.close());
    canvas.addEventListener("pointerdown", (event) => this.down(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    canvas.addEventListener("pointerup", (event) => this.up(event));
    canvas.addEventListener("pointercancel", () => { this.drag = null; this.paint(); });
    canvas.addEventListener("contextmenu", (event) => event.preventDefault());
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15, event.offsetX, event.offsetY);
    }, { passive: false });
  }

  close() {
    this.stop();
    this.observer.disconnect();
    if (this.frames) { this.frames.close(); }
  }

  /** There is no picture: nothing of another image stays to be seen. */
  empty() {
    this.stop();
    if (this.frames) { this.frames.close(); }
    this.frames = null;
    this.frame = null;
    this.number = 1;
    this.seen = new Set();
    this.host.waiting(false);
    this.paint();
    this.host.changed();
  }

  get count() { return this.frames ? this.frames.count : 1; }
  get isPlaying() { return this.playing !== 0; }

  /** Another image, or the same one before or after. */
  async open(id, picture, count, number) {
    this.stop();
    if (this.frames) { this.frames.close(); }
    const isOther = !this.frames || this.frames.id !== id;
    this.frames = new Frames(id, picture, count);
    this.frame = null;
    this.paint();
    this.host.waiting(true);
    if (isOther) {
      this.seen = new Set();
      this.window = null;
      this.view.isFitted = true;
    }
    await this.show(Math.min(number || 1, Math.max(1, count)));
  }

  /** Shows a frame as soon as it is there. */
  async show(number) {
    const frames = this.frames;
    if (!frames) { return; }
    this.number = Math.min(Math.max(1, number), this.count);
    this.host.changed();
    const wanted = this.number;
    try {
      const frame = await frames.frame(wanted);
      if (frames !== this.frames || wanted !== this.number) { return; }
      this.frame = frame;
      this.host.waiting(false);
      this.seen.add(wanted);
      if (!this.window) { this.useFirstWindow(); }
      if (this.view.isFitted) { this.fit(); }
      this.renderPicture();
      if (this.isPlaying) { frames.prefetch(wanted); }
      this.host.changed();
    } catch (error) {
      if (frames !== this.frames || error.name === "AbortError") { return; }
      this.stop();
      this.frame = null;
      this.paint();
      this.host.problem(error);
    }
  }

  // Cine

  play() {
    if (this.isPlaying || this.count < 2) { return; }
    let last = 0;
    let isWaiting = false;
    const step = (time) => {
      this.playing = window.requestAnimationFrame(step);
      if (isWaiting || time - last < 1000 / this.rate) { return; }
      last = time;
      isWaiting = true;
      this.show(this.number >= this.count ? 1 : this.number + 1).finally(() => { isWaiting = false; });
    };
    this.playing = window.requestAnimationFrame(step);
    this.host.changed();
  }

  stop() {
    if (!this.isPlaying) { return; }
    window.cancelAnimationFrame(this.playing);
    this.playing = 0;
    this.host.changed();
  }

  // Window and level

  get windows() { return this.frame ? this.frame.windows : []; }

  useWindow(index) {
    if (this.windows.length === 0) { return; }
    const [center, width] = this.windows[index % this.windows.length];
    this.setWindow(center, width);
  }

  /** The header's window, unless it hides everything, as it does on some pages of text. */
  useFirstWindow() {
    const [center, width] = this.windows[0];
    if (!isBlank(this.frame, { center, width })) { return this.setWindow(center, width); }
    this.useWindow(this.windows.length - 1);
    this.host.notice("The window of the header shows nothing of it: all values are shown.");
  }

  /** Every grey level gets room. */
  equalise() {
    if (!this.frame) { return; }
    const [center, width] = this.windows[this.windows.length - 1];
    this.window = { center, width, isEqualised: true };
    this.renderPicture();
    this.host.changed();
  }

  setWindow(center, width) {
    this.window = { center, width: Math.max(1, width) };
    this.renderPicture();
    this.host.changed();
  }

  /** By shares of the width, which suits any range of values. */
  changeWindow(level, width) {
    if (!this.window) { return; }
    this.setWindow(this.window.center + level * this.window.width, this.window.width * (1 + width));
  }

  renderPicture() {
    if (!this.frame || !this.window) { return; }
    const { width, height } = this.frame;
    if (this.picture.width !== width || this.picture.height !== height) {
      this.picture.width = width;
      this.picture.height = height;
    }
    const context = this.picture.getContext("2d");
    const image = context.createImageData(width, height);
    // After masking nothing of the layer is left.
    render(this.frame, this.window, image, this.withLayer && !(this.mode === "after" && this.frames.picture === "original"));
    context.putImageData(image, 0, 0);
    this.paint();
  }

  // Zoom and pan, in pixels of the canvas as the page measures it

  resize() {
    const box = this.canvas.parentElement.getBoundingClientRect();
    const ratio = window.devicePixelRatio || 1;
    this.canvas.width = Math.max(1, Math.round(box.width * ratio));
    this.canvas.height = Math.max(1, Math.round(box.height * ratio));
    if (this.view.isFitted) { this.fit(); }
    this.paint();
  }

  get area() {
    const ratio = window.devicePixelRatio || 1;
    return { width: this.canvas.width / ratio, height: this.canvas.height / ratio };
  }

  fit() {
    if (!this.frame) { return; }
    const { width, height } = this.area;
    const scale = Math.min(width / this.frame.columns, height / this.frame.rows);
    this.view = { scale, x: (width - this.frame.columns * scale) / 2, y: (height - this.frame.rows * scale) / 2, isFitted: true };
    this.paint();
  }

  zoom(factor, x, y) {
    const { width, height } = this.area;
    const at = { x: x === undefined ? width / 2 : x, y: y === undefined ? height / 2 : y };
    const scale = Math.min(40, Math.max(0.05, this.view.scale * factor));
    const change = scale / this.view.scale;
    this.view = { scale, x: at.x - (at.x - this.view.x) * change, y: at.y - (at.y - this.view.y) * change, isFitted: false };
    this.paint();
    this.host.changed();
  }

  pan(x, y) {
    this.view = { ...this.view, x: this.view.x + x, y: this.view.y + y, isFitted: false };
    this.paint();
  }

  /** In stored pixels. */
  inImage(x, y) { return [(x - this.view.x) / this.view.scale, (y - this.view.y) / this.view.scale]; }

  // Pointer

  down(event) {
    if (!this.frame) { return; }
    this.canvas.focus();
    this.canvas.setPointerCapture(event.pointerId);
    const start = { x: event.offsetX, y: event.offsetY };
    if (event.button === 1 || this.tool === "pan") { this.drag = { kind: "pan", ...start }; return; }
    if (event.button === 2 || this.tool === "window") { this.drag = { kind: "window", ...start }; return; }
    if (!this.host.canEdit || this.mode !== "before") { this.drag = { kind: "pan", ...start }; return; }
    const shape = this.shapeAt(start.x, start.y);
    if (shape) {
      this.host.select(shape.key);
      const corner = shape.isOff || !shape.canSwitch ? null : this.cornerAt(shape, start.x, start.y);
      this.drag = { kind: corner ? "resize" : "move", ...start, shape, corner, box: shape.mask };
    } else {
      this.host.select(null);
      this.drag = { kind: "draw", ...start, box: null };
    }
    this.paint();
  }

  move(event) {
    const drag = this.drag;
    if (!drag) { this.canvas.style.cursor = this.cursor(event.offsetX, event.offsetY); return; }
    const [x, y] = [event.offsetX - drag.x, event.offsetY - drag.y];
    if (drag.kind === "pan" || drag.kind === "window") {
      if (drag.kind === "pan") { this.pan(x, y); } else { this.changeWindow(y / 400, x / 200); }
      [drag.x, drag.y] = [event.offsetX, event.offsetY];
      return;
    }
    const by = [Math.round(x / this.view.scale), Math.round(y / this.view.scale)];
    if (drag.kind === "draw") { drag.box = this.between(this.inImage(drag.x, drag.y), this.inImage(event.offsetX, event.offsetY)); }
    else if (drag.shape.canSwitch && !drag.shape.isOff && (Math.abs(x) > 2 || Math.abs(y) > 2 || drag.hasMoved)) {
      drag.hasMoved = true;
      drag.box = drag.kind === "move" ? this.moved(drag.shape.mask, by) : this.resized(drag.shape.mask, drag.corner, by);
    }
    this.paint();
  }

  up() {
    const drag = this.drag;
    this.drag = null;
    if (!drag) { return; }
    if (drag.kind === "draw" && drag.box && drag.box[2] >= smallest && drag.box[3] >= smallest) { this.host.draw(drag.box); }
    else if (drag.hasMoved && drag.box.join() !== drag.shape.mask.join()) { this.host.reshape(drag.shape, drag.box); }
    this.paint();
  }

  cursor(x, y) {
    if (this.tool === "pan") { return "grab"; }
    if (this.tool === "window") { return "ns-resize"; }
    if (!this.host.canEdit || this.mode !== "before") { return "default"; }
    const shape = this.shapeAt(x, y);
    if (!shape) { return "crosshair"; }
    const corner = shape.canSwitch && !shape.isOff && this.cornerAt(shape, x, y);
    return corner ? (corner[0] === corner[1] ? "nwse-resize" : "nesw-resize") : "move";
  }

  /** Kept inside the image, in whole pixels. */
  between([x, y], [otherX, otherY]) {
    const keep = (value, end) => Math.min(Math.max(0, value), end);
    const [left, right] = [keep(Math.floor(Math.min(x, otherX)), this.frame.columns), keep(Math.ceil(Math.max(x, otherX)), this.frame.columns)];
    const [top, bottom] = [keep(Math.floor(Math.min(y, otherY)), this.frame.rows), keep(Math.ceil(Math.max(y, otherY)), this.frame.rows)];
    return [left, top, right - left, bottom - top];
  }

  moved([x, y, width, height], [right, down]) {
    return [Math.min(Math.max(0, x + right), this.frame.columns - width), Math.min(Math.max(0, y + down), this.frame.rows - height), width, height];
  }

  /** `corner`: [-1 or 1, -1 or 1], which one is moved. */
  resized([x, y, width, height], corner, [right, down]) {
    let [left, top, end, bottom] = [x, y, x + width, y + height];
    if (corner[0] < 0) { left = Math.min(left + right, end - smallest); } else { end = Math.max(end + right, left + smallest); }
    if (corner[1] < 0) { top = Math.min(top + down, bottom - smallest); } else { bottom = Math.max(bottom + down, top + smallest); }
    return this.between([left, top], [end, bottom]);
  }

  /** Shapes of the frame that is shown. */
  get shapes() { return this.host.shapes().filter((shape) => within(shape.isOff ? shape.ranges : shape.maskRanges, this.number)); }

  onCanvas([x, y, width, height]) {
    const { scale, x: left, y: top } = this.view;
    return [left + x * scale, top + y * scale, width * scale, height * scale];
  }

  shapeAt(x, y) {
    const near = this.shapes.filter((shape) => {
      const [left, top, width, height] = this.onCanvas(shape.mask);
      return x >= left - handle && x <= left + width + handle && y >= top - handle && y <= top + height + handle;
    });
    return near.find((shape) => shape.key === this.host.selected) || near.sort((one, other) => one.mask[2] * one.mask[3] - other.mask[2] * other.mask[3])[0] || null;
  }

  cornerAt(shape, x, y) {
    const [left, top, width, height] = this.onCanvas(shape.mask);
    for (const across of [-1, 1]) {
      for (const down of [-1, 1]) {
        if (Math.abs(x - (across < 0 ? left : left + width)) <= handle && Math.abs(y - (down < 0 ? top : top + height)) <= handle) { return [across, down]; }
      }
    }
    return null;
  }

  // Painting

  paint() {
    const context = this.canvas.getContext("2d");
    const ratio = window.devicePixelRatio || 1;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    if (!this.frame) { return; }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.imageSmoothingEnabled = this.view.scale * this.frame.stride < 3;
    const [x, y, width, height] = this.onCanvas([0, 0, this.frame.columns, this.frame.rows]);
    context.drawImage(this.picture, x, y, width, height);
    const shapes = this.shapes;
    if (this.mode === "after" && this.frames.picture === "original") {
      for (const shape of shapes) {
        if (shape.isOff || shape.region && shape.region.source !== "pixels") { continue; }
        context.fillStyle = "#000";
        context.fillRect(...this.onCanvas(shape.mask));
      }
    } else if (this.withOutlines) {
      for (const shape of shapes) { this.outline(context, shape); }
    }
    if (this.drag && this.drag.box && this.drag.kind !== "pan") { this.strokeBox(context, this.drag.box, "#ffd24a", [6, 4]); }
  }

  outline(context, shape) {
    const isSelected = shape.key === this.host.selected;
    const colour = colourOf(shape);
    if (!shape.isOff) {
      context.fillStyle = colour + (isSelected ? "55" : "30");
      context.fillRect(...this.onCanvas(shape.mask));
    }
    this.strokeBox(context, shape.isOff ? shape.box : shape.mask, colour, shape.isOff ? [3, 4] : [], isSelected);
    const [left, top] = this.onCanvas(shape.isOff ? shape.box : shape.mask);
    if (isSelected || !shape.isOff && this.view.scale > 0.4) { this.label(context, labelOf(shape), left, top, colour); }
    if (!isSelected || shape.isOff || !shape.canSwitch) { return; }
    const [x, y, width, height] = this.onCanvas(shape.mask);
    for (const [across, down] of [[x, y], [x + width, y], [x, y + height], [x + width, y + height]]) {
      context.fillStyle = "#fff";
      context.fillRect(across - 4, down - 4, 8, 8);
      context.strokeStyle = "#000";
      context.setLineDash([]);
      context.lineWidth = 1;
      context.strokeRect(across - 4, down - 4, 8, 8);
    }
  }

  strokeBox(context, box, colour, dash, isSelected) {
    const [x, y, width, height] = this.onCanvas(box);
    context.setLineDash([]);
    context.strokeStyle = "rgba(0,0,0,.75)";
    context.lineWidth = isSelected ? 5 : 3.5;
    context.strokeRect(x, y, width, height);
    context.setLineDash(dash);
    context.strokeStyle = colour;
    context.lineWidth = isSelected ? 3 : 1.75;
    context.strokeRect(x, y, width, height);
    context.setLineDash([]);
  }

  label(context, text, x, y, colour) {
    context.font = "600 12px ui-sans-serif, system-ui, sans-serif";
    const width = context.measureText(text).width + 8;
    const top = y > 18 ? y - 17 : y + 1;
    context.fillStyle = "rgba(0,0,0,.78)";
    context.fillRect(x, top, width, 16);
    context.fillStyle = colour;
    context.fillText(text, x + 4, top + 12);
  }
}

export const colours = {
  identifier: "#ff6b6b", pattern: "#ff9f43", "name-like": "#ffd24a", "free-text": "#7ee0a0", unreadable: "#c8a2ff",
  technical: "#8fb8d8", marker: "#8fb8d8", "by-script": "#f5a3d7", "by-rule": "#f5a3d7", box: "#4dc3ff",
};

function colourOf(shape) { return shape.kind === "box" ? colours.box : colours[shape.region.category] || "#ffffff"; }

function labelOf(shape) {
  if (shape.kind === "box") { return "drawn"; }
  return shape.region.category + " " + Math.round(shape.region.score * 100) + (shape.isOff ? (shape.region.masking === "kept" ? " kept" : " off") : "");
}
