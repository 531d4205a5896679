// One held series: its pictures, what is to be masked, and the way to a decision.
import { announce, count, fill, h, minute, openDialog, short } from "/dom.js";
import { act, get, said, session } from "/server.js";
import { decide } from "/decide.js";
import { useKeys } from "/keys.js";
import { Plan, within } from "/regions.js";
import { proposeRule } from "/rules.js";
import { stage } from "/stage.js";
import { Viewer, colours } from "/viewer.js";

const stateWords = { held: "held", "under-review": "under review", "released-masked": "released, masked", "released-as-it-is": "released as it is", rejected: "rejected", "sent-back": "sent back", withdrawn: "withdrawn" };

/** `left` tells when the page is left. */
export async function showSeries(main, name, left) {
  await new SeriesPage(main, await get("/api/series/" + encodeURIComponent(name), left), left).start();
}

class SeriesPage {
  constructor(main, data, left) {
    this.main = main;
    this.left = left;
    this.data = data;
    this.at = Math.max(0, data.items.findIndex((item) => item.isOpen && (item.hasOriginal || item.hasReleased)));
    this.selected = null;
    this.scope = "image";
    this.plan = new Plan(data.items, () => this.planChanged());
    this.loadProposals();
    this.restoreDraft();
  }

  get item() { return this.data.items[this.at]; }
  get canEdit() { return this.item.isOpen && this.item.hasOriginal; }
  get proposers() { return [...new Set(this.data.items.filter((item) => item.isOpen && item.proposedBy).map((item) => item.proposedBy))]; }
  get isMine() { return this.proposers.some((name) => name.toLowerCase() === session.name.toLowerCase()); }
  get canConfirm() { return this.proposers.length > 0 && !this.isMine; }
  get canTakeUp() { return this.data.isOpen && !this.data.items.some((item) => item.state === "under-review"); }
  /** What policy asks for where text stays to be seen. */
  get agreement() { return session.fourEyes === "off" ? "" : ": a second reviewer has to agree"; }
  get isAsItIs() { return this.data.items.some((item) => item.isOpen && item.proposed && item.proposed.asItIs); }

  // What somebody proposed, and what was begun before

  loadProposals() {
    const proposals = this.data.items.filter((item) => item.isOpen && item.proposed && !item.proposed.asItIs)
      .map((item) => ({ image: item.id, masks: item.proposed.masks, without: item.proposed.without }));
    if (proposals.length > 0) { this.plan.load(proposals); }
  }

  get draftName() { return "draft:" + session.name + ":" + this.data.name; }

  restoreDraft() {
    const draft = window.sessionStorage.getItem(this.draftName);
    if (!draft || !this.data.isOpen) { return; }
    this.plan.set(JSON.parse(draft));
    this.plan.next = 1 + Math.max(0, ...this.plan.now.boxes.map((box) => Number(box.key.slice(1))));
    this.isRestored = true;
  }

  planChanged() {
    if (this.plan && this.plan.isTouched) { window.sessionStorage.setItem(this.draftName, JSON.stringify(this.plan.now)); }
    if (!this.viewer) { return; }
    if (this.selected && !this.plan.shapes(this.item).some((shape) => shape.key === this.selected)) { this.selected = null; }
    this.viewer.paint();
    this.drawSide();
    this.stage.update();
  }

  // Building

  async start() {
    document.title = [this.data.modality, this.data.kind].filter(Boolean).join(" ") + " · Quench review";
    this.main.className = "viewer-page";
    this.stage = stage(this);
    this.side = h("aside", { class: "side", "aria-label": "Series" });
    fill(this.main, this.stage.element, this.side);
    this.viewer = new Viewer(this.stage.canvas, this, this.left);
    this.stage.attach(this.viewer);
    useKeys(this.keys());
    this.drawSide();
    await this.openItem(this.at);
    this.stage.canvas.focus();
  }

  async reload(message) {
    const data = await get("/api/series/" + encodeURIComponent(this.data.name), this.left);
    const id = this.item.id;
    this.data = data;
    this.at = Math.max(0, data.items.findIndex((item) => item.id === id));
    this.selected = null;
    this.plan = new Plan(data.items, () => this.planChanged());
    this.loadProposals();
    this.restoreDraft();
    this.drawSide();
    await this.openItem(this.at);
    if (message) { announce(message); }
  }

