// The work list: what is held, what has waited longest first.
import { ago, announce, count, fill, h, minute, short } from "/dom.js";
import { get, said } from "/server.js";
import { useKeys } from "/keys.js";

const states = [["open", "Waiting"], ["second-person-needed", "Waiting for a second reviewer"], ["decided", "Decided"], ["all", "All"]];
const stateWords = { held: "held", "under-review": "under review", "second-person-needed": "second reviewer needed", decided: "decided" };
/** Survives going to a series and back. */
const chosen = { state: "open", reason: "", modality: null, device: null, text: "" };

/** `left` tells when the page is left. */
export async function showWorkList(main, left) {
  document.title = "Work list · Quench review";
  main.className = "wrap";
  const summary = h("p", { class: "lead", id: "summary" });
  const tools = h("form", { class: "tools", role: "search", "aria-label": "Filter the list", onsubmit: (event) => event.preventDefault() });
  const problem = h("p", { class: "notice bad", role: "alert", hidden: true });
  const body = h("tbody");
  const more = h("button", { type: "button", hidden: true, onclick: () => reload(false) }, "Show more");
  const heads = ["Held for", "Series", "Modality", "Kind", "Device", "Images", "State", "Reasons"];
  const table = h("table", { class: "list" }, h("caption", { class: "hidden" }, "Held series"),
    h("thead", null, h("tr", null, heads.map((head) => h("th", { scope: "col" }, head)))), body);
  let rows = 0;
  let turn = 0;

  async function load(anew) {
    const mine = ++turn;
    const query = new URLSearchParams({ state: chosen.state, from: anew ? 0 : rows });
    if (chosen.reason) { query.set("reason", chosen.reason); }
    if (chosen.modality !== null) { query.set("modality", chosen.modality); }
    if (chosen.device !== null) { query.set("device", chosen.device); }
    if (chosen.text) { query.set("text", chosen.text); }
    const part = await get("/api/work?" + query, left);
    if (mine !== turn) { return; }
    if (anew) { fill(body); rows = 0; controls(part); }
    body.append(...part.rows.map(row));
    rows += part.rows.length;
    more.hidden = rows >= part.total;
    summary.textContent = (part.open === 0 ? "Nothing waits for a person." : count(part.open, "series waits", "series wait") + " for a person, " + part.decided + " decided.")
      + (part.total === (chosen.state === "open" ? part.open : part.total) ? "" : " " + part.total + " shown by the filter.");
    table.hidden = part.total === 0;
    if (!anew) { announce(rows + " series shown"); }
  }

  async function reload(anew) {
    problem.hidden = true;
    try { await load(anew); } catch (error) { problem.hidden = left.aborted; problem.textContent = said(error); }
  }

  function controls(part) {
    const had = document.activeElement && document.activeElement.id;
    const select = (id, label, options, value, set) => h("label", { class: "inline" }, label,
      h("select", { id, onchange: (event) => { set(event.target.value); reload(true); } },
        options.map(([key, text]) => h("option", { value: key, selected: key === value ? "selected" : null }, text))));
    const facet = (list) => [["\u0000", "Any"]].concat(list.map((entry) => [entry.value, (entry.value || "none") + " (" + entry.count + ")"]));
    fill(tools, select("state", "State", states, chosen.state, (value) => { chosen.state = value; }),
      select("reason", "Reason", facet(part.reasons), chosen.reason || "\u0000", (value) => { chosen.reason = value === "\u0000" ? "" : value; }),
      select("modality", "Modality", facet(part.modalities), chosen.modality === null ? "\u0000" : chosen.modality, (value) => { chosen.modality = value === "\u0000" ? null : value; }),
      select("device", "Device", facet(part.devices), chosen.device === null ? "\u0000" : chosen.device, (value) => { chosen.device = value === "\u0000" ? null : value; }),
      h("label", { class: "inline grow" }, "Search", h("input", { type: "search", id: "search", value: chosen.text, placeholder: "pseudonym, kind, device",
        oninput: (event) => { chosen.text = event.target.value; window.clearTimeout(timer); timer = window.setTimeout(() => reload(true), 250); } })));
    if (had) { const again = document.getElementById(had); if (again && tools.contains(again)) { again.focus(); if (again.setSelectionRange) { again.setSelectionRange(again.value.length, again.value.length); } } }
  }
  let timer = 0;

  function row(item) {
    const link = h("a", { href: "#/series/" + encodeURIComponent(item.name), class: "mono nw", title: item.name }, short(item.name));
    return h("tr", { "data-state": item.state },
      h("td", { class: "nw", title: minute(item.heldSince) + " UTC" }, ago(item.heldSince)),
      h("th", { scope: "row" }, link), h("td", null, item.modality || "–"), h("td", null, item.kind || "–"), h("td", null, item.device || "–"),
      h("td", { class: "nw" }, item.instances + (item.frames > 1 ? " · " + item.frames + " frames" : "")),
      h("td", null, h("span", { class: "state " + item.state }, stateWords[item.state] || item.state),
        item.proposedBy.length > 0 && h("span", { class: "small muted" }, " after " + item.proposedBy.join(", "))),
      h("td", null, h("span", { class: "codes" }, item.reasons.map((code) => h("code", null, code)))));
  }

  const step = (by) => () => {
    const links = [...body.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    const next = links[at < 0 ? 0 : Math.min(Math.max(at + by, 0), links.length - 1)];
    if (next) { next.focus(); }
  };
  useKeys([
    { group: "Work list", keys: ["ArrowDown", "j"], says: "Next series", does: step(1) },
    { group: "Work list", keys: ["ArrowUp", "k"], says: "Series before", does: step(-1) },
    { group: "Work list", keys: ["/"], says: "Search", does: () => document.getElementById("search").focus() },
  ]);
  fill(main, h("h1", null, "Work list"), summary, tools, problem, h("div", { class: "scroll panel" }, table), h("p", null, more));
  await load(true);
}
