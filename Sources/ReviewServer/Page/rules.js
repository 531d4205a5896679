// A device rule that reviewed masks suggest: what it would do, before anybody accepts it.
import { count, fill, h, openDialog } from "/dom.js";
import { get, post, said } from "/server.js";

export function proposeRule(name) {
  openDialog("Propose a device rule", (close) => {
    const body = h("div", { "aria-live": "polite" }, "Working…");
    load(name, body);
    return h("div", null, h("p", null, "Learnt from what people released masked on this device and size. It always masks these boxes, whatever the detector finds besides."),
      body, h("div", { class: "buttons" }, h("button", { type: "button", onclick: close }, "Close")));
  });
}

async function load(name, body) {
  try {
    const { items, canAccept } = await get("/api/rules/" + encodeURIComponent(name));
    fill(body, items.map(({ proposal, text }) => rule(name, proposal, text, canAccept)));
  } catch (error) { fill(body, h("p", { class: "notice bad" }, said(error))); }
}

function rule(name, proposal, text, canAccept) {
  const words = h("p", { role: "status" });
  const accept = async (event) => {
    event.target.disabled = true;
    try {
      await post("/api/rules", { name, rule: proposal.name });
      words.className = "notice good";
      words.textContent = "Accepted: it stands in the policy file, and acts on outputs that are made with it.";
    } catch (error) {
      event.target.disabled = false;
      words.className = "notice bad";
      words.textContent = said(error);
    }
  };
  const box = ({ region, reviewed, withoutFinding }) => h("li", null, [region.x, region.y, region.width, region.height].join(", ") + ": masked on " + reviewed + " of " + proposal.reviewed
    + " reviewed; nothing was found in it on " + withoutFinding + " of " + proposal.examined + " examined");
  return h("section", null, h("h3", null, proposal.name), h("ul", { class: "small" }, proposal.boxes.map(box)),
    h("p", { id: "rule-reach" }, "It would act on " + count(proposal.instances, "image") + " of " + count(proposal.series, "series", "series") + " in this set. The detector found "
      + count(proposal.findingsInside, "region") + " inside these boxes and " + proposal.findingsOutside + " outside, on " + count(proposal.instancesWithFindingsOutside, "image") + ", which are masked as well."),
    h("pre", { class: "small", tabindex: "0", "aria-label": "The rule as text" }, text), words,
    canAccept ? h("p", null, h("button", { type: "button", class: "primary", id: "accept-rule", onclick: accept }, "Accept"), " into the policy file that this page was started with.")
      : h("p", { class: "small muted" }, "To accept it, start the page with --policy FILE, or use `quench rules propose` and `quench rules accept`."));
}