  async openItem(index) {
    this.at = index;
    this.selected = null;
    const item = this.item;
    this.drawSide();
    this.stage.update();
    if (!item.hasOriginal && !item.hasReleased) { this.viewer.empty(); return this.stage.say("There is no picture to look at: it can't be read, or was deleted."); }
    this.stage.say("");
    if (!item.isOpen && item.hasReleased) { this.viewer.mode = "after"; }
    else if (item.isOpen) { this.viewer.mode = "before"; }
    await this.openPicture(1);
  }

  /** Before is the original; after is the released file, or the original with the plan filled in. */
  async openPicture(number) {
    const item = this.item;
    const picture = item.hasReleased && (this.viewer.mode === "after" || !item.hasOriginal) ? "released" : "original";
    await this.viewer.open(item.id, picture, item.frames, number);
  }

  // For the viewer

  shapes() {
    if (this.item.isOpen) { return this.plan.shapes(this.item); }
    return this.viewer.mode === "after" ? [] : this.item.masked.map(({ box, frames }, index) => ({
      key: "m" + index, kind: "box", box, mask: box, ranges: frames, maskRanges: frames, isOff: false, canSwitch: false }));
  }

  select(key) {
    this.selected = key;
    this.viewer.paint();
    this.drawRegions();
  }

  draw(box) {
    this.selected = this.plan.addBox(box, this.scope, this.item, this.viewer.number);
    this.planChanged();
    announce("Region drawn on " + this.scopeWords);
  }

  reshape(shape, box) {
    const key = this.plan.reshape(shape, box, this.scope, this.item, this.viewer.number);
    this.selected = key;
    this.planChanged();
  }

  changed() {
    if (this.stage && this.viewer) { this.stage.update(); this.markRegions(); }
  }

  notice(text) { this.stage.say(text); }
  waiting(isWaiting) { this.stage.wait(isWaiting); }

  problem(error) { this.stage.say(error.status === 500 ? "This picture can't be decoded: " + error.message : said(error)); }

  get scopeWords() { return { frame: "this frame", image: "all frames of this image", series: "all images of this series" }[this.scope]; }

  // Changing regions

  get selectedShape() { return this.shapes().find((shape) => shape.key === this.selected) || null; }

  addInTheMiddle() {
    if (!this.canEdit || !this.viewer.frame) { return; }
    const { width, height } = this.viewer.area;
    const [x, y] = this.viewer.inImage(width / 2, height / 2);
    const [across, down] = [Math.round(this.viewer.frame.columns / 5), Math.max(12, Math.round(this.viewer.frame.rows / 20))];
    this.draw(this.viewer.between([x - across / 2, y - down / 2], [x + across / 2, y + down / 2]));
  }

  toggle(shape) {
    if (!shape || !this.canEdit || !shape.canSwitch || this.isElsewhere(shape)) { return; }
    const wasOff = shape.isOff;
    this.plan.toggle(shape, this.scope, this.item, this.viewer.number);
    announce(shape.kind === "box" ? "Region removed" : wasOff ? "Region switched on" : "Region switched off" + this.agreement);
  }

  /** What isn't on the frame that is shown can't be changed on this frame alone: shows one on which it is. */
  isElsewhere(shape) {
    const isElsewhere = this.scope === "frame" && !within(shape.isOff ? shape.ranges : shape.maskRanges, this.viewer.number);
    if (isElsewhere) { this.goTo(shape); }
    return isElsewhere;
  }

  nudge(across, down, isResizing) {
    const shape = this.selectedShape;
    if (!shape || !this.canEdit || shape.isOff || !shape.canSwitch || this.isElsewhere(shape)) { return; }
    const box = isResizing ? this.viewer.resized(shape.mask, [1, 1], [across, down]) : this.viewer.moved(shape.mask, [across, down]);
    if (box.join() !== shape.mask.join()) { this.reshape(shape, box); }
  }

  step(by) {
    const shapes = this.shapes();
    if (shapes.length === 0) { return; }
    const at = shapes.findIndex((shape) => shape.key === this.selected);
    const next = shapes[((at < 0 ? (by > 0 ? 0 : -1) : at + by) + shapes.length) % shapes.length];
    this.goTo(next);
  }

  /** Selects a region and shows a frame on which it stands. */
  goTo(shape) {
    this.select(shape.key);
    const ranges = shape.isOff ? shape.ranges : shape.maskRanges;
    if (!within(ranges, this.viewer.number) && ranges.length > 0) { this.viewer.show(ranges[0][0]); }
    announce(this.words(shape));
  }

  words(shape) {
    const name = shape.kind === "box" ? (shape.entry && shape.entry.image === null ? "drawn, all images" : "drawn") : shape.region.category + ", score " + Math.round(shape.region.score * 100);
    return name + ", " + rangeWords(shape.ranges, this.item.frames) + (shape.isOff ? (shape.canSwitch ? ", switched off" : ", kept by policy") : "");
  }

