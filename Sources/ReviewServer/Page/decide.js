// A decision: what it means is said first, then it is confirmed with a reason.
import { count, field, h, openDialog } from "/dom.js";
import { act, said, session } from "/server.js";

const titles = {
  confirm: "Confirm the proposal", release: "Release masked", propose: "Ask a second reviewer", "release-as-it-is": "Release as it is",
  reject: "Reject", "send-back": "Send back", delete: "Delete the originals",
};
const reasons = {
  confirm: ["agreed"], release: ["all names are masked"], propose: ["please look at the regions that I drew"], "release-as-it-is": ["no text identifies anybody"],
  reject: ["dose report", "not of the project", "identifying text all over it"], "send-back": ["wrong image", "to be sent again without annotations"],
  delete: ["not needed any more"],
};
const results = { released: "released", "released-masked": "released, masked", "second-person-needed": "waits for a second reviewer", refused: "stays held" };

export function decide(page, action) {
  page.viewer.stop();
  openDialog(titles[action], (close) => form(page, action, close));
}

function form(page, action, close) {
  const isRelease = ["confirm", "release", "propose", "release-as-it-is"].includes(action);
  const reason = h("input", { id: "reason", required: true, maxlength: "300", autocomplete: "off", list: "reasons" });
  const alike = h("input", { type: "checkbox", id: "alike" });
  const remove = h("input", { type: "checkbox", id: "delete" });
  const problem = h("p", { class: "notice bad", role: "alert", hidden: true });
  const progress = h("p", { class: "muted", role: "status", id: "progress" });
  const confirm = h("button", { class: "primary", id: "confirm" }, "Confirm");
  const back = h("button", { type: "button", onclick: close }, "Back");
  const element = h("form", { onsubmit: submit }, h("p", { id: "meaning" }, meaning(page, action)), problem,
    field("Reason", reason, "It goes into the ledger: name no patient, and give no dates or numbers."),
    h("datalist", { id: "reasons" }, reasons[action].map((value) => h("option", { value }))),
    isRelease && page.data.alike > 0 && h("p", { class: "check" }, alike, h("label", { for: "alike" }, "Also " + count(page.data.alike, "other held series", "other held series") + " of the same device and size")),
    ["reject", "send-back"].includes(action) && h("p", { class: "check" }, remove, h("label", { for: "delete" }, "Delete the originals at once, not only after " + session.retentionDays + " days")),
    progress, h("div", { class: "buttons" }, confirm, back));

  async function submit(event) {
    event.preventDefault();
    confirm.disabled = true;
    problem.hidden = true;
    progress.textContent = "Working…";
    try {
      const status = await act("/api/decide", request(page, action, reason.value, alike.checked, remove.checked),
        (state) => { progress.textContent = state === "waiting" ? "Waiting for another act to end…" : "Working…"; });
      // What stays held keeps what was drawn on it.
      if (!status.results.some((result) => result.status === "refused")) { window.sessionStorage.removeItem(page.draftName); }
      // Escape closes the dialog, not what was begun in it.
      if (!element.isConnected) { return await page.reload("Done"); }
      const ending = outcome(page, action, status.results, close);
      element.replaceWith(ending);
      ending.querySelector("button").focus();
    } catch (error) {
      if (!element.isConnected) { return page.problem(error); }
      problem.hidden = false;
      problem.textContent = said(error);
      progress.textContent = "";
      confirm.disabled = false;
    }
  }
  window.setTimeout(() => reason.focus(), 0);
  return element;
}

function request(page, action, reason, alike, remove) {
  const body = { name: page.data.name, reason, action: action === "confirm" ? (page.isAsItIs ? "release-as-it-is" : "release") : action };
  if (alike) { body.alike = true; }
  if (remove) { body.delete = true; }
  if (body.action === "release" || body.action === "propose") { Object.assign(body, page.plan.request()); }
  return body;
}

/** What will happen, in words. */
function meaning(page, action) {
  if (action === "delete") { return "The originals in quarantine are deleted for good; what was released of them stays."; }
  const open = page.data.items.filter((item) => item.isOpen);
  const images = count(open.length, "image");
  if (action === "reject") { return images + " will be kept out for good."; }
  if (action === "send-back") { return images + " will be kept out until whoever sent it has corrected it and sent it again."; }
  const second = action === "confirm" ? "You are the second reviewer." : session.fourEyes === "always" ? "A second reviewer has to confirm it." : "";
  if (action === "release-as-it-is" || action === "confirm" && page.isAsItIs) {
    return "Nothing is masked on " + images + ". " + (second || (session.fourEyes === "off" ? "" : "Where text was found, a second reviewer has to confirm it."));
  }
  const drawn = page.plan.now.boxes.length;
  const masked = open.reduce((sum, item) => sum + item.regions.filter((region) => region.masking !== "kept" && !(region.masking === "switchable" && page.plan.isOff(region.id, item.id))).length, 0);
  const off = open.reduce((sum, item) => sum + page.plan.open(item).length, 0);
  const unknown = open.filter((item) => item.framesExamined === 0).length;
  const parts = [
    count(drawn, "drawn region") + " and " + count(masked, "found region") + " will be masked on " + images + ".",
    off > 0 ? count(off, "found region") + " will stay to be seen." + (second || session.fourEyes === "off" ? "" : " A second reviewer has to agree to that.") : "",
    unknown > 0 ? "Text is looked for on " + count(unknown, "image") + " now, and what policy masks is masked as well." : "",
    action === "propose" ? "Nothing is released until another reviewer confirms it." : second,
    action === "propose" ? "" : "What leaves goes through a second look; what that refuses stays held.",
  ];
  return parts.filter(Boolean).join(" ");
}

/** What was masked that nobody had seen, or stands in the way. */
function foundOnTheWay({ found, status }) {
  if (!found) { return ""; }
  return ". " + count(found, "region was", "regions were") + " found on the way" + (status === "released-masked" ? ", masked as well" : ": stay here, and look at them");
}

function outcome(page, action, list, close) {
  const counts = new Map();
  for (const result of list) {
    const key = results[result.status] + (result.reasons.length > 0 ? ": " + result.reasons.join(", ") : "") + foundOnTheWay(result);
    counts.set(key, (counts.get(key) || 0) + 1);
  }
  const words = list.length === 0 ? [h("p", { class: "notice good" }, { reject: "Rejected.", delete: "Deleted." }[action] || "Sent back.")]
    : [...counts].map(([what, number]) => h("p", { class: "notice " + (what.startsWith("stays") ? "bad" : "good") }, count(number, "image") + ": " + what));
  const again = async () => { close(); try { await page.reload(); } catch (error) { page.problem(error); } };
  return h("div", { role: "status", id: "outcome" }, words, h("div", { class: "buttons" },
    h("button", { type: "button", class: "primary", onclick: () => { close(); window.location.hash = "#/"; } }, "To the work list"), h("button", { type: "button", onclick: again }, "Stay here")));
}
