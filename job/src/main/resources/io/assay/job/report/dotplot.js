// Rows of values with their 95 % intervals, the baseline's hollow below them.

// rows: {name, value, low, high, baseline, baselineLow, baselineHigh, kind, lines}; format: number => text.
function dotPlot(label, rows, format, settings = {}) {
  const height = 64 + 30 * rows.length + (settings.axis ? 18 : 0);
  const compared = rows.some((row) => known(row.baseline));
  return chart(label, height, (colours) => {
    const names = rowAxis(colours, rows.map((row) => row.name));
    const colour = (row) => colours[row.kind] || colours.series[0];
    const points = (key) => rows.map((row, index) => [row[key], index]).filter((point) => known(point[0]));
    const series = [
      whiskers(rows, "low", "high", compared ? -5 : 0, colour),
      {
        name: settings.name || "this run", type: "scatter", symbolSize: 11, symbolOffset: [0, compared ? -5 : 0],
        itemStyle: { color: colours.series[0] },
        data: rows.map((row, index) => ({ value: [row.value, index], itemStyle: { color: colour(row) }, symbol: row.symbol }))
          .filter((item) => known(item.value[0])),
        markLine: known(settings.reference) ? {
          silent: true, symbol: "none", lineStyle: { color: colours.muted, type: "solid", width: 1 }, label: { show: false },
          data: [{ xAxis: settings.reference }],
        } : undefined,
      },
    ];
    if (compared) {
      series.push(whiskers(rows, "baselineLow", "baselineHigh", 7, () => colours.muted), {
        name: "baseline", type: "scatter", symbolSize: 9, symbolOffset: [0, 7], data: points("baseline"),
        itemStyle: { color: colours.ground, borderColor: colours.muted, borderWidth: 2 },
      });
    }
    return {
      grid: { left: names.width, right: 24, top: compared ? 32 : 10, bottom: settings.axis ? 46 : 28 },
      legend: compared ? legend(colours, { data: [settings.name || "this run", "baseline"] }) : undefined,
      xAxis: valueAxis(colours, { ...(known(settings.reference) ? {} : LEAST_SPAN), name: settings.axis, axisLabel: { ...axisText(colours), formatter: settings.tick || trimmed, hideOverlap: true }, ...settings.x }),
      yAxis: names.axis,
      tooltip: hover(colours, (item) => {
        const row = rows[item.value[1]];
        return hoverText(row.name, ...(row.lines || [
          interval("this run", row.value, row.low, row.high, format),
          known(row.baseline) && interval("baseline", row.baseline, row.baselineLow, row.baselineHigh, format),
        ]));
      }),
      series,
    };
  });
}

// An axis spans two per cent of its values at least: what differs less is not drawn as if it differed much.
const spare = ({ min, max }) => (0.02 * Math.max(Math.abs(min), Math.abs(max)) - (max - min)) / 2;
const LEAST_SPAN = {
  min: (extent) => (spare(extent) > 0 ? Number((extent.min - spare(extent)).toPrecision(3)) : null),
  max: (extent) => (spare(extent) > 0 ? Number((extent.max + spare(extent)).toPrecision(3)) : null),
};

const trimmed = (value) => String(Number(value.toPrecision(4)));

const interval = (name, value, low, high, format) =>
  name + ": " + format(value) + (known(low) && known(high) ? " [" + format(low) + ", " + format(high) + "]" : "");

function whiskers(rows, low, high, offset, colour) {
  return {
    type: "custom", silent: true, z: 1, clip: true,
    data: rows.map((row, index) => [row[low], row[high], index]).filter((bar) => known(bar[0]) && known(bar[1])),
    encode: { x: [0, 1], y: 2 },
    renderItem: (_, api) => {
      const start = api.coord([api.value(0), api.value(2)]);
      const end = api.coord([api.value(1), api.value(2)]);
      const y = start[1] + offset;
      const style = { stroke: colour(rows[api.value(2)]), lineWidth: 2, opacity: 0.75 };
      const line = (x1, y1, x2, y2) => ({ type: "line", shape: { x1, y1, x2, y2 }, style });
      return {
        type: "group",
        children: [line(start[0], y, end[0], y), line(start[0], y - 4, start[0], y + 4), line(end[0], y - 4, end[0], y + 4)],
      };
    },
  };
}
