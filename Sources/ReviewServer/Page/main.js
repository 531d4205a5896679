// Which page is shown, and who is signed in.
import { announce, field, fill, h } from "/dom.js";
import { loadSession, said, session, signIn, signInByLink, signOut } from "/server.js";
import { showHelp, startKeys, useKeys } from "/keys.js";
import { showSample } from "/sample.js";
import { showSeries } from "/series.js";
import { showWorkList } from "/worklist.js";

const main = document.getElementById("main");
/** Tells the page that is shown when it is left. */
let leaving = new AbortController();

/** Ends what the page that is shown has going on, and gives the next one its own signal. */
function leave() {
  leaving.abort();
  leaving = new AbortController();
  useKeys([]);
  document.querySelectorAll("dialog").forEach((dialog) => dialog.close());
  return leaving.signal;
}

async function show() {
  const left = leave();
  const path = window.location.hash.slice(1).split("/").filter(Boolean);
  if (path[0] === "link") { return enterByLink(path[1] || ""); }
  header();
  if (!session) { return showSignIn(); }
  main.className = "";
  try {
    await (path[0] === "series" && path[1] ? showSeries(main, decodeURIComponent(path[1]), left)
      : path[0] === "sample" ? showSample(main, left) : showWorkList(main, left));
  } catch (error) {
    if (!left.aborted) { showProblem(error); }
  }
}

function showProblem(error) {
  main.className = "wrap";
  fill(main, h("h1", null, "This can't be shown"), h("p", { class: "notice bad", role: "alert" }, said(error)),
    h("p", null, h("a", { href: "#/" }, "To the work list")));
}

function header() {
  const nav = document.getElementById("nav");
  const who = document.getElementById("who");
  nav.hidden = who.hidden = !session;
  if (!session) { return; }
  const here = window.location.hash.split("/")[1] || "";
  const link = (href, text, isHere) => h("a", { href, "aria-current": isHere ? "page" : null }, text);
  fill(nav, link("#/", "Work list", here === "" || here === "series"), link("#/sample", "Sample", here === "sample"),
    h("a", { href: session.report, target: "_blank", rel: "noopener" }, "Report"));
  fill(who, h("span", { class: "muted" }, "Signed in: "), h("b", { id: "name" }, session.name),
    h("button", { type: "button", class: "quiet", onclick: showHelp, "aria-keyshortcuts": "?" }, "Keys"),
    h("button", { type: "button", class: "quiet", id: "sign-out", onclick: leaveSession }, "Sign out"));
}

async function leaveSession() {
  leave();
  try { await signOut(); } catch { /* it has ended already */ }
  window.location.hash = "#/";
  show();
}

function showSignIn(message) {
  document.title = "Sign in · Quench review";
  main.className = "wrap";
  const name = h("input", { autocomplete: "username", required: true, spellcheck: "false", id: "reviewer" });
  const password = h("input", { type: "password", autocomplete: "current-password", required: true, id: "password" });
  const problem = h("p", { class: "notice bad", role: "alert", hidden: !message }, message);
  const button = h("button", { class: "primary" }, "Sign in");
  const submit = async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      await signIn(name.value, password.value);
      announce("Signed in as " + session.name);
      show();
    } catch (error) {
      problem.hidden = false;
      problem.textContent = said(error);
      password.value = "";
      password.focus();
    } finally {
      button.disabled = false;
    }
  };
  fill(main, h("form", { class: "panel sign-in", onsubmit: submit }, h("h1", null, "Sign in"),
    h("p", { class: "muted" }, "Every look at a picture and every decision is recorded under your name."),
    problem, field("Name", name), field("Password", password), button));
  name.focus();
}

async function enterByLink(token) {
  // The secret leaves the address at once.
  window.history.replaceState(null, "", "#/");
  try { await signInByLink(token); } catch (error) {
    await loadSession();
    header();
    if (!session) { return showSignIn(said(error)); }
  }
  show();
}

window.addEventListener("hashchange", show);
window.addEventListener("signed-out", () => {
  leave();
  header();
  showSignIn("The session has ended: sign in again.");
});
document.getElementById("skip").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});
startKeys();
try { await loadSession(); show(); } catch (error) { showProblem(error); }
