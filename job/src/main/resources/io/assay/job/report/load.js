// Load of every expert: colour is the load relative to balance on a logarithmic scale.

const CLIP = 3; // 1/8 to 8 times

// What is selected; the heat map, the map of experts and the tables all lead here.
const selection = { layer: null, expert: null, listeners: [] };

function choose(layer, expert) {
  selection.layer = layer;
  selection.expert = expert;
  selection.listeners.forEach((listener) => listener());
}

const loadAt = (data, domain, row, expert) => {
  const value = data.domains[domain].load[row * data.experts + expert];
  return value < 0 ? null : value / 100;
};

const layerName = (data, layer) => layer + (data && data.drafts.includes(layer) ? " (MTP)" : "");

const toColour = (load) => (load === null ? "-" : load === 0 ? -CLIP : Math.max(-CLIP, Math.min(CLIP, Math.log2(load))));

function drawLoad(body, data, all) {
  const layers = data.layers;
  let domain = 0;
  const wide = data.experts > 64;
  const cell = Math.max(9, Math.min(26, Math.round(440 / layers.length)));
  const label = () => "Heat map of the load of " + data.experts + " experts in " + layers.length + " layers, " + domainName(data.domains[domain].name)
    + ". With the focus here the arrow keys move between experts, whose details stand below.";
  const frame = (colours) => outline(colours, layers.includes(selection.layer) ? [[selection.expert, layers.indexOf(selection.layer)]] : []);
  const heat = chart(label(), 96 + cell * layers.length, (colours) => ({
    grid: { left: narrow() ? 56 : 64, right: 12, top: 8, bottom: wide ? 100 : 84 },
    xAxis: categoryAxis(colours, Array.from({ length: data.experts }, (_, expert) => expert), { name: "expert", nameLocation: "middle", nameGap: 24 }),
    yAxis: categoryAxis(colours, layers.map((layer) => layerName(data, layer)), { inverse: true, name: narrow() ? "" : "layer", nameLocation: "middle", nameGap: 48 }),
    dataZoom: wide ? [{ type: "slider", height: 14, bottom: 52, borderColor: colours.line, textStyle: { color: colours.muted }, showDetail: false, brushSelect: false }] : [],
    visualMap: {
      min: -CLIP, max: CLIP, calculable: false, orient: "horizontal", left: "center", bottom: 0, itemWidth: 12, itemHeight: narrow() ? 150 : 240,
      inRange: { color: colours.diverging }, outOfRange: { color: colours.none }, text: ["8× balance", "1/8"], textStyle: { color: colours.muted },
      dimension: 2, seriesIndex: 0, hoverLink: false,
    },
    tooltip: hover(colours, (item) => {
      const [expert, row] = item.value;
      const load = loadAt(data, domain, row, expert);
      return hoverText("Layer " + layerName(data, layers[row]) + ", expert " + expert,
        load === null ? "saw no token of this domain" : times(load) + " its share of " + domainName(data.domains[domain].name),
        domain > 0 && "over all domains " + times(loadAt(data, 0, row, expert)), firstTokens(all.tokens, layers[row], expert));
    }),
    series: [
      {
        type: "heatmap", progressive: 0, data: layers.flatMap((_, row) => Array.from({ length: data.experts }, (_, expert) => [expert, row, toColour(loadAt(data, domain, row, expert))])),
        itemStyle: { borderColor: colours.ground, borderWidth: wide || cell < 12 ? 0 : 1 }, emphasis: { itemStyle: { borderColor: colours.text, borderWidth: 2 } },
      },
      frame(colours),
    ],
  }), { tabindex: "0", role: "application", "aria-roledescription": "heat map", id: "load-map" });
  heat.on("click", (event) => {
    if (event.seriesType === "heatmap") {
      choose(layers[event.value[1]], event.value[0]);
    }
  });
  heat.element.addEventListener("keydown", (event) => moveSelection(event, layers, data.experts));
  selection.listeners.push(() => heat.change(frame));
  const domains = select("Domain", data.domains.map((one, index) => [index, domainName(one.name)]), 0, (index) => {
    domain = Number(index);
    heat.element.setAttribute("aria-label", label());
    heat.draw();
    fillExtremes();
  });
  domains.field.id = "load-domain";
  body.append(controls(domains), heat.element);
  const extremes = el("div");
  const fillExtremes = () => extremes.replaceChildren(extremeTable(data, domain));
  fillExtremes();
  body.append(details("Highest and lowest loads as a table", () => extremes));
  body.append(...[omitted(data.omitted, "domains with fewer tokens")].filter(Boolean));
  drawExpert(body, data, all);
}

function moveSelection(event, layers, experts) {
  const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  const step = steps[event.key];
  if (!step) {
    return;
  }
  event.preventDefault();
  const clamp = (value, end) => Math.max(0, Math.min(end - 1, value));
  const row = clamp(layers.indexOf(selection.layer) + step[0], layers.length);
  choose(layers[row], clamp(selection.expert + step[1], experts));
}

// A frame around the selected cells; a second series, so that selecting does not touch the first.
function outline(colours, cells) {
  return {
    id: "selected", type: "custom", silent: true, z: 5, data: cells, encode: { x: 0, y: 1 },
    renderItem: (_, api) => {
      const centre = api.coord([api.value(0), api.value(1)]);
      const size = api.size([1, 1]);
      const width = Math.max(size[0], 6);
      return {
        type: "rect", shape: { x: centre[0] - width / 2, y: centre[1] - size[1] / 2, width, height: size[1] },
        style: { fill: "transparent", stroke: colours.text, lineWidth: 2.5 },
      };
    },
  };
}

function extremeTable(data, domain) {
  const MOST = 3;
  const rows = data.layers.map((layer, row) => {
    const order = Array.from({ length: data.experts }, (_, expert) => [expert, loadAt(data, domain, row, expert)])
      .filter(([, load]) => load !== null).sort((a, b) => b[1] - a[1]);
    const tell = (some) => some.map(([expert, load]) => expert + " (" + times(load) + ")").join(", ") || "–";
    return { layer, most: tell(order.slice(0, MOST)), least: tell(order.slice(-MOST).reverse()), idle: order.filter(([, load]) => load === 0).length };
  });
  return table("Experts with the highest and lowest load, " + domainName(data.domains[domain].name), [
    ["Layer", (row) => layerName(data, row.layer)],
    ["Highest", (row) => row.most],
    ["Lowest", (row) => row.least],
    ["Without a token", (row) => count(row.idle), "number"],
  ], rows, true);
}
