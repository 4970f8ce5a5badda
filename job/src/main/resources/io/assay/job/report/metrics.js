// Metrics of tasks and corpora, a panel for each name, as their scales differ.

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
      low: known(row.stderr) ? row.value - margin(row.stderr) : null,
      high: known(row.stderr) ? row.value + margin(row.stderr) : null,
      baseline: row.baseline,
      baselineLow: known(row.baselineStderr) ? row.baseline - margin(row.baselineStderr) : null,
      baselineHigh: known(row.baselineStderr) ? row.baseline + margin(row.baselineStderr) : null,
    }));
    return shown.length === 0 ? null : el("div", null,
      el("h3", null, name + better(rows)),
      dotPlot(name + " of " + rows.length + " tasks and corpora with 95 % intervals; the table below has the numbers", shown, decimal, { x: scoreAxis(rows) }).element,
      omitted(rows.length - MOST, "rows, listed in the table below,"));
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
