// Searches the static copy: words from their beginning, names in any spelling, and claims by their facets.
const { latin, names, facets, things } = window.ascribeIndex;
const LIMIT = 50;
const root = document.currentScript?.src ? new URL("../../", document.currentScript.src) : new URL(".", location.href);
const given = new URLSearchParams(location.search);
const shown = document.getElementById("found");

// A text in words of Latin letters without accents, whatever its script.
function fold(text) {
  const plain = [...text.normalize("NFC")].map((letter) => latin[letter] ?? letter).join("");
  return plain.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}

const folded = names.map((name) => ` ${fold(name)}`);
const bearers = new Map(); // name → the other names of what bears it
for (const [kind, , label, , own] of things) {
  if (["claim", "section", "work"].includes(kind)) continue;
  const every = [fold(label), ...own.map((number) => folded[number].trim())].filter(Boolean);
  for (const name of every) bearers.set(name, new Set([...(bearers.get(name) ?? []), ...every]));
}

// What is searched for: each part is a list of texts of which one has to be there, " word" from its start, " word " whole.
function parts(text) {
  const found = [];
  for (const [, quoted, plain] of text.matchAll(/"([^"]*)"|([^"]+)/g)) {
    if (quoted !== undefined) {
      if (fold(quoted)) found.push([` ${fold(quoted)} `]);
      continue;
    }
    const words = fold(plain).split(" ").filter(Boolean);
    while (words.length) {
      let run = Math.min(8, words.length);
      while (run > 0 && !bearers.has(words.slice(0, run).join(" "))) run -= 1;
      const typed = words.splice(0, run || 1).join(" ");
      const all = run ? [...bearers.get(typed)] : [typed];
      found.push(all.map((name) => (name.length < 4 && run ? ` ${name} ` : ` ${name}`)));
    }
  }
  return found;
}

function chosen() {
  const wanted = new Map();
  for (const [name, key] of given) {
    if (["q", "kind", "page"].includes(name) || !key) continue;
    wanted.set(name, [...(wanted.get(name) ?? []), key]);
  }
  const kind = given.get("kind");
  if (kind && facets.some(([name, key]) => name === "kind" && key === kind)) wanted.set("kind", [kind]);
  return wanted;
}

function find(words, wanted) {
  const needed = parts(words);
  const sets = [...wanted].map(([name, keys]) => new Set(facets.flatMap((each, n) => (each[0] === name && keys.includes(each[1]) ? [n] : []))));
  const hits = [];
  things.forEach((thing, order) => {
    const [, , label, body, own, has] = thing;
    if (sets.some((set) => !has.some((n) => set.has(n)))) return;
    if (!needed.length && !sets.length) return;
    const title = ` ${fold(label)} `;
    const all = `${title} ${fold(body)} ${own.map((n) => folded[n]).join(" ")} `;
    if (!needed.every((any) => any.some((text) => all.includes(text)))) return;
    const score = needed.reduce((sum, any) => sum + (any.some((text) => title === `${text.trimEnd()} `) ? 8 : any.some((text) => title.includes(text)) ? 3 : 0), 0);
    hits.push({ thing, order, score });
  });
  return hits.sort((a, b) => b.score - a.score || a.order - b.order).map((each) => each.thing);
}

function element(tag, text, attributes = {}) {
  const made = document.createElement(tag);
  made.append(...[text].flat());
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function address(changes) {
  const next = new URLSearchParams(given);
  for (const [name, value] of Object.entries(changes)) value === null ? next.delete(name) : next.set(name, value);
  return `?${next}`;
}

function show() {
  const words = given.get("q") ?? "";
  document.getElementById("words").value = words;
  const wanted = chosen();
  if (!words.trim() && !wanted.size) return;
  const everything = find(words, wanted);
  const counts = new Map();
  for (const [kind] of everything) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const kind = counts.has(given.get("kind")) ? given.get("kind") : null;
  const hits = kind ? everything.filter((each) => each[0] === kind) : everything;
  const page = Math.max(1, Number(given.get("page")) || 1);
  const chips = [...wanted].flatMap(([name, keys]) => keys.map((key) => `${name}: ${facets.find((each) => each[0] === name && each[1] === key)?.[2] ?? key}`));
  shown.append(element("p", [element("b", String(hits.length)), ` found${chips.length ? ` with ${chips.join(", ")}` : ""}`], { role: "status" }));
  if (counts.size > 1) {
    const tabs = element("nav", [], { class: "tabs", "aria-label": "Kinds" });
    tabs.append(element("a", `everything ${everything.length}`, { href: address({ kind: null, page: null }), ...(kind ? {} : { "aria-current": "true" }) }));
    for (const [name, count] of counts) tabs.append(element("a", `${name} ${count}`, { href: address({ kind: name, page: null }), ...(kind === name ? { "aria-current": "true" } : {}) }));
    shown.append(tabs);
  }
  for (const [what, file, label, , , has] of hits.slice((page - 1) * LIMIT, page * LIMIT)) {
    const said = has.map((n) => facets[n]).filter(([name]) => name === "speaker" || name === "modality").map((each) => each[2]);
    const link = element("a", label, { href: new URL(encodeURI(file), root).href });
    shown.append(element("article", [element("p", [link, " ", element("small", what, { class: "kind" })], { class: "text" }), element("p", said.join(", "), { class: "quiet" })], { class: "result" }));
  }
  if (!hits.length) shown.append(element("p", "Nothing holds all of these words. Try fewer of them, or the beginning of one."));
  const pager = element("nav", [], { class: "pager", "aria-label": "Pages of the list" });
  if (page > 1) pager.append(element("a", "← Before", { href: address({ page: page - 1 }) }));
  if (page * LIMIT < hits.length) pager.append(element("a", "After →", { href: address({ page: page + 1 }) }));
  shown.append(pager);
}

show();
