// The random sample of released images, and the verdicts on it.
import { announce, count, field, fill, h, openDialog } from "/dom.js";
import { act, get, said } from "/server.js";
import { useKeys } from "/keys.js";
import { stage } from "/stage.js";
import { Viewer } from "/viewer.js";

const verdicts = [["clean", "Clean", "c", "No text in it identifies anybody"], ["identifying", "Identifying", "i", "Text in it identifies somebody"], ["unsure", "Unsure", "u", "Can't be told; counts as identifying"]];

/** `left` tells when the page is left. */
export async function showSample(main, left) { await new SamplePage(main, await get("/api/sample", left), left).start(); }

function percent(share) { return Number((100 * share).toPrecision(3)) + " %"; }

class SamplePage {
  constructor(main, data, left) {
    this.main = main;
    this.left = left;
    this.data = data;
    this.at = Math.max(0, data.items.findIndex((item) => !item.verdict));
    this.selected = null;
    this.canEdit = false;
  }

  /** As the viewer knows an image. */
  get item() {
    const item = this.data.items[this.at];
    return { id: item.id, frames: item.frames, isOpen: false, hasOriginal: false, hasReleased: item.isReleased };
  }

  async start() {
    document.title = "Sample · Quench review";
    if (this.data.items.length === 0) { return this.showEmpty(); }
    this.main.className = "viewer-page";
    this.stage = stage(this);
    this.side = h("aside", { class: "side", "aria-label": "Sample" });
    fill(this.main, this.stage.element, this.side);
    this.viewer = new Viewer(this.stage.canvas, this, this.left);
    this.viewer.mode = "after";
    this.stage.attach(this.viewer);
    useKeys(this.keys());
    this.drawSide();
    await this.open(this.at);
    this.stage.canvas.focus();
  }

  shapes() { return []; }
  select() {}
  changed() { if (this.stage && this.viewer) { this.stage.update(); } }
  notice(text) { this.stage.say(text); }
  waiting(isWaiting) { this.stage.wait(isWaiting); }
  problem(error) { this.stage.say(said(error)); }

  async open(index) {
    this.at = index;
    this.drawSide();
    this.stage.say("");
    if (!this.data.items[index].isReleased) { this.viewer.empty(); return this.stage.say("It was withdrawn: there is no released file to look at."); }
    if (this.data.items[index].frames === 0) { this.viewer.empty(); return this.stage.say("It has no pixels."); }
    await this.viewer.open(this.item.id, "released", this.item.frames, 1);
  }

  status() {
    const data = this.data.sums;
    if (!data) { return h("p", null, "No sample was drawn yet."); }
    return h("div", null, h("p", null, "Sample " + data.number + ", seed ", h("code", null, data.seed), ": " + this.data.items.length + " of " + count(data.population, "released image") + ", " + data.judged + " judged."),
      h("p", { class: "notice" + (data.upperBound === undefined || data.upperBound === null ? "" : data.identifying > 0 ? " bad" : " good"), id: "bound" }, data.upperBound === undefined || data.upperBound === null ? "The bound is stated once all of them are judged."
        : "With 95 % confidence no more than " + percent(data.upperBound) + " of released images hold identifying text, of the " + data.population + " released when it was drawn."));
  }

  drawForm() {
    const size = h("input", { type: "number", min: "1", max: "100000", value: String(Math.min(299, Math.max(1, this.data.released))), required: true, id: "size" });
    const seed = h("input", { pattern: "[A-Za-z0-9]{1,64}", id: "seed", autocomplete: "off" });
    const problem = h("p", { class: "notice bad", role: "alert", hidden: true });
    const submit = async (event) => {
      event.preventDefault();
      try {
        await act("/api/sample", { size: Number(size.value), seed: seed.value });
        const data = await get("/api/sample", this.left);
        if (this.viewer) { this.viewer.close(); }
        await new SamplePage(this.main, data, this.left).start();
      } catch (error) { problem.hidden = false; problem.textContent = said(error); }
    };
    return h("form", { onsubmit: submit }, field("How many", size, "Of " + count(this.data.released, "released image") + ". All of it clean, it shows: " + this.data.targets.map((target) => target.size + " that no more than " + percent(target.share) + " are left").join("; ") + "."),
      field("Seed, if it is to be drawn again", seed, "Letters and digits; empty for a random one."), problem, h("button", { class: this.data.items.length === 0 ? "primary" : "" }, "Draw a sample"));
  }

