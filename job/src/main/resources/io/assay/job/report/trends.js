// The metrics of this run and of those of its series before it.

function drawTrends(body, data, all) {
  const name = (one) => taskName(one) + " · " + one.metric;
  const preferred = data.series.findIndex((one) => one.task.startsWith("corpus:") && one.metric === "perplexity");
  let at = Math.max(0, preferred);
  const one = () => data.series[at];
  const label = () => name(one()) + " over the last " + data.runs.length + " runs: " + data.runs.map((run, index) => run.id + " " + decimal(one().values[index])).join(", ");
  const lines = chart(label(), 300, (colours) => {
    const bars = data.runs.map((_, index) => [index, end(one().values[index], one().stderrs[index], -1), end(one().values[index], one().stderrs[index], 1)]);
    return {
      grid: { left: 72, right: 24, top: 16, bottom: 34 },
      xAxis: categoryAxis(colours, data.runs.map((run) => run.id), { axisLabel: { ...axisText(colours), width: narrow() ? 70 : 120, overflow: "truncate", hideOverlap: true } }),
      yAxis: valueAxis(colours, { name: cut(one().metric, 34), nameGap: 48 }),
      tooltip: hover(colours, (item) => {
        const run = data.runs[item.dataIndex];
        return hoverText(run.id, decimal(one().values[item.dataIndex]) + (known(one().stderrs[item.dataIndex]) ? " ± " + decimal(one().stderrs[item.dataIndex]) : ""),
          moment(run.finished), run.verdict && "gates: " + (VERDICTS[run.verdict] || [run.verdict])[0], run.fingerprint !== data.runs[data.runs.length - 1].fingerprint && "another model", "precision " + run.precision);
      }),
      series: [
        {
          type: "custom", silent: true, encode: { x: 0, y: [1, 2] }, data: bars.filter((bar) => known(bar[1])),
          renderItem: (_, api) => {
            const [x, low] = api.coord([api.value(0), api.value(1)]);
            const high = api.coord([api.value(0), api.value(2)])[1];
            const line = (x1, y1, x2, y2) => ({ type: "line", shape: { x1, y1, x2, y2 }, style: { stroke: colours.series[0], lineWidth: 2, opacity: 0.75 } });
            return { type: "group", children: [line(x, low, x, high), line(x - 4, low, x + 4, low), line(x - 4, high, x + 4, high)] };
          },
        },
        {
          type: "line", symbolSize: 10, connectNulls: true, lineStyle: { color: colours.series[0] },
          data: one().values.map((value, index) => ({
            value: known(value) ? value : "-", symbol: data.runs[index].verdict === "failed" ? "diamond" : "circle",
            itemStyle: { color: data.runs[index].verdict === "failed" ? colours.bad : colours.series[0] },
          })),
        },
      ],
    };
  });
  const content = el("div");
  const fill = () => content.replaceChildren(table(name(one()) + ", the newest run first", [
    ["Run", (row) => row.run.id],
    ["Ended", (row) => moment(row.run.finished)],
    ["Value", (row) => decimal(row.value), "number"],
    ["± stderr", (row) => decimal(row.stderr), "number"],
    ["Gates", (row) => (row.run.verdict ? badge(...(VERDICTS[row.run.verdict] || [row.run.verdict, "plain"]).slice(0, 2)) : "–")],
    ["Precision", (row) => row.run.precision],
    ["Model", (row) => el("code", null, (row.run.fingerprint || "").slice(0, 12))],
  ], data.runs.map((run, index) => ({ run, value: one().values[index], stderr: one().stderrs[index] })).reverse(), true));
  fill();
  const field = select("Metric", data.series.map((series, index) => [index, name(series)]), at, (index) => {
    at = Number(index);
    lines.element.setAttribute("aria-label", label());
    lines.draw();
    fill();
  });
  field.field.id = "trend-metric";
  body.append(controls(field), lines.element, content, note("Diamonds are runs whose gates failed. Models and precisions may differ from run to run."));
  body.append(...[omitted(data.omitted, "metrics")].filter(Boolean));
}
