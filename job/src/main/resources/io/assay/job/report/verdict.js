// First what matters: is the model fine, by which gates, and what did it cost to find out.

const VERDICTS = {
  failed: ["failed", "bad", "diamond"],
  not_comparable: ["not comparable", "warn", "rect"],
  uncertain: ["uncertain", "warn", "rect"],
  no_baseline: ["no baseline", "plain", "circle"],
  passed: ["passed", "good", "circle"],
  improved: ["improved", "good", "triangle"],
};

const SIGNS = {
  good: "M4 12.5l5 5L20 6.5",
  bad: "M6 6l12 12M18 6L6 18",
  warn: "M12 4v10M12 18.5v1.5",
  plain: "M12 10v9M12 4.5v1.5",
};

function sign(kind) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  for (const [name, value] of Object.entries({ viewBox: "0 0 24 24", class: "sign", "aria-hidden": "true", fill: "none", stroke: "currentColor", "stroke-width": "2.5", "stroke-linecap": "round", "stroke-linejoin": "round" })) {
    svg.setAttribute(name, value);
  }
  path.setAttribute("d", SIGNS[kind]);
  svg.append(path);
  return svg;
}

function judgement(run, gates) {
  const tally = (gates && gates.verdicts) || {};
  const told = Object.keys(VERDICTS).filter((verdict) => tally[verdict]).map((verdict) => count(tally[verdict]) + " " + VERDICTS[verdict][0]).join(", ");
  const against = gates && gates.baseline ? "Compared with run " + gates.baseline + ": " + told + "." : "";
  if (run && run.status === "failed") {
    return ["bad", "The run failed", [run.message, against].filter(Boolean).join(" ")];
  }
  if (run && run.status === "running") {
    return ["warn", "The run has not ended", "It goes on, or was broken off: submit it again with this run id, and it keeps what is answered. Its tables appear together when it is done."];
  }
  switch (run && run.verdict) {
    case "failed":
      return ["bad", "Worse than the baseline", against];
    case "not_comparable":
      return ["warn", "Nothing could be compared with the baseline", against + " This says nothing about the model: look at what changed in the run."];
    case "passed":
      return tally.uncertain || tally.not_comparable
        ? ["warn", "No gate failed, but not all could be decided", against]
        : ["good", "No worse than the baseline", against];
    case "no_baseline":
      return ["plain", "Measured; there is no baseline yet", "Nothing was compared. The next run of this series will be compared with this one."];
    default:
      return ["plain", "Measured; this run has no gates", "Name a baseline under gates in the run file, or compare two runs with assay compare, to learn what changed."];
  }
}

function drawVerdict(body, data) {
  const run = data.run && !data.run.problem ? data.run : null;
  const [kind, title, text] = judgement(run, data.gates);
  body.append(el("div", { class: "verdict " + kind }, sign(kind), el("div", null, el("h2", { id: "verdict-title" }, title), text ? el("p", null, text) : null)));
  body.append(tiles(run, data));
  if (data.baseline && data.baseline.problem) {
    body.append(note("The baseline's own values are not shown: " + data.baseline.problem));
  }
  if (data.gates && data.gates.problem) {
    body.append(note("The gates cannot be shown: " + data.gates.problem));
  } else if (data.gates) {
    drawGates(body, data.gates, data.metrics);
  }
}

function tiles(run, data) {
  const work = data.throughput && data.throughput.phases ? data.throughput.phases : [];
  const sum = (key) => work.reduce((total, phase) => total + phase[key], 0);
  const entries = [];
  if (run && run.status !== "running") {
    entries.push(["Requests answered", count(run.requests)], ["Rejected rows", count(run.failures)], ["Duration", duration(run.seconds), "from start to end"]);
  }
  if (work.length > 0) {
    entries.push(
      ["Tokens", short(sum("submitted")), short(sum("computed")) + " computed"],
      ["Prefix sharing", times(sum("submitted") / Math.max(1, sum("computed"))), "less work"],
      ["Speed", count(sum("submitted") / Math.max(sum("seconds"), 1e-9)), "submitted tokens a second"]);
  }
  return el("dl", { class: "tiles" }, entries.map(([name, value, small]) =>
    el("div", null, el("dt", null, name), el("dd", null, value, small ? el("small", null, small) : null))));
}

