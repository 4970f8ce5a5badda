// What the model's cache takes, and what answering cost.

function drawCache(body, data) {
  body.append(chart("Bytes a token in the key-value cache by variant of attention: " + data.rows.map((row) => row.variant + " " + count(row.bytes)).join(", "), 60 + 30 * data.rows.length, (colours) => {
    const names = rowAxis(colours, data.rows.map((row) => row.variant));
    return {
      grid: { left: names.width, right: 76, top: 6, bottom: 44 },
      xAxis: valueAxis(colours, { scale: false, name: "bytes a token, all layers", axisLabel: { ...axisText(colours), formatter: (value) => short(value), hideOverlap: true } }),
      yAxis: names.axis,
      tooltip: hover(colours, (item) => {
        const row = data.rows[item.dataIndex];
        return hoverText(row.variant + " in " + row.format, count(row.bytes) + " bytes a token", times(row.ratio) + " less than MHA", "batch of " + count(row.batch));
      }),
      series: [{
        type: "bar", barMaxWidth: 18, label: { show: true, position: "right", color: colours.muted, formatter: (item) => count(item.value) },
        data: data.rows.map((row) => ({ value: row.bytes, itemStyle: { color: row.variant.startsWith("MLA") ? colours.series[1] : colours.series[0] } })),
      }],
    };
  }).element);
  const first = data.rows[0];
  body.append(details("Cache as a table", () => table("Key-value cache; batches of " + count(first.sequence) + " tokens a sequence in " + bytes(first.memory), [
    ["Variant", (row) => row.variant],
    ["Format", (row) => row.format],
    ["Heads", (row) => count(row.heads), "number"],
    ["Bytes a token", (row) => count(row.bytes), "number"],
    ["Less than MHA", (row) => times(row.ratio), "number"],
    ["Largest batch", (row) => count(row.batch), "number"],
  ], data.rows)));
  body.append(note("MHA keeps keys and values of every head, GQA of groups of heads, MQA of one head; MLA keeps one compressed latent for all heads and a rotary key. FP8: the latent in eight bits."));
}

function drawThroughput(body, data) {
  const saved = (row) => Math.max(0, row.submitted - row.computed);
  body.append(chart("Tokens computed and tokens saved by sharing prefixes, by phase; the table has the numbers", 96 + 44 * data.phases.length, (colours) => {
    const names = rowAxis(colours, data.phases.map((row) => row.phase));
    const bar = (name, value, colour, decal) => ({ name, type: "bar", stack: "tokens", barMaxWidth: 24, itemStyle: { color: colour, decal }, data: data.phases.map(value) });
    return {
      grid: { left: names.width, right: 24, top: 34, bottom: 44 },
      legend: legend(colours),
      xAxis: valueAxis(colours, { scale: false, name: "tokens", axisLabel: { ...axisText(colours), formatter: (value) => short(value), hideOverlap: true } }),
      yAxis: names.axis,
      tooltip: hover(colours, (item) => {
        const row = data.phases[item.dataIndex];
        return hoverText(row.phase, count(row.submitted) + " tokens submitted", count(row.computed) + " computed", "sharing " + times(row.submitted / Math.max(1, row.computed)));
      }),
      series: [
        bar("computed", (row) => row.computed, colours.series[0]),
        bar("shared with another request", saved, colours.series[4], { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4, color: colours.ground }),
      ],
    };
  }).element);
  body.append(table("Work by executor", [
    ["Executor", (row) => row.executor],
    ["Device", (row) => row.device],
    ["Phase", (row) => row.phase],
    ["Requests", (row) => count(row.requests), "number"],
    ["Submitted", (row) => count(row.submitted), "number"],
    ["Computed", (row) => count(row.computed), "number"],
    ["Sharing", (row) => times(row.submitted / Math.max(1, row.computed)), "number"],
    ["Engine time", (row) => duration(row.seconds), "number"],
    ["Tokens/s", (row) => count(row.submitted / Math.max(row.seconds, 1e-9)), "number"],
  ], data.executors, true));
  body.append(...[omitted(data.omitted, "executors")].filter(Boolean));
}
