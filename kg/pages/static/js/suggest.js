// Suggestions below the search field as one types: a combobox with a list, by the keyboard and by touch.
// Without this script the form searches.
const WAIT = 120; // milliseconds after the last letter

const input = document.querySelector(".find input");
if (input) suggest(input);

function suggest(field) {
  const list = document.createElement("ul");
  Object.assign(list, { id: "suggestions", className: "suggestions", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.form.dataset.suggestions);
  field.after(list);
  const roles = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
  for (const [name, value] of Object.entries(roles)) field.setAttribute(name, value);
  let timer;
  let asked = new AbortController();

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) {
      close();
      event.preventDefault(); // keeps the words
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) return;
      event.preventDefault();
      choose(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && chosen()) {
      event.preventDefault();
      location.assign(chosen().dataset.href);
    }
  });
  field.addEventListener("blur", close);
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.href);
  });

  async function ask() {
    asked.abort();
    asked = new AbortController();
    if (!field.value.trim()) return close();
    try {
      const address = new URL("/suggest", location);
      address.searchParams.set("q", field.value);
      const answer = await fetch(address, { signal: asked.signal });
      if (answer.ok && document.activeElement === field) show(await answer.json());
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  function show(found) {
    list.replaceChildren(...found.map(row));
    list.hidden = !found.length;
    field.setAttribute("aria-expanded", String(!list.hidden));
    field.removeAttribute("aria-activedescendant");
  }

  function close() {
    asked.abort();
    show([]);
  }

  function row(one, place) {
    const option = document.createElement("li");
    option.id = `suggestion-${place}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.dataset.href = one.href;
    option.append(part("bdi", one.name, "name"), part("bdi", one.other, "dim"), part("span", one.class, "dim"));
    option.append(part("span", one.claims, "dim num"));
    return option;
  }

  function part(tag, words, name) {
    const element = document.createElement(tag);
    element.className = name;
    element.textContent = words;
    return element;
  }

  function chosen() {
    return list.querySelector("[aria-selected=true]");
  }

  function choose(step) {
    const options = [...list.children];
    const before = options.indexOf(chosen());
    const next = options[(before + step + (before < 0 && step < 0 ? 1 : 0) + options.length) % options.length];
    chosen()?.setAttribute("aria-selected", "false");
    next.setAttribute("aria-selected", "true");
    field.setAttribute("aria-activedescendant", next.id);
    next.scrollIntoView({ block: "nearest" });
  }
}
