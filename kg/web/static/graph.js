// Draws the view of the graph page and walks it: every step asks for the address that a reader without script follows.
import cytoscape from "./vendor/cytoscape/cytoscape.esm.min.mjs";

cytoscape.use(window.cytoscapeFcose);

const SHAPES = {
  actor: "ellipse", place: "round-rectangle", event: "hexagon", agreement: "diamond", thing: "triangle",
  topic: "round-tag", work: "rectangle", claim: "ellipse", source: "rectangle",
};
const ORDER = Object.keys(SHAPES);
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const MANY = 15; // neighbours whose names and relations would cover each other
const CLOSE = 1.2; // the zoom that a few things are shown in
const GAP = 130; // between things that no edge holds
let cy = null;
let moved = {}; // id → place, of the things that the reader moved

function data() {
  return JSON.parse(document.getElementById("graph-data").textContent);
}

function variable(name, from = document.documentElement) {
  return getComputedStyle(from).getPropertyValue(name).trim();
}

function colours() {
  const probe = document.body.appendChild(document.createElement("i"));
  const found = {};
  for (const kind of ORDER) {
    probe.className = `dot k-${kind}`;
    found[kind] = variable("--kind", probe);
  }
  probe.remove();
  return found;
}

function short(label) {
  return label.length > 44 ? `${label.slice(0, 42).replace(/[\s,;:–-]+\S*$/, "")}…` : label;
}

function style(directed) {
  const [ink, quiet, paper, accent, warn] = ["--ink", "--quiet", "--paper", "--accent", "--warn"].map((name) => variable(name));
  const fill = colours();
  const font = getComputedStyle(document.body).fontFamily;
  return [
    { selector: "node", style: {
      shape: (node) => SHAPES[node.data("kind")] ?? "ellipse",
      "background-color": (node) => fill[node.data("kind")] ?? quiet,
      width: (node) => 14 + 34 * Math.sqrt(node.data("size")), height: (node) => 14 + 34 * Math.sqrt(node.data("size")),
      "border-width": (node) => (node.data("waiting") ? 3 : 1), "border-color": (node) => (node.data("waiting") ? fill[node.data("kind")] ?? quiet : paper),
      "border-opacity": (node) => (node.data("waiting") ? 0.35 : 1), "border-style": (node) => (node.data("waiting") ? "double" : "solid"),
      label: (node) => short(node.data("label")), color: ink, "font-family": font, "font-size": 12, "line-height": 1.15, "text-wrap": "wrap", "text-max-width": 110,
      "text-valign": "bottom", "text-margin-y": 4, "text-outline-color": paper, "text-outline-width": 2.5,
    } },
    { selector: "node[?start]", style: { "font-weight": 700 } },
    { selector: "edge", style: {
      width: (edge) => 1 + 1.1 * Math.sqrt(edge.data("claims")), "line-color": quiet, opacity: 0.55, "curve-style": "bezier",
      "target-arrow-color": quiet, "target-arrow-shape": directed ? "triangle" : "none", "arrow-scale": 0.8,
    } },
    { selector: "edge[status = 'denied']", style: { "line-style": "dashed", "line-color": warn, "target-arrow-color": warn, "target-arrow-shape": directed ? "tee" : "none", opacity: 0.8 } },
    { selector: "edge[status = 'inferred']", style: { "line-style": "dotted", "target-arrow-shape": directed ? "vee" : "none", opacity: 0.5 } },
    { selector: "edge.near, edge:selected, edge[?path]", style: {
      label: (edge) => (edge.data("status") === "denied" ? "not " : "") + edge.data("label"), "font-family": font, "font-size": 11, color: ink,
      "text-rotation": "autorotate", "text-outline-color": paper, "text-outline-width": 2.5, opacity: 0.95, "min-zoomed-font-size": 7,
    } },
    { selector: "edge:selected, edge[?path]", style: { "line-color": accent, "target-arrow-color": accent, width: 4 } },
    { selector: "node:selected", style: { "border-width": 4, "border-color": accent, "border-opacity": 1, "border-style": "solid" } },
    { selector: ".faint", style: { opacity: 0.16, "text-opacity": 0.3 } },
    { selector: "node.unnamed", style: { "text-opacity": 0 } },
    { selector: "node.unnamed.near, node:selected", style: { "text-opacity": 1 } },
  ];
}

