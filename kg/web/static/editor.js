// Makes the plain form of the query page YASGUI's editor, and shows answers without leaving the page. What an answer
// looks like is the server's: its page is fetched, and the part of it that holds the answer is taken over.

const LONG = 8000; // characters of a query that an address still takes
const Yasqe = globalThis.Yasqe;
const form = document.querySelector("form.editor");
const plain = form.elements.query;
const status = document.getElementById("status");
const stop = document.getElementById("stop");
const run = form.querySelector("button");

const terms = fetch("/sparql/terms.json")
  .then((response) => (response.ok ? response.json() : Promise.reject(response.status)))
  .catch(() => ({ prefixes: {}, classes: [], properties: [], concepts: [] }))
  .then(indexed);

// Returns the terms with each entry as it is written and as it is looked for.
function indexed(given) {
  const spaces = Object.entries(given.prefixes).sort((a, b) => b[1].length - a[1].length);
  const entry = ([iri, label]) => {
    const [prefix, space] = spaces.find(([, each]) => iri.startsWith(each)) ?? [];
    const local = space === undefined ? "" : iri.slice(space.length);
    const text = space !== undefined && /^[\w-]+$/.test(local) ? `${prefix}:${local}` : `<${iri}>`;
    return { iri, text, label, words: `${text} ${label}`.toLowerCase() };
  };
  return {
    prefixes: Object.entries(given.prefixes).map(([prefix, space]) => `${prefix}: <${space}>`).sort(),
    class: given.classes.map(entry),
    property: given.properties.map(entry),
    concept: given.concepts.map(entry),
  };
}

// Returns the entries that a token can become: those that are written so first, then those with such a word in them.
function fitting(entries, token) {
  const typed = token.string.trim().replace(/^[<?$]/, "").toLowerCase();
  if (!typed) return entries;
  const begins = entries.filter((each) => each.text.toLowerCase().startsWith(typed) || each.iri.toLowerCase().startsWith(typed));
  const local = typed.includes(":") ? typed.split(":").at(-1) : typed;
  const holds = local.length > 1 ? entries.filter((each) => !begins.includes(each) && each.words.includes(local)) : [];
  const found = [...begins, ...holds];
  return found.length === 1 && found[0].text.toLowerCase() === typed ? [] : found.slice(0, 60);
}

// The library's own completers ask prefix.cc and Linked Open Vocabularies: these take their places.
function register() {
  let asked = false; // by key, so that all is shown where nothing is typed yet
  const known = Yasqe.Autocompleters;
  const isObject = (yasqe) => {
    const token = yasqe.getCompleteToken();
    return /^[\w-]+:/.test(token.string) && !known.property.isValidCompletionPosition(yasqe) && !known.class.isValidCompletionPosition(yasqe) &&
      !known.prefixes.isValidCompletionPosition(yasqe) && yasqe.getPreviousNonWsToken(yasqe.getDoc().getCursor().line, token)?.string.toUpperCase() !== "PREFIX";
  };
  const completer = (name, fits) => ({
    name,
    bulk: false,
    autoShow: true,
    persistenceId: null,
    isValidCompletionPosition: (yasqe) => (asked || yasqe.getCompleteToken().string.trim().length > 1) && fits(yasqe),
    get: (_yasqe, token) => terms.then((all) => fitting(all[name], token).map((each) => each.text)),
    postprocessHints: (_yasqe, hints) => terms.then((all) => hints.map((hint) => ({ ...hint, render: drawn(all[name], hint.text) }))),
  });
  Yasqe.registerAutocompleter({ ...known.prefixes, get: () => terms.then((all) => all.prefixes), persistenceId: null });
  Yasqe.registerAutocompleter(completer("class", known.class.isValidCompletionPosition));
  Yasqe.registerAutocompleter(completer("property", known.property.isValidCompletionPosition));
  Yasqe.registerAutocompleter(completer("concept", isObject));
  return (yasqe) => {
    asked = true;
    yasqe.autocomplete();
    asked = false;
  };
}

// Returns what draws a hint: the term, and its name beside it.
function drawn(entries, text) {
  const label = entries.find((each) => each.text === text)?.label ?? "";
  return (element) => {
    element.append(`${text} `);
    if (label) element.append(Object.assign(document.createElement("small"), { textContent: label }));
  };
}

