// Elements. Texts become text nodes, never markup: tokens, names and messages come from anywhere.

function el(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), value);
    } else if (value === true) {
      element.setAttribute(name, "");
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value);
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

// columns: [title, row => cell, {kind: "number" | "wide"}]; the first one heads the row.
function table(caption, columns, rows, tall = false) {
  const cell = (column, row, index) => {
    const content = column[1](row);
    const kind = column[2] || null;
    return index === 0
      ? el("th", { scope: "row", class: kind }, content)
      : el("td", { class: kind }, content);
  };
  return el("div", { class: "scroll" + (tall && rows.length > 15 ? " tall" : ""), tabindex: "0", role: "region", "aria-label": caption },
    el("table", null,
      el("caption", null, caption),
      el("thead", null, el("tr", null, columns.map((column) => el("th", { scope: "col", class: column[2] || null }, column[0])))),
      el("tbody", null, rows.map((row) => el("tr", null, columns.map((column, index) => cell(column, row, index)))))));
}

// Filled when it is opened for the first time: most never are.
function details(summary, content) {
  const element = el("details", null, el("summary", null, summary));
  element.addEventListener("toggle", () => {
    if (element.open && element.children.length === 1) {
      element.append(...[content()].flat());
    }
  });
  return element;
}

// options: [value, text] each.
function select(label, options, selected, change) {
  const field = el("select", { onchange: () => change(field.value) },
    options.map(([value, text]) => el("option", { value, selected: String(value) === String(selected) }, text)));
  return { field, element: el("label", null, label, field) };
}

const controls = (...fields) => el("div", { class: "controls screen" }, fields.map((field) => field.element || field));

const badge = (text, kind) => el("span", { class: "badge " + kind }, text);

const note = (...text) => el("p", { class: "note" }, ...text);

// What was left out of the page, so that nobody takes a part for the whole.
const omitted = (number, what) =>
  number > 0 ? note(count(number) + " more " + what + " are in the tables and not on this page.") : null;

function facts(pairs) {
  return el("dl", { class: "facts" },
    pairs.filter(([, value]) => value !== null && value !== undefined && value !== "")
      .flatMap(([name, value]) => [el("dt", null, name), el("dd", null, value)]));
}
