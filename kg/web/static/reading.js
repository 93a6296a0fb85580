// Lights up a claim's passage while the claim is pointed at or focused, and the claims of a passage the other way
// round. Without it the links between the two do the same.
const text = document.querySelector("article.text");

if (text) {
  const pieces = new Map(); // number of a passage → the runs of text that it covers
  const claims = new Map(); // number of a passage → its claims
  const add = (map, number, element) => map.set(number, [...(map.get(number) ?? []), element]);
  for (const element of text.querySelectorAll("[data-p]"))
    for (const number of element.dataset.p.split(" ")) add(pieces, number, element);
  for (const element of text.querySelectorAll("[data-c]")) add(claims, element.dataset.c, element);

  let lit = [];
  let kept = []; // what the address names stays lit
  const light = (elements) => {
    for (const each of lit) if (!kept.includes(each)) each.classList.remove("lit");
    lit = elements;
    for (const each of lit) each.classList.add("lit");
  };
  const partners = (element) => {
    if (!element) return [];
    if (element.dataset.c) return pieces.get(element.dataset.c) ?? [];
    return element.dataset.p.split(" ").flatMap((number) => claims.get(number) ?? []);
  };
  const point = (event) => light(partners(event.target.closest?.("[data-p], [data-c]")));
  text.addEventListener("mouseover", point);
  text.addEventListener("focusin", point);
  text.addEventListener("mouseleave", () => light([]));
  text.addEventListener("focusout", () => light([]));

  const arrive = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (const each of kept) each.classList.remove("lit");
    kept = [];
    if (!target || !text.contains(target)) return;
    const closed = target.closest("details:not([open])");
    if (closed && getComputedStyle(closed.querySelector("summary")).display !== "none") {
      closed.open = true;
      target.scrollIntoView();
    }
    if (target.dataset.c) kept = [target, ...partners(target)];
    else if (target.dataset.n) kept = [...(pieces.get(target.dataset.n) ?? []), ...(claims.get(target.dataset.n) ?? [])];
    for (const each of kept) each.classList.add("lit");
  };
  addEventListener("hashchange", arrive);
  arrive();
}
