// Walks the networks of the static copy: a thing with those that most claims link it to.
const { things, networks } = window.ascribeGraph;
const MOST = 30;
const SHAPES = { actor: "ellipse", place: "round-rectangle", event: "hexagon", agreement: "diamond", thing: "triangle", topic: "round-tag", work: "rectangle", source: "rectangle" };
const root = new URL("../../", document.currentScript.src);
const given = new URLSearchParams(location.search);
const name = networks[given.get("net")] ? given.get("net") : Object.keys(networks)[0];
const { title, directed, edges } = networks[name];
const form = document.getElementById("start");
const panel = document.getElementById("panel");
cytoscape.use(window.cytoscapeFcose);

for (const [key, each] of Object.entries(networks)) form.elements.net.append(new Option(each.title, key, key === name, key === name));
document.getElementById("things").append(...things.map(([, , label]) => new Option(label)));

function element(tag, content, attributes = {}) {
  const made = document.createElement(tag);
  made.append(...[content].flat());
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function beginning() {
  const words = (given.get("find") ?? "").trim().toLowerCase();
  const start = given.get("start");
  let found = things.findIndex(([key]) => key === start);
  if (words) found = things.findIndex(([, , label]) => label.toLowerCase() === words);
  if (words && found < 0) found = things.findIndex(([, , label]) => label.toLowerCase().includes(words));
  if (found >= 0 || words || start) return found;
  const weights = new Map();
  for (const [a, b, , , weight] of edges) for (const end of [a, b]) weights.set(end, (weights.get(end) ?? 0) + weight);
  return [...weights].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]?.[0] ?? -1;
}

function around(start) {
  const weights = new Map();
  for (const [a, b, , , weight] of edges) {
    if (a === start && b !== start) weights.set(b, (weights.get(b) ?? 0) + Math.max(weight, 0.5));
    if (b === start && a !== start) weights.set(a, (weights.get(a) ?? 0) + Math.max(weight, 0.5));
  }
  const ranked = [...weights].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  const nodes = new Set([start, ...ranked.slice(0, MOST).map(([each]) => each)]);
  return { total: ranked.length, nodes, links: edges.filter(([a, b]) => nodes.has(a) && nodes.has(b)) };
}

const page = (number) => new URL(encodeURI(things[number][1]), root).href;
const from = (number) => `?${new URLSearchParams({ net: name, start: things[number][0] })}`;
const said = ([a, , relation, status, weight]) => `${directed ? (a === start ? "→ " : "← ") : ""}${status === "denied" ? "not " : ""}${relation || "named together"} (${status === "inferred" ? "inferred" : `${weight} claim${weight === 1 ? "" : "s"}`})`;

function list(start, { nodes, links }) {
  panel.append(element("h2", element("a", things[start][2], { href: page(start) })));
  const rows = [...nodes].filter((each) => each !== start).map((other) => {
    const own = links.filter(([a, b]) => (a === start && b === other) || (a === other && b === start));
    return element("li", [element("a", things[other][2], { href: from(other) }), " ", element("small", own.map(said).join("; "), { class: "quiet" }), " ", element("a", "page", { href: page(other), "aria-label": `Page of ${things[other][2]}` })]);
  });
  panel.append(element("ul", rows, { class: "told" }));
}

function draw(start, { nodes, links }) {
  const variable = (each) => getComputedStyle(document.documentElement).getPropertyValue(each).trim();
  document.querySelector(".canvas").hidden = false;
  const cy = cytoscape({
    container: document.getElementById("drawing"), userZoomingEnabled: false,
    elements: [
      ...[...nodes].map((each) => ({ data: { id: String(each), label: things[each][2], kind: things[each][3] } })),
      ...links.map(([a, b, relation, status, weight], n) => ({ data: { id: `e${n}`, source: String(a), target: String(b), label: relation, status, weight } })),
    ],
    style: [
      { selector: "node", style: { shape: (node) => SHAPES[node.data("kind")] ?? "ellipse", width: 20, height: 20, "background-color": variable("--accent"), label: "data(label)", color: variable("--ink"), "font-size": 12, "text-wrap": "wrap", "text-max-width": 110, "text-valign": "bottom", "text-margin-y": 4, "text-outline-color": variable("--paper"), "text-outline-width": 2.5 } },
      { selector: `node[id = "${start}"]`, style: { width: 34, height: 34, "font-weight": 700 } },
      { selector: "edge", style: { width: (edge) => 1 + Math.sqrt(edge.data("weight")), "line-color": variable("--quiet"), opacity: 0.5, "curve-style": "bezier", "target-arrow-color": variable("--quiet"), "target-arrow-shape": directed ? "triangle" : "none" } },
      { selector: "edge[status = 'denied']", style: { "line-style": "dashed", "line-color": variable("--warn") } },
      { selector: "edge[status = 'inferred']", style: { "line-style": "dotted" } },
    ],
  });
  cy.layout({ name: "fcose", animate: false, randomize: true, nodeSeparation: 110, idealEdgeLength: () => 120, nodeRepulsion: () => 14000, nodeDimensionsIncludeLabels: true }).run();
  cy.on("tap", "node", (event) => location.assign(from(Number(event.target.id()))));
  window.graph = cy; // for the console, and for tests
}

const start = beginning();
const status = document.getElementById("status");
if (start < 0) {
  status.textContent = "Nothing in this network is called so. Try the beginning of the name.";
} else {
  const view = around(start);
  status.textContent = `${things[start][2]} in “${title}”: ${view.nodes.size - 1} of ${view.total} neighbours.`;
  list(start, view);
  draw(start, view);
}