  // Side

  drawSide() {
    const data = this.data;
    this.regionList = h("ul", { class: "regions" });
    const next = data.items.length > 1 && h("section", { "aria-labelledby": "images-title" }, h("h2", { id: "images-title" }, count(data.items.length, "image")),
      h("ul", { class: "images" }, data.items.map((item, index) => h("li", null, h("button", { type: "button", class: "quiet", "aria-current": index === this.at ? "true" : null, onclick: () => this.openItem(index) },
        "Image " + (index + 1), h("span", { class: "small muted" }, " " + (stateWords[item.state] || item.state) + (item.frames > 1 ? ", " + item.frames + " frames" : "")))))));
    const scroll = this.side.scrollTop;
    fill(this.side, this.head(), this.notices(), this.decisions(), next,
      h("section", { "aria-labelledby": "regions-title" }, h("h2", { id: "regions-title" }, "Regions of this image"), this.regionHint(), this.regionList),
      this.reasons(), this.history());
    this.drawRegions();
    this.side.scrollTop = scroll;
  }

  head() {
    const data = this.data;
    return h("header", null, h("h1", null, [data.modality, data.kind].filter(Boolean).join(" ") || "Unreadable file"),
      h("p", { class: "small" }, h("span", { class: "mono", title: data.name }, short(data.name)), data.device && " · " + data.device,
        h("br"), h("span", { class: "muted" }, "patient " + (short(data.patient) || "–") + ", held since " + minute(data.heldSince))),
      h("p", { class: "buttons" }, h("button", { type: "button", class: "quiet", onclick: () => this.identify() }, "Who is it?"),
        this.canTakeUp && h("button", { type: "button", class: "quiet", "aria-keyshortcuts": "t", onclick: () => this.takeUp() }, "Take up")));
  }

  notices() {
    const notices = [];
    if (this.isRestored && this.plan.isTouched) { notices.push(h("p", { class: "notice" }, "Regions that you left unfinished are here again.")); }
    if (this.proposers.length > 0) {
      const what = this.isAsItIs ? "to release it as it is, with nothing masked" : "to release it masked as shown here";
      notices.push(h("p", { class: "notice", id: "proposal" }, h("b", null, this.proposers.join(", ")), " proposed " + what + ". ",
        this.isMine ? "Another reviewer has to confirm it." : "Look at every frame, then confirm it, or change it and decide yourself."));
    }
    if (this.data.isOpen && this.item.isOpen && this.item.framesExamined === 0 && this.item.hasOriginal) {
      notices.push(h("p", { class: "notice" }, "Nothing has looked for text in this yet; releasing it does. ",
        h("button", { type: "button", "aria-keyshortcuts": "f", id: "rescan", onclick: () => this.rescan() }, "Look for text now")));
    }
    return notices;
  }

  decisions() {
    if (!this.data.isOpen) { return h("div", null, h("p", { class: "notice good" }, "Decided: " + Object.entries(groupBy(this.data.items, (item) => stateWords[item.state])).map(([state, number]) => number + " " + state).join(", ") + "."), this.ruleButton(), this.deleteButton()); }
    const button = (action, text, keys, kind) => h("button", { type: "button", class: kind, id: "do-" + action, "aria-keyshortcuts": keys, onclick: () => this.decide(action) }, text);
    return h("div", { class: "decide", role: "group", "aria-label": "Decision" },
      this.canConfirm && button("confirm", "Confirm the proposal…", "c", "primary"),
      button("release", "Release masked…", "r", this.proposers.length > 0 ? "" : "primary"), button("propose", "Ask a second reviewer…", "p"),
      button("release-as-it-is", "Release as it is…", "a"), button("reject", "Reject…", "x"), button("send-back", "Send back…", "k"));
  }

  ruleButton() {
    return this.data.items.some((item) => item.state === "released-masked") && h("p", { class: "buttons" }, h("button", { type: "button", id: "rule", onclick: () => proposeRule(this.data.name) }, "Propose a device rule…"));
  }

  deleteButton() {
    return this.data.items.some((item) => !item.originalIsDeleted) && h("p", { class: "buttons" }, h("button", { type: "button", id: "do-delete", onclick: () => decide(this, "delete") }, "Delete the originals…"));
  }

