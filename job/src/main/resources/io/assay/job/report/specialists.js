// Which experts serve which domain, beyond what documents differ among themselves.

function drawSpecialists(body, data) {
  const link = (one) => el("button", { type: "button", class: "linkish", onclick: () => {
    choose(one.layer, one.expert);
    const place = document.getElementById("expert");
    if (place) {
      place.scrollIntoView({ block: "center" });
    }
  } }, one.layer + "." + one.expert);
  const experts = (domain) => domain.experts.length === 0 ? "none stands out" : domain.experts.flatMap((one, index) =>
    [index > 0 ? "  " : "", link(one), " " + times(one.times, 1)]);
  body.append(table("Strongest experts: layer.expert, and times an even share", [
    ["Domain", (row) => domainName(row.domain)],
    ["Strongest experts", experts, "wide"],
    ["Certain (q < 0.01)", (row) => count(row.certain), "number"],
    ["Documents", (row) => count(row.documents), "number"],
    ["Tokens", (row) => count(row.tokens), "number"],
  ], data.domains, true));
  body.append(note("3.14 is expert 14 of layer 3. Certain: experts that take more of this domain than of all; of a hundred such findings fewer than one is expected to be chance (q < 0.01, Benjamini and Hochberg)."));
  body.append(...[omitted(data.omitted, "domains with fewer tokens")].filter(Boolean));
  if (data.layers.length === 0) {
    return;
  }
  body.append(el("h3", null, "How much expert and domain say of each other"));
  body.append(chart("Mutual information of expert and domain by layer; the table has the numbers", 220, (colours) => ({
    grid: { left: 68, right: 16, top: 12, bottom: 44 },
    xAxis: categoryAxis(colours, data.layers.map((row) => row.layer), { name: "layer", nameLocation: "middle", nameGap: 28 }),
    yAxis: valueAxis(colours, { scale: false, name: "bits", nameGap: 44 }),
    tooltip: hover(colours, (item) => {
      const row = data.layers[item.dataIndex];
      return hoverText("Layer " + row.layer, decimal(row.bits) + " bits", "Cramér's V " + decimal(row.cramersV));
    }),
    series: [{ type: "bar", barMaxWidth: 36, itemStyle: { color: colours.series[0] }, data: data.layers.map((row) => row.bits) }],
  })).element);
  body.append(details("Association by layer as a table", () => table("Association of domain and expert", [
    ["Layer", (row) => row.layer],
    ["Mutual information, bits", (row) => decimal(row.bits), "number"],
    ["Cramér's V", (row) => decimal(row.cramersV), "number"],
  ], data.layers, true)));
}