  showEmpty() {
    this.main.className = "wrap";
    fill(this.main, h("h1", null, "Sample"), h("p", { class: "lead" }, "A random sample of what was released says how much identifying text may be left in all of it."),
      h("div", { class: "panel narrow" }, this.status(), this.data.released === 0 ? h("p", null, "Nothing was released yet.") : this.drawForm()));
  }

  drawSide() {
    const item = this.data.items[this.at];
    const buttons = verdicts.map(([verdict, text, key, title]) => h("button", { type: "button", id: "verdict-" + verdict, title, "aria-keyshortcuts": key, class: verdict === "clean" ? "primary" : "", "aria-pressed": String(item.verdict === verdict), onclick: () => this.judge(verdict) }, text));
    fill(this.side, h("header", null, h("h1", null, "Image " + (this.at + 1) + " of " + this.data.items.length), h("p", { class: "small" }, [item.modality, item.kind].filter(Boolean).join(" ") + (item.isMasked ? ", masked" : "") + (item.frames > 1 ? ", " + item.frames + " frames" : ""), h("br"), h("span", { class: "mono muted" }, item.id))),
      h("p", null, "Does any text in this released image identify somebody?"), h("div", { class: "decide", role: "group", "aria-label": "Verdict" }, buttons),
      item.verdict && h("p", { class: "small muted" }, "Judged " + item.verdict + " by " + item.by + "."),
      item.isReleased && item.verdict && item.verdict !== "clean" && h("p", { class: "buttons" }, h("button", { type: "button", id: "withdraw", onclick: () => this.withdraw() }, "Withdraw it…")),
      !item.isReleased && h("p", { class: "notice" }, "Withdrawn."),
      h("section", null, this.status(), h("ol", { class: "images" }, this.data.items.map((other, index) => h("li", null, h("button", { type: "button", class: "quiet", "aria-current": index === this.at ? "true" : null, onclick: () => this.open(index) },
        other.modality || "–", h("span", { class: "small muted" }, " " + (other.verdict || "not judged"))))))),
      h("details", null, h("summary", null, "Draw another sample"), this.drawForm()));
  }

  async judge(verdict) {
    const id = this.data.items[this.at].id;
    this.stage.say("Recording…");
    try {
      await act("/api/verdicts", { ids: [id], verdict });
      this.data = await get("/api/sample", this.left);
      this.stage.say("");
      announce("Judged " + verdict);
      const next = this.data.items.findIndex((item) => !item.verdict);
      if (next >= 0) { await this.open(next); } else { this.drawSide(); }
    } catch (error) { this.problem(error); }
  }

  withdraw() {
    const id = this.data.items[this.at].id;
    openDialog("Withdraw", (close) => {
      const reason = h("input", { id: "reason", required: true, maxlength: "300", autocomplete: "off" });
      const problem = h("p", { class: "notice bad", role: "alert", hidden: true });
      const submit = async (event) => {
        event.preventDefault();
        try {
          const { results } = await act("/api/withdraw", { id, reason: reason.value });
          this.data = await get("/api/sample", this.left);
          close();
          await this.open(this.at);
          const isHeld = results.some((result) => result.status === "held-again");
          announce(isHeld ? "Withdrawn: it is held again" : "Withdrawn: its original isn't in quarantine, so nothing of it is left");
        } catch (error) { problem.hidden = false; problem.textContent = said(error); }
      };
      window.setTimeout(() => reason.focus(), 0);
      return h("form", { onsubmit: submit }, h("p", null, "The released file and its pictures in the report are deleted. If its original is in quarantine, it is held again, to be masked and released once more; else nothing of it is left in this output (on the command line, withdraw --original takes the original and holds it). What was passed on has to be called back."), problem,
        field("Reason", reason, "It goes into the ledger: name no patient, and give no dates or numbers."),
        h("div", { class: "buttons" }, h("button", { class: "primary", id: "confirm" }, "Withdraw"), h("button", { type: "button", onclick: close }, "Back")));
    });
  }

  keys() {
    const move = (by) => () => this.viewer.show(this.viewer.number + by);
    const image = (by) => () => { if (this.data.items[this.at + by]) { this.open(this.at + by); } };
    return this.stage.keys().concat([
      { group: "Pictures", keys: ["ArrowLeft"], says: "Frame before", does: move(-1) }, { group: "Pictures", keys: ["ArrowRight"], says: "Next frame", does: move(1) },
      { group: "Sample", keys: ["PageUp", "p"], says: "Image before", does: image(-1) }, { group: "Sample", keys: ["PageDown", "n"], says: "Next image", does: image(1) },
    ], verdicts.map(([verdict, text, key]) => ({ group: "Sample", keys: [key], says: "Verdict: " + text.toLowerCase(), does: () => this.judge(verdict) })));
  }
}
