// Experts that are chosen together.

function drawCoactivation(body, data, all) {
  let at = 0;
  const load = all.load && !all.load.problem ? all.load : null;
  const layer = () => data.layers[at];
  const percentages = () => {
    const { experts, rates } = layer();
    return experts.flatMap((_, row) => experts.map((_, column) => [column, row, row === column || rates[row * experts.length + column] < 0 ? "-" : rates[row * experts.length + column]]));
  };
  const size = Math.max(...data.layers.map((one) => one.experts.length));
  const highest = () => Math.max(1, ...percentages().map((cell) => (cell[2] === "-" ? 0 : cell[2])));
  const heat = chart("Heat map of experts chosen together; the table has the strongest pairs", Math.min(620, 130 + 20 * size), (colours) => ({
    grid: { left: narrow() ? 40 : 64, right: 12, top: 8, bottom: 92 },
    xAxis: categoryAxis(colours, layer().experts, { name: "… also chose expert", nameLocation: "middle", nameGap: 26 }),
    yAxis: categoryAxis(colours, layer().experts, { inverse: true, name: narrow() ? "" : "of the tokens of expert …", nameLocation: "middle", nameGap: 42 }),
    visualMap: {
      min: 0, max: highest(), calculable: false, orient: "horizontal", left: "center", bottom: 0, itemWidth: 12, itemHeight: narrow() ? 150 : 240,
      inRange: { color: colours.sequential }, text: [highest() + " %", "0"], textStyle: { color: colours.muted }, hoverLink: false,
    },
    tooltip: hover(colours, (item) => {
      const { experts } = layer();
      return hoverText("Layer " + layer().layer, item.value[2] === "-" ? "the same expert" :
        item.value[2] + " % of the tokens of expert " + experts[item.value[1]] + " also chose expert " + experts[item.value[0]]);
    }),
    series: [{ type: "heatmap", progressive: 0, data: percentages(), itemStyle: { borderColor: colours.ground, borderWidth: 1 }, emphasis: { itemStyle: { borderColor: colours.text, borderWidth: 2 } } }],
  }));
  const content = el("div");
  const fill = () => content.replaceChildren(
    table("Strongest pairs of layer " + layer().layer, [
      ["Pair", (pair) => pair.i + " and " + pair.j],
      ["Tokens of both", (pair) => count(pair.count), "number"],
      ["Of the first", (pair) => percent(pair.rate), "number"],
      ["Of the second", (pair) => percent(pair.rateOfJ), "number"],
      ["Jaccard", (pair) => decimal(pair.jaccard, 3), "number"],
    ], layer().strongest),
    ...[layer().of > layer().experts.length ? note("Shown are " + layer().experts.length + " of the layer's " + layer().of + " experts: those of its strongest pairs.") : null].filter(Boolean));
  fill();
  body.append(controls(select("Layer", data.layers.map((one, index) => [index, layerName(load, one.layer)]), 0, (index) => {
    at = Number(index);
    heat.draw();
    fill();
  })), el("div", { class: "panels" }, el("div", null, heat.element), content));
}
