// Perplexity by domain, in the reader's choice of unit.

const PERPLEXITIES = [["token", "perplexity a token"], ["bits", "bits a byte"], ["word", "perplexity a word"], ["bytes", "perplexity a byte"]];

function drawPerplexity(body, data) {
  const corpora = new Set(data.rows.map((row) => row.corpus));
  const name = (row) => (corpora.size > 1 ? row.corpus + " / " : "") + domainName(row.domain);
  const place = el("div");
  let current = null;
  const show = (measure) => {
    // Only the perplexity a token has a standard error of its own.
    const around = (side, sign) => (measure === "token" ? end(side.token, side.stderr, sign) : null);
    const text = PERPLEXITIES.find(([key]) => key === measure)[1];
    if (current) {
      forget(current);
    }
    current = dotPlot(text + " of " + data.rows.length + " domains; the table has the numbers", data.rows.map((row) => ({
      name: name(row), value: row.run[measure], low: around(row.run, -1), high: around(row.run, 1),
      baseline: row.baseline[measure], baselineLow: around(row.baseline, -1), baselineHigh: around(row.baseline, 1),
    })), decimal, { axis: text + ", lower is better" });
    place.replaceChildren(current.element);
    if (place.isConnected) {
      current.draw();
    }
  };
  show("token");
  body.append(controls(select("Measure", PERPLEXITIES, "token", show)), place);
  body.append(details("Perplexities as a table", () => table("Perplexities, documents and tokens of each domain", [
    ["Domain", name],
    ["Documents", (row) => count(row.documents), "number"],
    ["Tokens", (row) => count(row.tokens), "number"],
    ["A token", (row) => decimal(row.run.token), "number"],
    ["± stderr", (row) => decimal(row.run.stderr), "number"],
    ["Baseline", (row) => decimal(row.baseline.token), "number"],
    ["A word", (row) => decimal(row.run.word), "number"],
    ["A byte", (row) => decimal(row.run.bytes), "number"],
    ["Bits a byte", (row) => decimal(row.run.bits), "number"],
    ["Baseline", (row) => decimal(row.baseline.bits), "number"],
  ], data.rows, true)));
  const protocols = [...new Set(data.rows.map((row) => row.protocol))];
  body.append(note("Protocol: " + protocols.join(" and ").replaceAll(";", "; ") + "."), ...[omitted(data.omitted, "domains with fewer tokens")].filter(Boolean));
}
