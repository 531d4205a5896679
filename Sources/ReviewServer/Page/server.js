// Talks to the server that the page came from.

/** Who is signed in; null for nobody. */
export let session = null;

/** Where the token is that goes with every request, so that loading the page again ends nothing: it is this origin's alone, port and all. */
const kept = "session";

function enter(known) {
  session = known;
  window.localStorage.setItem(kept, known.page);
}

/** Another tab's session stays. */
function leave() {
  if (session && window.localStorage.getItem(kept) === session.page) { window.localStorage.removeItem(kept); }
  session = null;
}

export class ServerError extends Error {
  constructor(status, message, hint) {
    super(message);
    this.status = status;
    this.hint = hint || "";
  }
}

/** What went wrong and what to do about it, in a sentence or two. */
export function said(error) { return error.message + (error.hint ? ". " + error.hint : ""); }

async function failure(response) {
  let problem = {};
  try { problem = (await response.json()).error || {}; } catch { /* no JSON: the status says enough */ }
  const error = new ServerError(response.status, problem.message || "the server answered " + response.status, problem.hint);
  if (response.status === 401 && session) {
    leave();
    window.dispatchEvent(new Event("signed-out"));
  }
  return error;
}

async function ask(path, options) {
  let response;
  const headers = { ...options.headers };
  const token = session ? session.page : options.token;
  if (token) { headers["X-Quench-Page"] = token; }
  try { response = await fetch(path, { cache: "no-store", credentials: "same-origin", ...options, headers }); }
  catch (error) {
    if (error.name === "AbortError") { throw error; }
    throw new ServerError(0, "the server doesn't answer", "is `quench review` still running?");
  }
  if (!response.ok) { throw await failure(response); }
  return response;
}

/** `left` tells when nobody waits for the answer any more: what comes then is an `AbortError`. */
export async function get(path, left) {
  const answer = await (await ask(path, { signal: left })).json();
  if (left) { left.throwIfAborted(); }
  return answer;
}

export async function getBytes(path, signal) { return (await ask(path, { signal })).arrayBuffer(); }

export async function post(path, body) {
  const headers = { "Content-Type": "application/json" };
  return (await ask(path, { method: "POST", headers, body: JSON.stringify(body) })).json();
}

/** Starts an act and waits for its end; `progress` is told the state meanwhile. */
export async function act(path, body, progress) {
  const { job } = await post(path, body);
  for (let pause = 60; ; pause = Math.min(pause * 1.5, 1000)) {
    const status = await get("/api/jobs/" + job);
    if (status.state === "done") { return status; }
    if (status.state === "failed") { throw new ServerError(422, status.message, status.hint); }
    if (progress) { progress(status.state); }
    await new Promise((resolve) => window.setTimeout(resolve, pause));
  }
}

export async function loadSession() {
  const token = window.localStorage.getItem(kept);
  const known = token ? await (await ask("/api/session", { token })).json() : {};
  if (known.name) { enter(known); } else { window.localStorage.removeItem(kept); session = null; }
  return session;
}

export async function signIn(name, password) { enter(await post("/api/sign-in", { name, password })); }

export async function signInByLink(token) { enter(await post("/api/link", { token })); }

export async function signOut() {
  try { await post("/api/sign-out", {}); } finally { leave(); }
}
