"use strict";
// Asks the API of the server that this page comes from, and nothing else. What peers are called is only ever text here.

const get = (id) => document.getElementById(id);
const everyMs = 2000;
const pageSize = 100;
let after = null; // the last key of the page before
let before = new Map(); // what each peer had carried when it was last looked at
let timer = 0;

async function ask(method, path, body) {
  const answer = await fetch("/v1/" + path, {
    method,
    headers: { Authorization: "Bearer " + (sessionStorage.getItem("token") ?? "") },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const document = await answer.json();
  if (answer.status === 401) throw new Refused(document.error);
  if (!answer.ok) throw new Error(document.error);
  return document;
}

class Refused extends Error {}

function say(text, bad = false) {
  get("status").textContent = text;
  get("status").classList.toggle("bad", bad);
}

function failed(error) {
  if (error instanceof Refused) {
    const first = sessionStorage.getItem("token") === null;
    sessionStorage.removeItem("token");
    show(false);
    get("token").focus();
    if (first) return; // nothing is wrong: nobody was asked yet
  }
  say(error.message, true);
}

function show(inside) {
  get("login").hidden = inside;
  get("inside").hidden = !inside;
  get("choice").hidden = !inside;
}

const here = () => "interfaces/" + encodeURIComponent(get("interface").value);
const peerPath = (key) => here() + "/peers/" + key.replaceAll("+", "-").replaceAll("/", "_").replace("=", "");

// ---- how things are written

function bytes(count) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  while (count >= 1024 && unit < units.length - 1) {
    count /= 1024;
    unit++;
  }
  return count.toFixed(unit === 0 ? 0 : 1) + " " + units[unit];
}

function bits(perSecond) {
  const units = ["bit/s", "kbit/s", "Mbit/s", "Gbit/s"];
  let unit = 0;
  while (perSecond >= 1000 && unit < units.length - 1) {
    perSecond /= 1000;
    unit++;
  }
  return perSecond.toFixed(unit === 0 ? 0 : 1) + " " + units[unit];
}

function ago(epochSeconds) {
  if (epochSeconds === null) return "never";
  const seconds = Math.max(0, Math.round(Date.now() / 1000 - epochSeconds));
  if (seconds < 120) return seconds + " s ago";
  if (seconds < 7200) return Math.round(seconds / 60) + " min ago";
  return seconds < 172800 ? Math.round(seconds / 3600) + " h ago" : Math.round(seconds / 86400) + " days ago";
}

function element(name, text, ...kinds) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  made.classList.add(...kinds);
  return made;
}

// ---- what is shown

async function refresh() {
  clearTimeout(timer);
  try {
    const query = "?limit=" + pageSize + (after ? "&after=" + encodeURIComponent(after) : "") +
      (get("filter").value ? "&name=" + encodeURIComponent(get("filter").value) : "");
    const [node, page] = await Promise.all([ask("GET", here()), ask("GET", here() + "/peers" + query)]);
    facts(node);
    drops(node);
    peers(page);
    if (get("status").classList.contains("bad")) say("");
  } catch (error) {
    failed(error);
  }
  if (!get("inside").hidden) timer = setTimeout(refresh, everyMs);
}

function facts(node) {
  const lines = [
    ["Public key", node.public_key ?? "none"],
    ["UDP port", node.not_listening ? node.listen_port + ": " + node.not_listening : node.listen_port],
    ["Peers", node.peers],
    ["with a session", node.peers_with_session],
    ["Received", bytes(node.received_bytes)],
    ["Sent", bytes(node.sent_bytes)],
    ["Cipher", node.cipher],
    ["Version", node.version],
  ];
  get("facts").replaceChildren(...lines.map(([term, text]) => {
    const pair = element("div");
    pair.append(element("dt", term), element("dd", text));
    return pair;
  }));
}

function drops(node) {
  const reasons = Object.entries(node.drops ?? {}).sort((a, b) => b[1] - a[1]);
  get("drops").replaceChildren(...(reasons.length ? reasons : [["none", ""]]).map(
    ([reason, count]) => element("li", count === "" ? reason : reason + ": " + count)));
}

