// Shows the query that a link of the static copy carries.
const query = new URLSearchParams(location.search).get("query");
if (query) {
  const section = document.getElementById("query");
  section.querySelector("pre").textContent = query;
  section.hidden = false;
}
