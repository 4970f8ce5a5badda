// Experts by what they take of each domain: near ones are alike.

function drawMap(body, data, all) {
  const load = all.load && !all.load.problem ? all.load : null;
  const clusters = [...new Set(data.points.map((point) => point[2]))].sort((a, b) => a - b);
  const name = (cluster) => (data.clusters > 0 ? "cluster " + cluster : "experts");
  const ring = (colours) => ({
    id: "selected", type: "scatter", silent: true, symbolSize: 20, z: 6, itemStyle: { color: "transparent", borderColor: colours.text, borderWidth: 2.5 },
    data: data.points.filter((point) => point[0] === selection.layer && point[1] === selection.expert).map((point) => [point[3], point[4]]),
  });
  const scatter = chart("Map of " + data.points.length + " experts by their domain profiles, coloured by cluster; a table below tells what the clusters have in common", narrow() ? 360 : 460, (colours) => ({
    grid: { left: 44, right: 16, top: 40, bottom: 44 },
    legend: legend(colours),
    xAxis: valueAxis(colours, { name: "first principal component" }),
    yAxis: valueAxis(colours, { name: narrow() ? "" : "second", nameGap: 30 }),
    tooltip: hover(colours, (item) => hoverText("Layer " + item.value[2] + ", expert " + item.value[3], name(item.value[4]), firstTokens(all.tokens, item.value[2], item.value[3]))),
    series: [
      ...clusters.map((cluster, index) => ({
        name: name(cluster), type: "scatter", symbol: SYMBOLS[index % SYMBOLS.length], symbolSize: data.points.length > 2000 ? 5 : 10,
        itemStyle: { color: colours.series[index % 8], opacity: 0.8 }, large: false,
        data: data.points.filter((point) => point[2] === cluster).map((point) => [point[3], point[4], point[0], point[1], point[2]]),
      })),
      ring(colours),
    ],
  }));
  scatter.on("click", (event) => event.value.length > 4 && choose(event.value[2], event.value[3]));
  selection.listeners.push(() => scatter.change(ring));
  body.append(scatter.element);
  if (load) {
    body.append(table("What the experts of a cluster have in common", [
      ["Cluster", (row) => name(row.cluster)],
      ["Experts", (row) => count(row.size), "number"],
      ["Domains they take most of", (row) => row.domains, "wide"],
    ], clusters.map((cluster) => profile(cluster, data, load))));
  }
  body.append(note(data.clusters > 0
    ? "Clusters by k-means over all layers; " + data.clusters + " clusters have the largest mean silhouette (" + decimal(data.silhouette, 3) + ")."
    : "The experts were too few, or too alike, to be grouped."));
  body.append(...[omitted(data.omitted, "experts")].filter(Boolean));
}

// The domains in which a cluster's experts are loaded most, on average.
function profile(cluster, data, load) {
  const members = data.points.filter((point) => point[2] === cluster);
  const means = load.domains.slice(1).map((domain, index) => {
    const loads = members.map((point) => loadAt(load, index + 1, load.layers.indexOf(point[0]), point[1])).filter(known);
    return [domain.name, loads.reduce((sum, value) => sum + value, 0) / Math.max(1, loads.length)];
  }).sort((a, b) => b[1] - a[1]);
  return { cluster, size: members.length, domains: means.slice(0, 4).map(([name, value]) => name + " " + times(value)).join(", ") || "–" };
}
