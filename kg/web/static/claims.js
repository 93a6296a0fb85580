// Shows the claims as soon as a value is chosen: the same addresses that the form has, asked for in the background.
const status = document.createElement("p");
status.className = "unseen";
status.setAttribute("role", "status");
document.body.append(status);
document.documentElement.classList.add("live");

function address(form, submitter, whole) {
  const fields = new FormData(form, submitter);
  const standard = fields.get("q").trim() ? "match" : "text";
  const given = [...fields].filter(([, value]) => value.trim() !== "");
  const said = new URLSearchParams(given.filter(([name, value]) => name !== "sort" || value !== standard));
  if (whole) said.set("all", whole);
  return `${form.action}${said.size ? `?${said}` : ""}`;
}

let latest = 0;

async function show(url, focus) {
  const mine = ++latest;
  document.querySelector("#claims")?.setAttribute("aria-busy", "true");
  const response = await fetch(url, { headers: { Accept: "text/html" } });
  if (mine !== latest) return; // something else has been chosen meanwhile
  if (!response.ok) {
    location.assign(url); // the page says what is wrong
    return;
  }
  const next = new DOMParser().parseFromString(await response.text(), "text/html");
  const main = document.querySelector("main");
  const open = new Map([...main.querySelectorAll("details[id]")].map((each) => [each.id, each.open]));
  const scrolled = document.querySelector(`#${CSS.escape(focus)}`)?.closest("ul.long")?.scrollTop;
  const words = main.querySelector("#q");
  const typing = document.activeElement === words;
  const typed = words.value !== words.defaultValue && words.value;
  main.replaceWith(next.querySelector("main"));
  document.title = next.title;
  for (const [id, was] of open) {
    const found = document.getElementById(id);
    if (found) found.open = was || found.open;
  }
  if (typed) document.getElementById("q").value = typed; // meanwhile
  const again = document.getElementById(typing ? "q" : focus);
  const long = again?.closest("ul.long");
  if (scrolled && long) long.scrollTop = scrolled;
  again?.focus({ preventScroll: true });
  if (again?.id === "claims") again.scrollIntoView();
  if (typing) again.setSelectionRange(again.value.length, again.value.length);
  status.textContent = document.querySelector("#claims [role=status]")?.innerText ?? "";
}

function go(form, submitter, focus, whole) {
  const url = address(form, submitter, whole);
  history.pushState(null, "", url);
  show(url, focus);
}

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form?.id === "choose" && event.target.matches("input[type=checkbox], select, input[type=number]")) {
    const whole = event.target.closest("ul.long") ? event.target.name : undefined; // it stays whole while choosing in it
    go(form, undefined, event.target.id, whole);
  }
});

document.addEventListener("submit", (event) => {
  if (event.target.id !== "choose") return;
  event.preventDefault();
  if (event.submitter?.closest(".apply")) {
    document.getElementById("filters").open = false; // on a phone they stand above the claims
    go(event.target, event.submitter, "claims");
    return;
  }
  const facet = event.submitter?.name === "all" ? `facet-${event.submitter.value}` : "q";
  go(event.target, event.submitter, facet);
});

addEventListener("popstate", () => show(location.href, "q"));