function peers(page) {
  const now = performance.now();
  const seen = new Map();
  const focused = document.activeElement?.dataset?.action;
  get("peers").replaceChildren(...page.peers.map((peer) => {
    const last = before.get(peer.public_key);
    seen.set(peer.public_key, { at: now, received: peer.received_bytes, sent: peer.sent_bytes });
    return row(peer, last, now);
  }));
  before = seen;
  if (focused) document.querySelector('[data-action="' + CSS.escape(focused) + '"]')?.focus();
  get("next").disabled = page.next === null;
  get("next").dataset.after = page.next ?? "";
  get("first").disabled = after === null;
  get("count").textContent = page.peers.length + " of " + page.total + " peers";
}

function row(peer, last, now) {
  const rate = (total, then) => last && now > last.at ? bits(Math.max(0, total - then) * 8000 / (now - last.at)) : "";
  const called = peer.name ?? peer.public_key.slice(0, 8);
  const made = element("tr");
  const title = element("th", called);
  title.scope = "row";
  title.append(element("small", peer.public_key));
  const actions = element("td");
  actions.append(
    button("Disable", called, peer.public_key, "disable"),
    " ",
    button("Remove", called, peer.public_key, "remove"));
  made.append(
    title,
    element("td", peer.endpoint ?? "unknown"),
    element("td", peer.allowed_ips.join(", ")),
    element("td", ago(peer.latest_handshake_epoch_seconds)),
    element("td", rate(peer.received_bytes, last?.received), "number"),
    element("td", rate(peer.sent_bytes, last?.sent), "number"),
    element("td", bytes(peer.received_bytes), "number"),
    element("td", bytes(peer.sent_bytes), "number"),
    actions);
  return made;
}

function button(text, called, key, what) {
  const made = element("button", text);
  made.type = "button";
  made.dataset.action = what + " " + key;
  made.setAttribute("aria-label", text + " " + called);
  made.addEventListener("click", () => change(text, called, key, what));
  return made;
}

function isSure(title, text) {
  const dialog = get("sure");
  get("sure-title").textContent = title;
  get("sure-text").textContent = text;
  dialog.showModal();
  return new Promise((decided) => {
    dialog.querySelector("form").onsubmit = (event) => decided(event.submitter.value === "yes");
    dialog.oncancel = () => decided(false);
  });
}

async function change(text, called, key, what) {
  const sure = await isSure(text + " " + called + "?", what === "remove"
    ? "Its keys and addresses are forgotten, here and in the file."
    : "Its session ends. The file keeps what it says of it; wg-netty enable-peer lets it in again.");
  if (!sure) return;
  try {
    const done = what === "remove" ? await ask("DELETE", peerPath(key)) : await ask("POST", peerPath(key) + "/disable");
    say(done.report);
  } catch (error) {
    failed(error);
  }
  refresh();
}

// ---- what people do

async function enter() {
  try {
    const names = (await ask("GET", "interfaces")).interfaces;
    get("interface").replaceChildren(...names.map((name) => element("option", name)));
    show(true);
    if (names.length) refresh();
    else say("No interface is running.");
  } catch (error) {
    show(false);
    failed(error);
  }
}

get("login").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem("token", get("token").value.trim());
  get("token").value = "";
  say("");
  enter();
});
get("interface").addEventListener("change", () => {
  after = null;
  before = new Map();
  refresh();
});
get("search").addEventListener("submit", (event) => {
  event.preventDefault();
  after = null;
  refresh();
});
get("next").addEventListener("click", () => {
  after = get("next").dataset.after;
  refresh();
});
get("first").addEventListener("click", () => {
  after = null;
  refresh();
});
get("add").addEventListener("submit", async (event) => {
  event.preventDefault();
  const name = get("name").value;
  try {
    const added = await ask("POST", here() + "/peers?qr=true", { name });
    get("file").textContent = added.client_configuration;
    get("qr").hidden = added.client_qr === null;
    if (added.client_qr !== null) get("qr").src = "data:image/svg+xml," + encodeURIComponent(added.client_qr);
    get("download").href = URL.createObjectURL(new Blob([added.client_configuration], { type: "text/plain" }));
    get("download").download = get("interface").value + "-" + name.replaceAll(/[^A-Za-z0-9]+/g, "-") + ".conf";
    get("name").value = "";
    get("added").showModal();
    say(added.report);
  } catch (error) {
    failed(error);
  }
  refresh();
});
get("close").addEventListener("click", () => get("added").close());
get("added").addEventListener("close", () => { // the key is not to stay on the screen
  URL.revokeObjectURL(get("download").href);
  get("download").removeAttribute("href");
  get("file").textContent = "";
  get("qr").removeAttribute("src");
});
enter();