// The same things are placed alike every time: the layout's chance is drawn from a seed.
function seeded(work) {
  const random = Math.random;
  let state = 2020;
  Math.random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  try {
    work();
  } finally {
    Math.random = random;
  }
}

// Where the edges say nothing of where a thing stands, as without any, it stands in rows below the others.
function place() {
  const [alone, joined] = [cy.nodes().filter((node) => !node.connectedEdges().length), cy.nodes().filter((node) => node.connectedEdges().length)];
  if (joined.length) seeded(() => joined.union(joined.connectedEdges()).layout({
    name: "fcose", quality: "proof", randomize: true, animate: false, fit: false, packComponents: false,
    nodeSeparation: 110, idealEdgeLength: () => 120, nodeRepulsion: () => 14000, gravity: 0.35, numIter: 2500,
    nodeDimensionsIncludeLabels: true, uniformNodeDimensions: false,
  }).run());
  const box = joined.boundingBox();
  const across = Math.max(Math.min(alone.length, 3), Math.floor(joined.length ? box.w / GAP : Math.sqrt(2 * alone.length)));
  alone.forEach((node, number) => {
    const row = Math.floor(number / across);
    const many = Math.min(across, alone.length - row * across);
    node.position({ x: (box.x1 + box.x2) / 2 + (number % across - (many - 1) / 2) * GAP, y: (joined.length ? box.y2 + GAP / 2 : 0) + row * GAP * 0.7 });
  });
  for (const [id, [x, y]] of Object.entries(moved)) cy.getElementById(id).position({ x, y });
}

function draw() {
  const told = data();
  const box = document.getElementById("drawing");
  box.closest(".canvas").hidden = false;
  cy?.destroy();
  cy = cytoscape({
    container: box, minZoom: 0.15, maxZoom: 4, userZoomingEnabled: false, boxSelectionEnabled: false,
    elements: [
      ...told.nodes.map((each) => ({ group: "nodes", data: each })),
      ...told.edges.map((each) => ({ group: "edges", data: each })),
    ],
    style: style(told.directed),
  });
  window.graph = cy; // for the console, and for tests
  place();
  fit();
  look();
  chosen();
  cy.on("tap", "node", (event) => go(changed({ node: event.target.id(), edge: null })));
  cy.on("tap", "edge", (event) => go(changed({ edge: event.target.id(), node: null })));
  cy.on("mouseover", "node", (event) => near(event.target));
  cy.on("mouseout", "node", () => near(null));
  cy.on("tapstart", () => cy.userZoomingEnabled(true));
  cy.on("dragfree", "node", (event) => {
    name();
    const { x, y } = event.target.position();
    moved[event.target.id()] = [Math.round(x), Math.round(y)];
    keep();
  });
  cy.on("viewport", later);
  box.addEventListener("mouseleave", () => {
    cy.userZoomingEnabled(false);
    near(null);
  });
}

// Names are written as large as can be read at this distance. Where two would cross, the smaller thing's waits until
// the reader comes nearer, or points at it.
function name(zoom = cy.zoom()) {
  const size = Math.min(34, Math.max(8, 11.5 / zoom));
  cy.nodes().style({ "font-size": size, "text-max-width": 9.2 * size, "text-outline-width": size / 5 });
  const ranked = cy.nodes().sort((a, b) => b.data("start") - a.data("start") || b.data("size") - a.data("size"));
  const taken = []; // by names already written, and by the things that came before
  const crosses = (one, other) => one.x1 + 2 < other.x2 && other.x1 + 2 < one.x2 && one.y1 + 2 < other.y2 && other.y1 + 2 < one.y2;
  cy.batch(() => ranked.forEach((node, rank) => {
    const words = node.boundingBox({ includeNodes: false, includeEdges: false, includeOverlays: false });
    const written = node.data("start") || !taken.some((each) => crosses(words, each));
    node.toggleClass("unnamed", !written).style("z-index", ranked.length - rank);
    taken.push(...written ? [words] : [], node.boundingBox({ includeLabels: false, includeOverlays: false }));
  }));
}

// The whole in the middle: twice, as names take more room the farther away it is.
function fit() {
  for (const _ of [1, 2]) {
    cy.fit(undefined, cy.width() < 500 ? 14 : 30);
    if (cy.zoom() > CLOSE) cy.zoom(CLOSE).center();
    name();
  }
}

function near(node) {
  cy.elements().removeClass("faint near");
  if (!node) return;
  const around = node.closedNeighborhood();
  cy.elements().not(around).addClass("faint");
  (around.nodes().length > MANY ? node : around).addClass("near");
}

