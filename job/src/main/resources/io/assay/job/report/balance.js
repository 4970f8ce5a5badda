// How evenly each layer's experts are loaded.

const BALANCES = {
  max_vio: "MaxVio: highest load over the mean, minus 1 (0 is even)",
  max_vio_batch: "MaxVio of full batches, their mean",
  cv: "coefficient of variation (0 is even)",
  entropy: "entropy over its maximum (1 is even)",
  jain: "Jain's index (1 is even)",
  l_bal: "sequence-wise balance loss, without bias",
  l_bal_served: "sequence-wise balance loss, as served",
  groups_touched: "groups of experts a token chose from",
  bias_changed: "share of choices the bias changed",
};

function drawBalance(body, data, all) {
  let measure = data.measures[0];
  const load = all.load && !all.load.problem ? all.load : null;
  const series = () => data.series.filter((one) => one.values[measure].some(known));
  const lines = chart("Balance of experts by layer, over all domains and by domain; the table has the numbers", 340, (colours) => ({
    grid: { left: 60, right: 32, top: 40, bottom: 44 },
    legend: legend(colours),
    xAxis: categoryAxis(colours, data.layers.map((layer) => layerName(load, layer)), { name: "layer", nameLocation: "middle", nameGap: 28, boundaryGap: data.layers.length === 1 }),
    yAxis: valueAxis(colours, { nameGap: 44 }),
    tooltip: hover(colours, (item) => hoverText("Layer " + layerName(load, data.layers[item.dataIndex]) + ", " + item.seriesName, decimal(item.value))),
    series: series().map((one, index) => ({
      name: domainName(one.domain), type: "line", data: one.values[measure], connectNulls: false, symbol: SYMBOLS[index % SYMBOLS.length], symbolSize: one.domain === "*" ? 9 : 7,
      lineStyle: { width: one.domain === "*" ? 3.5 : 1.5, type: index > 4 ? "dashed" : "solid", color: one.domain === "*" ? colours.text : colours.series[(index + 7) % 8] },
      itemStyle: { color: one.domain === "*" ? colours.text : colours.series[(index + 7) % 8] }, z: one.domain === "*" ? 5 : 2,
    })),
  }));
  const content = el("div");
  const fill = () => content.replaceChildren(table(BALANCES[measure], [
    ["Layer", (row) => layerName(load, data.layers[row])],
    ...series().map((one) => [domainName(one.domain), (row) => decimal(one.values[measure][row]), "number"]),
  ], data.layers.map((_, row) => row), true));
  body.append(controls(select("Measure", data.measures.map((one) => [one, BALANCES[one] || one]), measure, (value) => {
    measure = value;
    lines.draw();
    fill();
  })), lines.element, details("Balance as a table", () => {
    fill();
    return content;
  }), ...[omitted(data.omitted, "domains with fewer tokens")].filter(Boolean));
}
