// Elements, built without ever reading text as markup.

/** Makes an element. Properties whose names begin with `on` are listeners; others are attributes, left out where null or false. */
export function h(name, properties, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties || {})) {
    if (value === null || value === undefined || value === false) { continue; }
    if (key.startsWith("on")) { element.addEventListener(key.slice(2), value); }
    else if (key === "value" || key === "checked" || key === "disabled") { element[key] = value; }
    else { element.setAttribute(key, value === true ? "" : String(value)); }
  }
  add(element, children);
  return element;
}

function add(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) { continue; }
    element.append(child instanceof Node ? child : String(child));
  }
}

/** Puts other children in place of those that are there. */
export function fill(element, ...children) {
  element.replaceChildren();
  add(element, children);
  return element;
}

/** Says something to those who don't see the page. */
export function announce(text) {
  const live = document.getElementById("live");
  live.textContent = "";
  window.setTimeout(() => { live.textContent = text; }, 50);
}

/** A labelled control. */
export function field(label, control, note) {
  const id = control.id || "f" + Math.random().toString(36).slice(2);
  control.id = id;
  if (note) { control.setAttribute("aria-describedby", id + "-note"); }
  return h("div", { class: "field" }, h("label", { for: id }, label), control, note && h("p", { class: "small muted", id: id + "-note" }, note));
}

/** A dialog that gives the focus back; `build` gets the function that closes it and returns its content. */
export function openDialog(title, build) {
  const before = document.activeElement;
  const dialog = h("dialog", { "aria-labelledby": "dialog-title" });
  const close = () => dialog.close();
  add(dialog, [h("h2", { id: "dialog-title", tabindex: "-1", autofocus: true }, title), build(close, dialog)]);
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (before && before.isConnected) { before.focus(); }
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** A number with its word. */
export function count(number, one, many) { return number + " " + (number === 1 ? one : many || one + "s"); }

/** The end of a pseudonym, which is enough to tell it by. */
export function short(name) { return name.length > 14 ? "…" + name.slice(-10) : name; }

/** ISO 8601 in UTC, to the minute. */
export function minute(time) { return time.slice(0, 16).replace("T", " "); }

/** How long ago, roughly. */
export function ago(time) {
  const hours = (Date.now() - Date.parse(time)) / 3600000;
  if (!(hours >= 0)) { return ""; }
  if (hours < 1) { return Math.max(1, Math.round(hours * 60)) + " min"; }
  return hours < 48 ? Math.round(hours) + " h" : Math.round(hours / 24) + " days";
}
