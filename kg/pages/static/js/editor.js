// Makes the query field an editor: colours, line numbers, completion from the words beside it, the
// mistake at its line. It stays a form: Run sends it, so the answer is the one that the page has without this.
import {
  autocompletion, bracketMatching, completionKeymap, Decoration, defaultKeymap, drawSelection, EditorState, EditorView,
  HighlightStyle, history, historyKeymap, indentWithTab, keymap, lineNumbers, sparql, StreamLanguage,
  syntaxHighlighting, tags,
} from "../vendor/codemirror.js";

const KEYWORDS = "SELECT DISTINCT ASK CONSTRUCT DESCRIBE PREFIX WHERE OPTIONAL FILTER UNION MINUS VALUES BIND GRAPH GROUP ORDER BY LIMIT OFFSET HAVING COUNT SAMPLE MIN MAX GROUP_CONCAT COALESCE BOUND EXISTS NOT IN STR LANG CONTAINS STRSTARTS REGEX".split(" ");
// Into the sheets of a shadow tree, which a strict policy lets a script write; tokens of style.css reach into it.
const LOOK = EditorView.theme({
  "&": { fontSize: ".875rem", background: "var(--paper)", color: "var(--ink)", minHeight: "15rem" },
  "&.cm-focused": { outline: "none" }, // the frame around has it
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.65" },
  ".cm-content": { caretColor: "var(--ink)", minHeight: "15rem", padding: ".75rem 0" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { background: "var(--paper)", color: "var(--ink-3)", border: "0", minWidth: "2.6rem" },
  ".cm-line.bad": { background: "var(--not-t)", boxShadow: "inset 3px 0 var(--not)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { background: "var(--sel)" },
  "&.cm-focused .cm-matchingBracket": { background: "var(--sel)" },
  ".cm-tooltip": { background: "var(--paper)", color: "var(--ink)", border: "1px solid var(--line-2)", borderRadius: "3px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: ".2rem .6rem" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { background: "var(--sel)", color: "var(--ink)" },
  ".cm-completionDetail": { color: "var(--ink-2)", fontStyle: "normal", fontFamily: "var(--sans)" },
});
const COLOURS = HighlightStyle.define([
  { tag: [tags.keyword, tags.standard(tags.variableName)], color: "var(--planned)" },
  { tag: tags.atom, color: "var(--promised)" },
  { tag: [tags.string, tags.number], color: "var(--asserted)" },
  { tag: tags.comment, color: "var(--ink-3)" },
  { tag: tags.local(tags.variableName), color: "var(--conditional)" },
]);

const field = document.getElementById("query");
const form = field.form;
const terms = [...document.querySelectorAll(".terms dt")].map((term) => [term.textContent, term.nextElementSibling.textContent]);
const words = [...new Map(terms.reverse())].map(([label, detail]) => ({ label, detail, type: "constant" })); // ours before the ontology's

document.querySelector(".with-script").hidden = false;
const host = document.createElement("div");
field.after(host);
const shadow = host.attachShadow({ mode: "open" });
const view = new EditorView({
  parent: shadow,
  root: shadow,
  state: EditorState.create({
    doc: field.value,
    extensions: [
      keymap.of([{ key: "Mod-Enter", run }]), // before the others, which would start a line
      lineNumbers(),
      history(),
      drawSelection(),
      bracketMatching(),
      autocompletion({ override: [complete], icons: false }),
      StreamLanguage.define(sparql),
      syntaxHighlighting(COLOURS),
      LOOK,
      EditorView.lineWrapping,
      EditorView.domEventHandlers({ beforeinput: overwrite }),
      EditorView.decorations.compute(["doc"], mistake(field.value)),
      EditorView.contentAttributes.of({
        "aria-label": field.labels[0].textContent,
        "aria-description": [...document.querySelectorAll("#keys, #mistake")].map((one) => one.innerText).join(" "),
        "aria-invalid": field.getAttribute("aria-invalid") ?? "false",
        spellcheck: "false",
        autocapitalize: "off",
        dir: "ltr",
      }),
      keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap, indentWithTab]),
    ],
  }),
});
field.hidden = true;
form.addEventListener("submit", () => (field.value = view.state.doc.toString()));
if (field.dataset.line) jump(Number(field.dataset.line), Number(field.dataset.column));

function run() {
  form.requestSubmit();
  return true;
}

// Typing over a selection: left to itself, Chromium joins the lines with inline styles, which the policy forbids.
function overwrite(event, view) {
  if (event.inputType !== "insertText" || event.isComposing || view.state.selection.main.empty) return false;
  event.preventDefault();
  view.dispatch(view.state.replaceSelection(event.data ?? ""), { scrollIntoView: true, userEvent: "input.type" });
  return true;
}

// Marks the line of the mistake until the query is changed.
function mistake(asked) {
  const line = Number(field.dataset.line);
  return (state) =>
    line && line <= state.doc.lines && state.doc.toString() === asked
      ? Decoration.set([Decoration.line({ class: "bad" }).range(state.doc.line(line).from)])
      : Decoration.none;
}

function jump(number, column) {
  const line = view.state.doc.line(Math.min(number, view.state.doc.lines));
  view.dispatch({ selection: { anchor: Math.min(line.from + column - 1, line.to) }, scrollIntoView: true });
  view.focus();
}

// Prefixed names of the ontology, variables of this query, keywords.
function complete(context) {
  const word = context.matchBefore(/[?$]\w*|[A-Za-z]\w*(?::[\w-]*)?/);
  if (!word || (word.from === word.to && !context.explicit)) return null;
  if (/^[?$]/.test(word.text)) {
    const known = new Set(context.state.doc.toString().match(/[?$]\w+/g));
    known.delete(word.text);
    return { from: word.from, options: [...known].map((label) => ({ label, type: "variable" })) };
  }
  const keywords = word.text.includes(":") ? [] : KEYWORDS.map((label) => ({ label, type: "keyword", boost: -1 }));
  return { from: word.from, options: [...words, ...keywords], validFor: /^[\w:-]*$/ };
}