// Right is better, whichever way the metric goes.
function gateChange(gate, higher) {
  const direction = higher === false ? -1 : 1;
  const points = higher !== false && Math.abs(gate.value) <= 1 && Math.abs(gate.baseline) <= 1;
  const scale = points ? 100 : 100 / Math.abs(gate.baseline);
  const ends = [gate.low, gate.high].map((end) => (known(end) ? direction * scale * end : null)).sort((a, b) => a - b);
  return { points, value: direction * scale * gate.delta, low: ends[0], high: ends[1] };
}

// Why metrics could not be compared, each reason once with the tasks it is about.
function reasons(gates) {
  const MOST = 3;
  const tasks = new Map();
  gates.filter((gate) => gate.message).forEach((gate) => tasks.set(gate.message, (tasks.get(gate.message) || new Set()).add(gate.task)));
  return [...tasks].map(([message, named]) => {
    const names = [...named];
    return "Not comparable: " + names.slice(0, MOST).join(", ") + (names.length > MOST ? " and " + (names.length - MOST) + " more" : "") + ": " + message + ".";
  });
}

function drawGates(body, gates, metrics) {
  const MOST = 40;
  const direction = new Map((metrics && metrics.rows ? metrics.rows : []).map((row) => [row.task + "\n" + row.filter + "\n" + row.metric, row.higher]));
  const alike = (gate) => gates.rows.filter((other) => other.task === gate.task && other.metric === gate.metric).length > 1;
  const rows = gates.rows.filter((gate) => known(gate.delta) && known(gate.baseline)).map((gate) => {
    const [word, kind, symbol] = VERDICTS[gate.verdict] || [gate.verdict, "plain", "circle"];
    return {
      name: (alike(gate) ? taskName(gate) : gate.task) + " · " + gate.metric, kind, symbol, ...gateChange(gate, direction.get(gate.task + "\n" + gate.filter + "\n" + gate.metric)),
      lines: [word + ", allowed: " + gate.rule, "value " + decimal(gate.value) + ", baseline " + decimal(gate.baseline),
        interval("difference", gate.delta, gate.low, gate.high, signed), "adjusted p-value " + probability(gate.p)],
    };
  }).filter((row) => known(row.value));
  const panels = [["Scores", "percentage points, right is better", true], ["Perplexities and other measures", "% of the baseline, right is better", false]];
  const plots = panels.map(([title, axis, points]) => [title, axis, rows.filter((row) => row.points === points)]).filter(([, , chosen]) => chosen.length > 0);
  if (plots.length > 0) {
    body.append(el("h3", null, "Change against the baseline, with " + percent(1 - gates.alpha, 0) + " intervals"));
    body.append(el("div", { class: "panels" }, plots.map(([title, axis, chosen]) =>
      el("div", null, el("h4", null, title),
        dotPlot("Change of " + title.toLowerCase() + " against the baseline; the table of gates has the numbers", chosen.slice(0, MOST),
          (value) => signed(value, 2), { axis, reference: 0, x: { scale: false } }).element,
        chosen.length > MOST ? note(count(chosen.length - MOST) + " more are in the table below.") : null))));
  }
  reasons(gates.rows).slice(0, 5).forEach((reason) => body.append(note(reason)));
  body.append(table("All gates, the worst first", [
    ["Task", taskName],
    ["Metric", (gate) => gate.metric],
    ["Verdict", (gate) => badge(...(VERDICTS[gate.verdict] || [gate.verdict, "plain"]).slice(0, 2))],
    ["Baseline", (gate) => decimal(gate.baseline), "number"],
    ["Value", (gate) => decimal(gate.value), "number"],
    ["Difference", (gate) => signed(gate.delta), "number"],
    ["Interval", (gate) => (known(gate.low) ? "[" + signed(gate.low) + ", " + signed(gate.high) + "]" : "–"), "number"],
    ["p (Holm)", (gate) => probability(gate.p), "number"],
    ["Allowed", (gate) => gate.rule, "short"],
    ["Documents", (gate) => count(gate.documents), "number"],
    ["Detectable", (gate) => decimal(gate.detectable), "number"],
  ], gates.rows, true));
  body.append(note("Baseline and value are of the documents of both runs. p (Holm): probability of such a difference by chance, adjusted for all gates. "
    + "Allowed: what the rule of the run file tolerates. Detectable: the smallest difference that would have been found with a probability of 80 %."));
  const left = omitted(gates.omitted, "gates");
  if (left) {
    body.append(left);
  }
}