function editor() {
  const complete = register();
  const place = document.createElement("div");
  plain.before(place);
  const yasqe = new Yasqe(place, {
    value: plain.value.trimEnd(),
    persistenceId: null,
    consumeShareLink: null,
    createShareableLink: null,
    showQueryButton: false,
    resizeable: false,
    editorHeight: "auto",
    collapsePrefixesOnLoad: plain.value.match(/^PREFIX/gm)?.length > (matchMedia("(max-width: 40rem)").matches ? 1 : 3),
    screenReaderLabel: "Query",
    viewportMargin: Infinity,
    indentUnit: 2,
    tabSize: 2,
    extraKeys: {
      "Ctrl-Enter": () => form.requestSubmit(run),
      "Cmd-Enter": () => form.requestSubmit(run),
      "Ctrl-Space": complete,
      "Ctrl-S": false,
      Tab: (each) => each.execCommand(each.somethingSelected() ? "indentMore" : "insertSoftTab"),
      "Shift-Tab": "indentLess",
    },
  });
  const field = yasqe.getInputField();
  field.setAttribute("aria-describedby", "keys");
  document.getElementById("keys").hidden = false;
  plain.hidden = true;
  // The library's note on a line that is no SPARQL is made with a style attribute, which the page's policy refuses.
  for (const kind of ["mouseover", "mouseout"]) {
    yasqe.getWrapperElement().addEventListener(kind, (event) => {
      const icon = event.target.closest(".parseErrorIcon");
      if (!icon) return;
      event.stopPropagation();
      icon.title = "Here the query is not SPARQL. Run it to read what is wrong.";
    }, true);
  }
  return yasqe;
}

// Marks the line that an error names, and puts the cursor there.
function mark(answer) {
  yasqe.getDoc().eachLine((line) => yasqe.getDoc().removeLineClass(line, "background", "wrong-line"));
  const line = Number(answer.dataset.line) - 1;
  if (!(line >= 0 && line < yasqe.getDoc().lineCount())) return;
  yasqe.getDoc().addLineClass(line, "background", "wrong-line");
  yasqe.getDoc().setCursor({ line, ch: Number(answer.dataset.column) - 1 });
}

// Shows a page's answer in place of the one that is shown.
function take(text) {
  const answer = new DOMParser().parseFromString(text, "text/html").getElementById("answer");
  if (!answer) throw new Error("The server gave no answer. Try again.");
  document.getElementById("answer").replaceWith(answer);
  mark(answer);
  answer.querySelector("h2")?.scrollIntoView({ block: "nearest" });
  status.textContent = answer.querySelector("h2")?.textContent ?? "";
  status.classList.add("unseen"); // the answer's title says it to those who see
}

let running = null;
async function ask(query) {
  running?.abort();
  const mine = (running = new AbortController());
  const parameters = new URLSearchParams({ query });
  const address = `/sparql?${parameters}`;
  const answer = document.getElementById("answer");
  answer.setAttribute("aria-busy", "true");
  status.classList.remove("unseen");
  status.textContent = "Running …";
  stop.hidden = false;
  const sent = { headers: { Accept: "text/html" }, signal: mine.signal };
  try {
    const short = query.length <= LONG;
    const response = await (short ? fetch(address, sent) : fetch("/sparql", { ...sent, method: "POST", body: parameters }));
    take(await response.text());
    if (short && address !== location.pathname + location.search) history.pushState(null, "", address);
  } catch (error) {
    if (mine !== running) return; // another one has begun
    answer.removeAttribute("aria-busy");
    status.textContent = error.name === "AbortError" ? "Stopped." : `No answer: ${error.message}`;
  }
  if (mine === running) stop.hidden = true;
}

const yasqe = editor();
mark(document.getElementById("answer"));
form.addEventListener("submit", (event) => {
  plain.value = yasqe.getValue();
  if (form.elements.format.value) return;
  event.preventDefault();
  ask(plain.value);
});
stop.addEventListener("click", () => running?.abort());
addEventListener("popstate", () => location.reload());