  regionHint() {
    if (!this.item.isOpen) { return h("p", { class: "small muted" }, this.item.masked.length > 0 ? count(this.item.masked.length, "region") + " masked." : "Nothing masked."); }
    const open = this.plan.open(this.item).length;
    return h("p", { class: "small muted" }, "Drag on the picture, or press N, to mask more. ",
      open > 0 && h("b", { class: "warn" }, count(open, "region") + " switched off" + this.agreement + "."));
  }

  drawRegions() {
    if (!this.item.isOpen) { return; }
    const hadFocus = this.regionList.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
    const rows = this.shapes().map((shape) => {
      const colour = h("span", { class: "dot", "aria-hidden": "true" });
      colour.style.background = shape.kind === "box" ? colours.box : colours[shape.region.category];
      const name = shape.kind === "box" ? "drawn" + (shape.entry.image === null ? ", all images" : "") : shape.region.category;
      return h("li", { "data-key": shape.key, class: shape.key === this.selected ? "selected" : "" },
        h("button", { type: "button", class: "name", "data-focus": "n" + shape.key, "aria-pressed": shape.key === this.selected ? "true" : "false", onclick: () => this.goTo(shape) }, colour, name,
          h("span", { class: "small muted" }, " " + (shape.region ? Math.round(shape.region.score * 100) + " · " : "") + rangeWords(shape.ranges, this.item.frames)
            + (shape.region && shape.region.source !== "pixels" ? " · " + shape.region.source : ""))),
        shape.canSwitch ? h("button", { type: "button", class: "switch", "data-focus": "s" + shape.key, disabled: !this.canEdit,
          "aria-label": (shape.kind === "box" ? "Remove " : shape.isOff ? "Mask " : "Don't mask ") + this.words(shape), onclick: () => this.toggle(shape) },
          shape.kind === "box" ? "Remove" : shape.isOff ? "Off" : "On") : h("span", { class: "small muted switch" }, shape.isOff ? "kept" : "always"));
    });
    fill(this.regionList, rows.length > 0 ? rows : h("li", { class: "muted small" }, this.item.framesExamined > 0 ? "No text was found." : "Nothing was looked for yet."));
    if (hadFocus) { const again = [...this.regionList.querySelectorAll("[data-focus]")].find((element) => element.dataset.focus === hadFocus); if (again) { again.focus(); } }
    this.markRegions();
  }

  /** Which of the list stand on the frame that is shown. */
  markRegions() {
    if (!this.item.isOpen || !this.regionList) { return; }
    const here = new Set(this.viewer ? this.viewer.shapes.map((shape) => shape.key) : []);
    for (const row of this.regionList.children) { row.classList.toggle("elsewhere", row.dataset.key !== undefined && !here.has(row.dataset.key)); }
  }

  reasons() {
    return h("section", { "aria-labelledby": "why-title" }, h("h2", { id: "why-title" }, "Why it is held"), h("ul", { class: "why" },
      this.data.reasons.map((reason) => h("li", null, h("code", null, reason.reason), " ", reason.sentence, reason.next && h("span", { class: "muted" }, " " + reason.next)))));
  }

  history() {
    const steps = this.item.history.map((step) => [step.time, step.by + ": " + step.action.replaceAll("-", " "), step.reason])
      .concat(this.item.looks.map((look) => [look.time, look.by + " was shown frames " + look.frames.join("–") + " of the " + look.picture, ""]))
      .sort((one, other) => (one[0] < other[0] ? 1 : -1));
    return h("details", null, h("summary", null, "History of this image (" + steps.length + ")"), h("ul", { class: "history" },
      steps.map(([time, what, why]) => h("li", null, h("span", { class: "muted nw" }, minute(time)), " " + what, why && h("span", { class: "muted" }, " – " + why)))));
  }

  // Acts

  decide(action) { if (this.data.isOpen && (action !== "confirm" || this.canConfirm)) { decide(this, action); } }

  async run(action, reason, message) {
    this.stage.say("Working…");
    try {
      await act("/api/decide", { name: this.data.name, action, reason });
      await this.reload(message);
    } catch (error) { this.problem(error); }
  }

  takeUp() { return this.canTakeUp && this.run("take-up", "taken up on the review page", "Under review"); }
  rescan() { return this.data.isOpen && this.run("rescan", "looked for text on the review page", "Looked for text"); }

