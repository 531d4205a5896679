// Keys for everything. A page says which it has; `?` shows them.
import { h, openDialog } from "/dom.js";

let bindings = [];
const everywhere = [
  { keys: ["?"], says: "Show the keys", does: showHelp },
  { keys: ["g"], says: "To the work list", does: () => { window.location.hash = "#/"; } },
];

/** Single letters can be switched off, for people who dictate. */
function areOn() { return window.localStorage.getItem("keys") !== "off"; }

/** Each: `keys` as `Ctrl+z`, `Shift+ArrowUp`, `n`; `says` what it does; `does` it; `group` for the help. */
export function useKeys(list) { bindings = list; }

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]") || event.isComposing) { return; }
    const target = event.target;
    const isTyping = target.closest("textarea, select, input:not([type=range]):not([type=checkbox]):not([type=radio])");
    const name = keyName(event);
    if (isTyping) { return; }
    // Keys that the control with the focus means for itself stay its own.
    if (target.closest("button, a, summary") && (name === "Enter" || name === "Space")) { return; }
    if (target.closest("input[type=range]") && (name.startsWith("Arrow") || ["Home", "End", "PageUp", "PageDown"].includes(name))) { return; }
    if (target.closest("input[type=radio]") && name.startsWith("Arrow")) { return; }
    if (name.length === 1 && name !== "?" && !areOn()) { return; }
    const found = bindings.concat(everywhere).find((binding) => binding.keys.includes(name));
    if (!found) { return; }
    event.preventDefault();
    found.does(event);
  });
}

function keyName(event) {
  let key = event.key === " " ? "Space" : event.key;
  if (key.length === 1) { key = key.toLowerCase(); }
  let name = key;
  if (event.shiftKey && (key.length > 1 || event.ctrlKey || event.metaKey)) { name = "Shift+" + name; }
  if (event.altKey) { name = "Alt+" + name; }
  if (event.ctrlKey || event.metaKey) { name = "Ctrl+" + name; }
  return name;
}

const words = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Space: "Space", Delete: "Del", Escape: "Esc" };

function shown(name) { return name.split("+").map((part, i, all) => (i === all.length - 1 && words[part]) || part).join(" + ") || "+"; }

export function showHelp() {
  const groups = new Map();
  for (const binding of bindings.concat(everywhere)) {
    const group = binding.group || "Everywhere";
    if (!groups.has(group)) { groups.set(group, []); }
    groups.get(group).push(binding);
  }
  openDialog("Keys", (close) => {
    const parts = [...groups].map(([group, list]) => h("section", null, h("h3", null, group), h("dl", { class: "keys" },
      list.map((binding) => [h("dt", null, binding.keys.map((key) => h("kbd", null, key === "+" ? "+" : shown(key)))), h("dd", null, binding.says)]))));
    const single = h("input", { type: "checkbox", id: "single-keys", checked: areOn(),
      onchange: (event) => window.localStorage.setItem("keys", event.target.checked ? "on" : "off") });
    return h("div", null, h("div", { class: "key-groups" }, parts),
      h("p", { class: "check" }, single, h("label", { for: "single-keys" }, "Single letters are keys")),
      h("div", { class: "buttons" }, h("button", { type: "button", class: "primary", onclick: close }, "Close")));
  });
}
