// Shows the claims as soon as a value is chosen: the same addresses that the form has, asked for in the background.
const status = document.createElement("p");
status.className = "unseen";
status.setAttribute("role", "status");
document.body.append(status);
document.documentElement.classList.add("live");

function address(form, submitter) {
  const fields = new FormData(form, submitter);
  const given = [...fields].filter(([, value]) => value.trim() !== "");
  const plain = new Set(["text"]);
  const said = new URLSearchParams(given.filter(([name, value]) => name !== "sort" || !plain.has(value)));
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
  main.replaceWith(next.querySelector("main"));
  document.title = next.title;
  for (const [id, was] of open) {
    const found = document.getElementById(id);
    if (found) found.open = was || found.open;
  }
  const again = document.getElementById(focus);
  if (scrolled && again?.closest("ul.long")) again.closest("ul.long").scrollTop = scrolled;
  again?.focus({ preventScroll: true });
  status.textContent = document.querySelector("#claims [role=status]")?.innerText ?? "";
}

function go(form, submitter, focus) {
  const url = address(form, submitter);
  history.pushState(null, "", url);
  show(url, focus);
}

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form?.id === "choose" && event.target.matches("input[type=checkbox], select, input[type=number]")) {
    go(form, undefined, event.target.id);
  }
});

document.addEventListener("submit", (event) => {
  if (event.target.id !== "choose") return;
  event.preventDefault();
  const facet = event.submitter?.name === "all" ? `facet-${event.submitter.value}` : "q";
  go(event.target, event.submitter, facet);
});

addEventListener("popstate", () => show(location.href, "q"));