  identify() {
    openDialog("Who is it?", (close) => {
      const result = h("div", { "aria-live": "polite" });
      const show = async () => {
        fill(result, "Working…");
        try {
          const { identities, unidentified } = await act("/api/identify", { name: this.data.name });
          fill(result, identities.map((identity) => h("dl", { class: "facts" }, Object.entries(identity).filter(([, value]) => value).map(([key, value]) => [h("dt", null, key), h("dd", null, value)]))),
            unidentified.length > 0 && h("p", { class: "muted" }, "Of " + count(unidentified.length, "image") + " no name or number can be read."));
        } catch (error) { fill(result, h("p", { class: "notice bad" }, said(error))); }
      };
      return h("div", null, h("p", null, "The patient's and the study's real names and numbers are shown here, and it is recorded that you saw them."), result,
        h("div", { class: "buttons" }, h("button", { type: "button", class: "primary", id: "identify", onclick: show }, "Show them"), h("button", { type: "button", onclick: close }, "Close")));
    });
  }

  // Keys

  keys() {
    const frames = "Pictures";
    const regions = "Regions";
    const arrow = (across, down, by, otherwise) => () => {
      if (this.selectedShape && this.canEdit) { this.nudge(across * by, down * by, false); } else if (otherwise) { otherwise(); }
    };
    const move = (by) => () => this.viewer.show(this.viewer.number + by);
    const image = (by) => () => { const next = this.at + by; if (this.data.items[next]) { this.openItem(next); } };
    const list = this.stage.keys().concat([
      { group: frames, keys: ["ArrowLeft"], says: "Frame before; moves a selected region", does: arrow(-1, 0, 1, move(-1)) },
      { group: frames, keys: ["ArrowRight"], says: "Next frame; moves a selected region", does: arrow(1, 0, 1, move(1)) },
      { group: frames, keys: ["PageUp"], says: "Image before", does: image(-1) },
      { group: frames, keys: ["PageDown"], says: "Next image", does: image(1) },
      { group: regions, keys: ["n"], says: "New region in the middle", does: () => this.addInTheMiddle() },
      { group: regions, keys: ["]"], says: "Select the next region", does: () => this.step(1) },
      { group: regions, keys: ["["], says: "Select the region before", does: () => this.step(-1) },
      { group: regions, keys: ["ArrowUp"], says: "Move a selected region up", does: arrow(0, -1, 1) },
      { group: regions, keys: ["ArrowDown"], says: "Move a selected region down", does: arrow(0, 1, 1) },
      { group: regions, keys: ["Delete", "Backspace", "m"], says: "Switch the region off or on, remove a drawn one", does: () => this.toggle(this.selectedShape) },
      { group: regions, keys: ["s"], says: "Scope: this frame, all frames, all images", does: () => this.stage.nextScope() },
      { group: regions, keys: ["Escape"], says: "Select nothing", does: () => this.select(null) },
      { group: regions, keys: ["Ctrl+z"], says: "Undo", does: () => this.plan.undo() },
      { group: regions, keys: ["Ctrl+Shift+z", "Ctrl+y"], says: "Redo", does: () => this.plan.redo() },
    ]);
    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const nudge = (by, isResizing) => (event) => { const [across, down] = ways[event.key]; this.nudge(across * by, down * by, isResizing); };
    list.push({ group: regions, keys: Object.keys(ways).map((key) => "Shift+" + key), says: "Move by 10 pixels", does: nudge(10, false) },
      { group: regions, keys: Object.keys(ways).map((key) => "Alt+" + key), says: "Resize", does: nudge(2, true) });
    const decisions = [["c", "confirm", "Confirm a proposal"], ["r", "release", "Release masked"], ["p", "propose", "Ask a second reviewer"], ["a", "release-as-it-is", "Release as it is"], ["x", "reject", "Reject"], ["k", "send-back", "Send back"]];
    for (const [key, action, says] of decisions) { list.push({ group: "Decision", keys: [key], says, does: () => this.decide(action) }); }
    list.push({ group: "Decision", keys: ["t"], says: "Take up", does: () => this.takeUp() }, { group: "Decision", keys: ["f"], says: "Look for text again", does: () => this.rescan() });
    return list;
  }
}

function groupBy(list, key) {
  const counts = {};
  for (const entry of list) { counts[key(entry)] = (counts[key(entry)] || 0) + 1; }
  return counts;
}

export function rangeWords(ranges, frames) {
  if (frames <= 1) { return "the one frame"; }
  if (ranges.length === 1 && ranges[0][0] === 1 && ranges[0][1] >= frames) { return "all frames"; }
  const words = ranges.slice(0, 3).map(([first, last]) => (first === last ? String(first) : first + "–" + last)).join(", ");
  return (ranges.length === 1 && ranges[0][0] === ranges[0][1] ? "frame " : "frames ") + words + (ranges.length > 3 ? ", …" : "");
}
