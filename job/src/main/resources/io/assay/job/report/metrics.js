// Metrics of tasks and corpora, a panel for each name, as their scales differ.

// What people who have not read docs/methods.md want to know.
const MEANINGS = {
  acc: "part of the documents whose right choice is the most probable one",
  acc_norm: "as acc, with log-probabilities divided by the characters of the choice",
  acc_bytes: "as acc, with log-probabilities divided by the bytes of the choice",
  acc_mutual_info: "as acc, with the log-probability of the choice alone taken off",
  exact_match: "part of the documents whose generated answer is the right one",
  perplexity: "how many tokens the model hesitates between, on average; 1 is certainty",
  word_perplexity: "perplexity of a whole word; languages without spaces have few, long words",
  byte_perplexity: "perplexity of a byte of text; comparable between tokenizers",
  bits_per_byte: "bits that the model needs for a byte of text; comparable between tokenizers",
  brier_score: "squared distance between the probabilities of the choices and the right one",
  mc1: "part of the documents whose first true answer is the most probable one",
  mc2: "probability of all true answers together",
  f1: "harmonic mean of precision and recall",
  mcc: "Matthews correlation: 1 is right always, 0 is chance",
  token_f1: "overlap of the words of answer and solution",
  pass_at_k: "probability that one of k samples is right",
  bleu: "overlap of word sequences with the references, 0 to 100",
  chrf: "overlap of character sequences with the references, 0 to 100",
  ter: "edits a word that turn the text into the reference, in %",
};

function drawMetrics(body, data) {
  const MOST = 30;
  // Those that most tasks have first.
  const size = (name) => data.rows.filter((row) => row.metric === name).length;
  const names = [...new Set(data.rows.map((row) => row.metric))].sort((a, b) => size(b) - size(a));
  const panels = names.map((name) => {
    const rows = data.rows.filter((row) => row.metric === name && known(row.value));
    const shown = rows.slice(0, MOST).map((row) => ({
      name: taskName(row) + (row.group ? " (group)" : ""),
      value: row.value,
      low: end(row.value, row.stderr, -1),
      high: end(row.value, row.stderr, 1),
      baseline: row.baseline,
      baselineLow: end(row.baseline, row.baselineStderr, -1),
      baselineHigh: end(row.baseline, row.baselineStderr, 1),
    }));
    return shown.length === 0 ? null : el("div", null,
      el("h3", null, name + better(rows)),
      Object.hasOwn(MEANINGS, name) ? el("p", { class: "meaning" }, MEANINGS[name]) : null,
      dotPlot(name + " of " + rows.length + " tasks and corpora with 95 % intervals; the table below has the numbers", shown, decimal, { x: scoreAxis(rows) }).element,
      rows.length > MOST ? note(count(rows.length - MOST) + " more are in the table below.") : null);
  });
  body.append(el("div", { class: "panels" }, panels.filter(Boolean)));
  body.append(details("All metrics as a table", () => table("Metrics: value, standard error, documents", [
    ["Task", (row) => taskName(row) + (row.group ? " (group)" : "")],
    ["Metric", (row) => row.metric],
    ["Value", (row) => decimal(row.value), "number"],
    ["± stderr", (row) => decimal(row.stderr), "number"],
    ["Baseline", (row) => decimal(row.baseline), "number"],
    ["± stderr", (row) => decimal(row.baselineStderr), "number"],
    ["Documents", (row) => count(row.n), "number"],
    ["Examples", (row) => (row.shots < 0 ? "mixed" : count(row.shots)), "number"],
  ], data.rows, true)));
  body.append(...[omitted(data.omitted, "metrics")].filter(Boolean));
}

// Scores have the same axis everywhere.
function scoreAxis(rows) {
  const inside = (value) => !known(value) || (value >= 0 && value <= 1);
  return rows.every((row) => row.higher !== false && inside(row.value) && inside(row.baseline)) ? { min: 0, max: 1 } : {};
}

function better(rows) {
  const directions = new Set(rows.map((row) => row.higher).filter((higher) => higher !== undefined && higher !== null));
  return directions.size !== 1 ? "" : directions.has(true) ? ", higher is better" : ", lower is better";
}