function chosen() {
  const given = new URL(location.href).searchParams;
  for (const name of ["node", "edge"]) {
    const id = given.get(name);
    if (id) cy.getElementById(id).select();
  }
}

// What the reader moved, and from where he looks, stands behind # in the address.
let timer = 0;
function later() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    keep();
    name();
  }, 150);
}

function keep() {
  const parts = Object.entries(moved).map(([id, [x, y]]) => `${id},${x},${y}`);
  const { x, y } = cy.pan();
  parts.unshift([cy.zoom().toFixed(3), Math.round(x), Math.round(y), cy.width(), cy.height()].join(","));
  history.replaceState(null, "", `${location.pathname}${location.search}#at=${parts.join(";")}`);
}

function recall() {
  const [first, ...others] = decodeURIComponent(location.hash.replace(/^#at=/, "")).split(";");
  moved = Object.fromEntries(others.map((each) => each.split(",")).filter((each) => each.length === 3).map(([id, x, y]) => [id, [Number(x), Number(y)]]));
  return location.hash.startsWith("#at=") ? first.split(",").map(Number) : null;
}

function look() {
  const seen = recall();
  if (seen?.length !== 5 || seen.some(Number.isNaN)) return;
  const [zoom, x, y, width, height] = seen;
  for (const [id, [a, b]] of Object.entries(moved)) cy.getElementById(id).position({ x: a, y: b });
  const scale = Math.min(cy.width() / width, cy.height() / height);
  cy.viewport({ zoom: zoom * scale, pan: { x: x * scale + (cy.width() - width * scale) / 2, y: y * scale + (cy.height() - height * scale) / 2 } });
  name();
}

function changed(values) {
  const url = new URL(location.href);
  url.hash = "";
  for (const [name, value] of Object.entries(values)) {
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  }
  return url.href;
}

let latest = 0;
async function go(address, push = true, focus = true) {
  const mine = ++latest;
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  if (mine !== latest) return;
  if (!answer.ok) {
    location.assign(address); // the page says what is wrong
    return;
  }
  const next = new DOMParser().parseFromString(await answer.text(), "text/html");
  const shown = ids(document);
  const fresh = next.getElementById("graph");
  const open = document.querySelector(".controls").open;
  const same = shown === ids(next);
  const url = new URL(answer.url);
  if (push) history.pushState(null, "", url.pathname + url.search + (same ? location.hash : ""));
  document.title = next.title;
  fresh.querySelector(".controls").open = open;
  if (same) { // only something else is selected: the drawing stays as it is
    fresh.querySelector(".canvas").replaceWith(document.querySelector("#graph .canvas"));
    document.getElementById("graph").replaceWith(fresh);
    cy.elements().unselect();
    chosen();
  } else {
    moved = {};
    document.getElementById("graph").replaceWith(fresh);
    draw();
  }
  if (focus) document.getElementById("panel").focus({ preventScroll: true });
}

function ids(from) {
  const told = JSON.parse(from.getElementById("graph-data").textContent);
  return JSON.stringify([told.nodes, told.edges]);
}

function save(blob, name) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function svg() {
  const box = cy.elements().boundingBox();
  const text = (value) => value.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const lines = [`<svg xmlns="http://www.w3.org/2000/svg" viewBox="${[box.x1 - 20, box.y1 - 20, box.w + 40, box.h + 40].map(Math.round).join(" ")}" font-family="sans-serif" font-size="12">`,
    `<title>${text(document.title)}</title>`, `<desc>${text(location.href)}</desc>`,
    `<rect x="${box.x1 - 20}" y="${box.y1 - 20}" width="${box.w + 40}" height="${box.h + 40}" fill="${variable("--paper")}"/>`];
  const dashes = { denied: ' stroke-dasharray="7 4"', inferred: ' stroke-dasharray="2 4"' };
  cy.edges().forEach((edge) => {
    const [a, b, bend] = [edge.sourceEndpoint(), edge.targetEndpoint(), edge.controlPoints()?.[0]];
    const way = bend ? `Q${bend.x.toFixed(1)} ${bend.y.toFixed(1)} ` : "L";
    lines.push(`<path d="M${a.x.toFixed(1)} ${a.y.toFixed(1)}${way}${b.x.toFixed(1)} ${b.y.toFixed(1)}" fill="none" stroke="${edge.style("line-color")}" stroke-opacity="${edge.style("opacity")}" stroke-width="${parseFloat(edge.style("width"))}"${dashes[edge.data("status")] ?? ""}/>`);
    if (edge.style("target-arrow-shape") !== "none") {
      const from = bend ?? a;
      const far = Math.hypot(b.x - from.x, b.y - from.y) || 1;
      const [x, y] = [(b.x - from.x) / far * 7, (b.y - from.y) / far * 7];
      lines.push(`<path d="M${b.x.toFixed(1)} ${b.y.toFixed(1)}l${(-x - y / 2).toFixed(1)} ${(-y + x / 2).toFixed(1)}l${y.toFixed(1)} ${(-x).toFixed(1)}z" fill="${edge.style("target-arrow-color")}"/>`);
    }
  });
  cy.nodes().forEach((node) => {
    const { x, y } = node.position();
    const [fill, half] = [node.style("background-color"), node.width() / 2];
    const points = { diamond: [[0, -1], [1, 0], [0, 1], [-1, 0]], triangle: [[0, -1], [1, 1], [-1, 1]], hexagon: [[-.5, -.9], [.5, -.9], [1, 0], [.5, .9], [-.5, .9], [-1, 0]] }[node.style("shape")];
    if (points) lines.push(`<polygon points="${points.map(([a, b]) => `${(x + a * half).toFixed(1)},${(y + b * half).toFixed(1)}`).join(" ")}" fill="${fill}"/>`);
    else if (node.style("shape") === "ellipse") lines.push(`<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${half.toFixed(1)}" fill="${fill}"/>`);
    else lines.push(`<rect x="${(x - half).toFixed(1)}" y="${(y - half).toFixed(1)}" width="${(2 * half).toFixed(1)}" height="${(2 * half).toFixed(1)}" rx="3" fill="${fill}"/>`);
    wrapped(node.data("label")).forEach((line, number) => lines.push(`<text x="${x.toFixed(1)}" y="${(y + half + 15 + number * 13).toFixed(1)}" text-anchor="middle" fill="${variable("--ink")}" stroke="${variable("--paper")}" stroke-width="3" paint-order="stroke">${text(line)}</text>`));
  });
  return `${lines.join("\n")}\n</svg>\n`;
}

function wrapped(label) {
  const lines = [""];
  for (const word of label.split(" ")) {
    if (lines.at(-1) && lines.at(-1).length + word.length > 17) lines.push(word);
    else lines[lines.length - 1] = `${lines.at(-1)} ${word}`.trim();
  }
  return lines;
}

const middle = () => ({ x: cy.width() / 2, y: cy.height() / 2 });
const ACTIONS = {
  nearer: () => cy.zoom({ level: cy.zoom() * 1.3, renderedPosition: middle() }),
  farther: () => cy.zoom({ level: cy.zoom() / 1.3, renderedPosition: middle() }),
  fit,
  svg: () => save(new Blob([svg()], { type: "image/svg+xml" }), "graph.svg"),
  png: async () => { // from as near as its size allows, so that it has more names than the whole has on the page
    name(1);
    save(await cy.png({ output: "blob-promise", full: true, scale: 2, bg: variable("--paper") }), "graph.png");
    name();
  },
};

document.addEventListener("click", (event) => {
  const action = event.target.closest("[data-do]");
  if (action) ACTIONS[action.dataset.do]();
  const link = event.target.closest("a[data-view]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
    event.preventDefault();
    go(link.href);
  }
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-view-form]")) return;
  event.preventDefault();
  const fields = [...new FormData(event.target)].filter(([, value]) => value.trim() !== "");
  go(`${event.target.action}?${new URLSearchParams(fields)}`);
});

let asking = 0;
document.addEventListener("input", (event) => {
  const field = event.target;
  if (field.getAttribute("list") !== "offers" || field.value.trim().length < 2) return;
  clearTimeout(asking);
  asking = setTimeout(async () => {
    const answer = await fetch(`/graph.json?${new URLSearchParams({ find: field.value })}`);
    if (!answer.ok) return;
    const { things } = await answer.json();
    document.getElementById("offers").replaceChildren(...things.map((each) => Object.assign(document.createElement("option"), { value: each.label, label: each.kind })));
  }, 150);
});

window.addEventListener("popstate", () => go(location.href, false, false));
dark.addEventListener("change", () => cy.style(style(data().directed)));
draw();
