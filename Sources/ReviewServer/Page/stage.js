// The picture with its tools and its frames; for a held series and for a sample.
import { announce, fill, h } from "/dom.js";

/** `page`: the host of the viewer, with `scope`, `item`, `plan` where regions can be changed. */
export function stage(page) {
  const canvas = h("canvas", { tabindex: "0", role: "img", "aria-label": "Picture", id: "picture" });
  const words = h("p", { class: "stage-words", role: "status" });
  const tools = h("div", { class: "toolbar", role: "toolbar", "aria-label": "Picture tools" });
  const strip = h("div", { class: "strip" });
  const element = h("section", { class: "stage", "aria-label": "Picture" }, tools, h("div", { class: "canvas-box" }, canvas, words), strip);
  const self = { element, canvas };
  let viewer = null;
  const scopes = [["frame", "this frame"], ["image", "all frames"], ["series", "all images"]];

  const button = (text, keys, label, does, extra) => h("button", { type: "button", "aria-keyshortcuts": keys, title: label + (keys ? " (" + keys.toUpperCase() + ")" : ""), "aria-label": label, onclick: does, ...extra }, text);
  const toolButtons = {};
  for (const [tool, text, keys, label] of [["draw", "Draw", "d", "Draw and change regions"], ["pan", "Pan", "h", "Move the picture"], ["window", "Window", "w", "Drag to change window and level"]]) {
    toolButtons[tool] = button(text, keys, label, () => useTool(tool), { "aria-pressed": "false" });
  }
  const windows = h("select", { id: "windows", "aria-label": "Window", onchange: (event) => { if (event.target.value === "levels") { viewer.equalise(); } else if (event.target.value !== "own") { viewer.useWindow(Number(event.target.value)); } } });
  const after = button("After", "b", "Show it after masking", () => toggleAfter(), { "aria-pressed": "false", id: "after" });
  const outlines = button("Outlines", "o", "Show the outlines of regions", () => toggle("withOutlines"), { "aria-pressed": "true" });
  const layer = button("Overlays", "v", "Show Overlay Planes and unused bits", () => toggle("withLayer"), { "aria-pressed": "true", id: "layer" });
  const scope = h("select", { id: "scope", onchange: (event) => { page.scope = event.target.value; } }, scopes.map(([key, text]) => h("option", { value: key }, text)));
  const undo = button("Undo", "Ctrl+Z", "Undo", () => page.plan.undo(), { id: "undo" });
  const redo = button("Redo", "Ctrl+Y", "Redo", () => page.plan.redo(), { id: "redo" });
  const add = button("New region", "n", "New region in the middle", () => page.addInTheMiddle(), { id: "add" });
  const editing = h("span", { class: "group", role: "group", "aria-label": "Regions" }, h("label", { class: "inline", for: "scope" }, "on"), scope, add, undo, redo);
  fill(tools, h("span", { class: "group", role: "group", "aria-label": "What the mouse does" }, Object.values(toolButtons)),
    h("span", { class: "group" }, windows),
    h("span", { class: "group", role: "group", "aria-label": "Zoom" }, button("−", "-", "Zoom out", () => viewer.zoom(1 / 1.25)), button("Fit", "0", "Fit the picture", () => viewer.fit()), button("+", "+", "Zoom in", () => viewer.zoom(1.25))),
    h("span", { class: "group", role: "group", "aria-label": "Show" }, after, outlines, layer), page.plan && editing);

  const play = button("Play", "Space", "Play", () => togglePlay(), { id: "play" });
  const slider = h("input", { type: "range", min: "1", max: "1", value: "1", step: "1", id: "frame", "aria-label": "Frame", oninput: (event) => { viewer.stop(); viewer.show(Number(event.target.value)); } });
  const number = h("output", { for: "frame", class: "nw" });
  const rate = h("select", { "aria-label": "Frames a second", id: "rate", onchange: (event) => { viewer.rate = Number(event.target.value); } }, [5, 10, 15, 25, 40].map((value) => h("option", { value, selected: value === 15 ? "selected" : null }, value + "/s")));
  const seen = h("span", { class: "small muted nw" });
  fill(strip, play, slider, number, rate, seen);

  function useTool(tool) {
    viewer.tool = tool;
    self.update();
    announce(toolButtons[tool].getAttribute("aria-label"));
  }

  function toggle(name) {
    viewer[name] = !viewer[name];
    if (name === "withLayer") { viewer.renderPicture(); } else { viewer.paint(); }
    self.update();
  }

  async function toggleAfter() {
    viewer.mode = viewer.mode === "after" ? "before" : "after";
    announce(viewer.mode === "after" ? "After masking" : "Before masking");
    if (page.item.hasReleased && page.item.hasOriginal) { await page.openPicture(viewer.number); } else { viewer.renderPicture(); }
    self.update();
  }

  function togglePlay() { if (viewer.isPlaying) { viewer.stop(); } else { viewer.play(); } }

  self.attach = (attached) => { viewer = attached; };

  self.say = (text) => { words.textContent = text; };

  /** A first frame of a large file takes a moment. */
  self.wait = (isWaiting) => {
    if (isWaiting && words.textContent === "") { words.textContent = "Loading…"; }
    else if (!isWaiting && words.textContent === "Loading…") { words.textContent = ""; }
  };

  self.nextScope = () => {
    const options = [...scope.options].filter((option) => !option.disabled);
    const at = options.findIndex((option) => option.value === page.scope);
    page.scope = options[(at + 1) % options.length].value;
    self.update();
    announce("Scope: " + scopes.find(([key]) => key === page.scope)[1]);
  };

  self.update = () => {
    if (!viewer) { return; }
    const item = page.item;
    // Where nothing can be drawn, the mouse moves the picture.
    const used = viewer.tool === "draw" && !page.canEdit ? "pan" : viewer.tool;
    for (const [tool, element] of Object.entries(toolButtons)) { element.setAttribute("aria-pressed", String(used === tool)); }
    toolButtons.draw.disabled = !page.canEdit;
    after.setAttribute("aria-pressed", String(viewer.mode === "after"));
    after.disabled = !item.isOpen && !(item.hasOriginal && item.hasReleased);
    outlines.setAttribute("aria-pressed", String(viewer.withOutlines));
    layer.setAttribute("aria-pressed", String(viewer.withLayer));
    layer.disabled = !(viewer.frame && viewer.frame.layer);
    if (page.plan) {
      editing.hidden = !page.canEdit;
      undo.disabled = !page.plan.canUndo;
      redo.disabled = !page.plan.canRedo;
      scope.options[0].disabled = item.frames <= 1;
      scope.options[2].disabled = page.data.items.length <= 1;
      if (scope.querySelector("option[value=" + page.scope + "]").disabled) { page.scope = "image"; }
      scope.value = page.scope;
    }
    slider.max = String(viewer.count);
    slider.value = String(viewer.number);
    slider.disabled = viewer.count < 2;
    slider.setAttribute("aria-valuetext", "Frame " + viewer.number + " of " + viewer.count);
    number.textContent = viewer.number + " / " + viewer.count;
    play.disabled = viewer.count < 2;
    play.textContent = viewer.isPlaying ? "Stop" : "Play";
    play.setAttribute("aria-label", viewer.isPlaying ? "Stop" : "Play");
    seen.textContent = viewer.count > 1 ? viewer.seen.size + " seen" : "";
    canvas.setAttribute("aria-label", "Frame " + viewer.number + " of " + viewer.count + (viewer.mode === "after" ? ", after masking" : "") + ", " + viewer.shapes.filter((shape) => !shape.isOff).length + " regions masked on it");
    if (viewer.frame) { showWindows(); }
  };

  function showWindows() {
    const options = viewer.windows.map(([center, width], index) => [String(index), (index < viewer.windows.length - 2 ? "Header " + (index + 1) : index === viewer.windows.length - 2 ? "Most values" : "All values") + " (" + round(center) + " / " + round(width) + ")"]);
    if (viewer.frame && viewer.frame.samplesPerPixel === 3) { options.forEach((option) => { option[1] = "As it is"; }); }
    options.push(["levels", "Every level"]);
    const at = viewer.window && !viewer.window.isEqualised ? viewer.windows.findIndex(([center, width]) => center === viewer.window.center && width === viewer.window.width) : -1;
    if (viewer.window && at < 0 && !viewer.window.isEqualised) { options.push(["own", "Own (" + round(viewer.window.center) + " / " + round(viewer.window.width) + ")"]); }
    const wanted = JSON.stringify(options);
    if (windows.dataset.options !== wanted) {
      windows.dataset.options = wanted;
      fill(windows, options.map(([key, text]) => h("option", { value: key }, text)));
    }
    windows.value = at >= 0 ? String(at) : viewer.window && viewer.window.isEqualised ? "levels" : "own";
    windows.disabled = options.length === 0;
  }

  self.keys = () => [
    { group: "Pictures", keys: ["Space"], says: "Play or stop", does: togglePlay },
    { group: "Pictures", keys: ["Home"], says: "First frame", does: () => viewer.show(1) },
    { group: "Pictures", keys: ["End"], says: "Last frame", does: () => viewer.show(viewer.count) },
    { group: "Pictures", keys: ["+", "="], says: "Zoom in", does: () => viewer.zoom(1.25) },
    { group: "Pictures", keys: ["-"], says: "Zoom out", does: () => viewer.zoom(1 / 1.25) },
    { group: "Pictures", keys: ["0"], says: "Fit the picture", does: () => viewer.fit() },
    { group: "Pictures", keys: ["b"], says: "Before or after masking", does: () => { if (!after.disabled) { toggleAfter(); } } },
    { group: "Pictures", keys: ["o"], says: "Outlines of regions", does: () => toggle("withOutlines") },
    { group: "Pictures", keys: ["v"], says: "Overlay Planes and unused bits", does: () => toggle("withLayer") },
    { group: "Window", keys: ["e"], says: "Every grey level: shows faint text", does: () => viewer.equalise() },
    { group: "Window", keys: [","], says: "Narrower", does: () => viewer.changeWindow(0, -0.1) },
    { group: "Window", keys: ["."], says: "Wider", does: () => viewer.changeWindow(0, 0.1) },
    { group: "Window", keys: ["l"], says: "Brighter", does: () => viewer.changeWindow(-0.05, 0) },
    { group: "Window", keys: [";"], says: "Darker", does: () => viewer.changeWindow(0.05, 0) },
    { group: "Window", keys: ["1", "2", "3", "4", "5", "6"], says: "Windows of the header, most values, all values", does: (event) => viewer.useWindow(Number(event.key) - 1) },
    { group: "Mouse", keys: ["d"], says: "Draw and change regions", does: () => useTool("draw") },
    { group: "Mouse", keys: ["h"], says: "Move the picture (middle button)", does: () => useTool("pan") },
    { group: "Mouse", keys: ["w"], says: "Window and level (right button)", does: () => useTool("window") },
  ];

  return self;
}

function round(value) { return Math.round(value * 10) / 10; }
