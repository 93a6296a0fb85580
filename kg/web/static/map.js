// Puts the places of the page's table on a map that can be moved. The page is whole without it.
const L = window.L;
const holder = document.getElementById("map");
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const LEAST = 6, MOST = Math.min(22, holder.clientWidth / 26); // radius of the smallest and the greatest mark, in pixels
const SIDES = ["right", "left", "bottom", "top"];
const NEAR = 8.5; // the zoom in which a place is shown that the table was asked for

// Lines are kept as a first point and steps, longitude before latitude, in whole units.
function unpacked(lines, scale) {
  return lines.map((line) => {
    const points = [];
    let x = 0, y = 0;
    for (let place = 0; place < line.length; place += 2) {
      x += line[place];
      y += line[place + 1];
      points.push([y / scale, x / scale]);
    }
    return points;
  });
}

function draw(map, shapes) {
  const [west, south, east, north] = shapes.bounds;
  const still = { interactive: false };
  L.rectangle([[south, west], [north, east]], { ...still, className: "sea" }).addTo(map);
  L.polygon(unpacked(shapes.land, shapes.scale), { ...still, className: "land", smoothFactor: 0.6 }).addTo(map);
  L.polyline(unpacked(shapes.borders, shapes.scale), { ...still, className: "border", smoothFactor: 0.6 }).addTo(map);
}

function radius(count, most) {
  return Math.max(LEAST, MOST * Math.sqrt(count / most));
}

function symbol(size) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("width", 2 * size);
  svg.setAttribute("height", 2 * size);
  svg.setAttribute("aria-hidden", "true");
  const circle = document.createElementNS("http://www.w3.org/2000/svg", "circle");
  circle.setAttribute("class", "spot");
  for (const name of ["cx", "cy", "r"]) circle.setAttribute(name, size);
  svg.append(circle);
  return svg;
}

// What the table says of a place, as it stands there.
function told(row) {
  const section = document.createElement("section");
  const head = document.createElement("h3");
  head.append(...row.cells[0].cloneNode(true).childNodes);
  head.querySelector("button")?.remove();
  section.append(head);
  for (const cell of [row.cells[2], row.cells[1], row.cells[3]]) {
    const copy = cell.cloneNode(true);
    copy.querySelector("details")?.setAttribute("open", "");
    const part = document.createElement("div");
    part.append(...copy.childNodes);
    section.append(part);
  }
  return section;
}

function marked(map, rows) {
  const points = new Map(); // several places may have one point
  for (const row of rows) {
    const key = `${row.dataset.latitude},${row.dataset.longitude}`;
    points.set(key, [...(points.get(key) ?? []), row]);
  }
  const most = Math.max(...rows.map((row) => Number(row.dataset.count)));
  const markers = [];
  for (const there of points.values()) {
    const count = Math.max(...there.map((row) => Number(row.dataset.count)));
    const name = there.map((row) => row.cells[0].querySelector("a").textContent).join(", ");
    const size = radius(count, most);
    const icon = L.divIcon({ className: "mark", html: symbol(size), iconSize: [2 * size, 2 * size] });
    const point = [Number(there[0].dataset.latitude), Number(there[0].dataset.longitude)];
    const title = `${name}: ${count} ${count === 1 ? "claim" : "claims"}`;
    const marker = L.marker(point, { icon, title, alt: title, zIndexOffset: -count, riseOnHover: true }).addTo(map);
    marker.getElement()?.setAttribute("aria-label", title);
    marker.bindTooltip(name, { permanent: true, direction: "right", offset: [size, 0], className: "name", interactive: false });
    markers.push([count, marker]);
    marker.bindPopup(() => {
      const content = document.createElement("div");
      content.append(...there.map(told));
      return content;
    }, { maxWidth: Math.min(330, holder.clientWidth - 90), maxHeight: Math.min(340, holder.clientHeight * 0.65), autoPanPaddingTopLeft: [45, 12], autoPanPaddingBottomRight: [12, 12] });
    for (const row of there) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = "On the map";
      button.addEventListener("click", () => {
        holder.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "center" });
        map.setView(point, Math.max(map.getZoom(), NEAR), { animate: false });
        marker.openPopup();
        marker.getElement()?.focus({ preventScroll: true });
      });
      row.cells[0].append(button);
    }
  }
  return markers.sort(([one], [other]) => other - one).map(([, marker]) => marker);
}

// A name stands on that side of its mark where it covers nothing; at worst it covers smaller marks. Where it would cross
// another name or a greater mark on all sides, it waits until one comes nearer.
function name(markers) {
  const marks = markers.map((marker) => marker.getElement().getBoundingClientRect());
  const names = [];
  const crosses = (one, other) => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
  markers.forEach((marker, rank) => {
    const tooltip = marker.getTooltip();
    const words = tooltip.getElement();
    const turned = (side) => {
      const size = marks[rank].width / 2;
      Object.assign(tooltip.options, { direction: side, offset: { right: [size, 0], left: [-size, 0], bottom: [0, size - 4], top: [0, 4 - size] }[side] });
      tooltip.update();
      return words.getBoundingClientRect();
    };
    const free = (side, others) => {
      const box = turned(side);
      return ![...names, ...others].some((each) => crosses(box, each));
    };
    const others = marks.filter((_, place) => place !== rank);
    const shown = SIDES.some((side) => free(side, others)) || SIDES.some((side) => free(side, others.slice(0, rank)));
    words.classList.toggle("waiting", !shown);
    if (shown) names.push(words.getBoundingClientRect());
  });
}

async function start() {
  const rows = [...document.querySelectorAll("tr[data-latitude]")];
  const [world, region] = window.ascribeShapes ?? await Promise.all( // a static copy has them as a script
    [holder.dataset.world, holder.dataset.region].map(async (address) => (await fetch(address)).json()),
  );
  holder.replaceChildren();
  const map = L.map(holder, {
    minZoom: 2, maxZoom: 11, zoomSnap: 0.5, worldCopyJump: false, zoomAnimation: !calm, fadeAnimation: !calm,
    maxBounds: [[-62, -185], [85, 185]], attributionControl: false,
  });
  L.control.attribution({ prefix: false }).addAttribution("Natural Earth").addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  map.setView([40, 46], 6, { animate: false });
  draw(map, world);
  draw(map, region);
  const markers = marked(map, rows);
  const points = markers.map((marker) => [marker.getLatLng().lat, marker.getLatLng().lng]);
  const [west, south, east, north] = region.bounds;
  const inside = points.filter(([y, x]) => y > south && y < north && x > west && x < east);
  const shown = inside.length ? inside : points;
  if (shown.length) map.fitBounds(shown, { padding: [24, 24], maxZoom: 9, animate: false });
  map.on("zoomend", () => name(markers));
  name(markers);
  holder.setAttribute("role", "region");
  holder.setAttribute("aria-label", "Map; the same stands in the table below");
  holder.dataset.ready = "";
}

if (L && holder) start();
