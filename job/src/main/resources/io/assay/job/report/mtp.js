// Drafts of the MTP modules: how many are accepted, in which domain, and where in the text.

function drawMtp(body, data) {
  const depths = [...new Set(data.drafts.map((row) => row.depth))].sort((a, b) => a - b);
  const drafted = data.drafts.filter((row) => known(row.acceptance));
  const domains = [...new Set(drafted.map((row) => row.domain))].slice(0, 30);
  const charts = [];
  if (domains.length > 0) {
    charts.push(el("div", null, el("h3", null, "Acceptance by domain"), chart("Part of the drafts that were accepted, by domain and depth; the table has the numbers", 84 + (18 + 12 * depths.length) * domains.length, (colours) => {
      const names = rowAxis(colours, domains);
      return {
        grid: { left: names.width, right: 52, top: depths.length > 1 ? 34 : 8, bottom: 44 },
        legend: depths.length > 1 ? legend(colours) : undefined,
        xAxis: valueAxis(colours, { scale: false, min: 0, max: 100, name: "accepted drafts, %" }),
        yAxis: names.axis,
        tooltip: hover(colours, (item) => hoverText(item.name + ", " + item.seriesName, decimal(item.value, 1) + " % of the drafts accepted")),
        series: depths.map((depth, index) => ({
          name: "depth " + depth, type: "bar", barMaxWidth: 16, itemStyle: { color: colours.series[index % 8] },
          label: { show: true, position: "right", color: colours.muted, formatter: (item) => (known(item.value) ? item.value.toFixed(1) : "") },
          data: domains.map((domain) => {
            const row = drafted.find((one) => one.domain === domain && one.depth === depth);
            return row ? 100 * row.acceptance : "-";
          }),
        })),
      };
    }).element));
  }
  const places = [...new Set(data.positions.map((row) => row.position))].sort((a, b) => a - b);
  if (places.length > 1) {
    charts.push(el("div", null, el("h3", null, "Acceptance along the text"), acceptanceLines(data, depths, places)));
  }
  body.append(el("div", { class: "panels" }, charts));
  if (drafted.length > 0) {
    const measured = drafted.some((row) => known(row.measured));
    body.append(table("Drafts by domain", [
      ["Domain", (row) => domainName(row.domain)],
      ["Depth", (row) => row.depth, "number"],
      ["Proposed", (row) => count(row.proposed), "number"],
      ["Accepted", (row) => count(row.accepted), "number"],
      ["Acceptance", (row) => percent(row.acceptance), "number"],
      ["Tokens a step", (row) => decimal(row.tokensPerStep, 2), "number"],
      ["Expected speed-up", (row) => times(row.speedup), "number"],
      ...(measured ? [["Measured speed-up", (row) => times(row.measured), "number"]] : []),
    ], drafted, true));
    body.append(note("Expected: tokens a step / (1 + weights read to draft / weights a step reads), what drafts would save if checking them took no longer than a step without them."
      + (measured ? " Measured: time without drafts / time with them, on the run's machine and one text at a time; below 1 drafts cost time. They do where arithmetic takes the time and not the reading of weights, as with a small model on a processor: there each token to be checked adds a good part of a step. And where texts are short: the modules read the prompt too." : "")));
  }
  const scored = data.drafts.filter((row) => known(row.perplexity));
  if (scored.length > 0) {
    body.append(table("Corpora as the modules predict them, token by token", [
      ["Domain", (row) => domainName(row.domain)],
      ["Depth", (row) => row.depth, "number"],
      ["Tokens", (row) => count(row.scored), "number"],
      ["Perplexity", (row) => decimal(row.perplexity), "number"],
      ["Right (top-1)", (row) => percent(row.accuracy), "number"],
    ], scored, true));
  }
  if (drafted.length + scored.length === 0) {
    body.append(note("Nothing was drafted: the run generated no text, or without drafts."));
  }
  body.append(...[omitted(data.omitted, "rows")].filter(Boolean));
}

function acceptanceLines(data, depths, places) {
  const names = [...new Set(data.positions.map((row) => row.domain))].slice(0, 8);
  return chart("Part of the drafts that were accepted, by place in the generated text", 300, (colours) => ({
    grid: { left: 56, right: 16, top: 40, bottom: 44 },
    legend: legend(colours),
    xAxis: categoryAxis(colours, places, { name: "from token", nameLocation: "middle", nameGap: 28, boundaryGap: false }),
    yAxis: valueAxis(colours, { min: 0, max: 100, scale: false, name: "accepted, %", nameGap: 40 }),
    tooltip: hover(colours, (item) => hoverText(item.seriesName, "from token " + item.name + ": " + decimal(item.value, 1) + " %")),
    series: names.flatMap((domain, index) => depths.map((depth) => ({
      name: domain + (depths.length > 1 ? ", depth " + depth : ""), type: "line", symbol: SYMBOLS[index % 8], symbolSize: 8,
      itemStyle: { color: colours.series[index % 8] }, lineStyle: { color: colours.series[index % 8], type: depth > 1 ? "dashed" : "solid" },
      data: places.map((place) => {
        const row = data.positions.find((one) => one.domain === domain && one.depth === depth && one.position === place);
        return row ? 100 * row.acceptance : "-";
      }),
    }))),
  })).element;
}
