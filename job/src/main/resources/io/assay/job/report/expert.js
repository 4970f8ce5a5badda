// One expert: what it takes of every domain, and the tokens that choose it.

// Tokens of an expert: {text, count, part} each.
function tokensOf(tokens, layer, expert) {
  const flat = tokens && tokens.experts ? tokens.experts[layer + ":" + expert] || [] : [];
  const found = [];
  for (let i = 0; i < flat.length; i += 3) {
    found.push({ text: tokens.texts[flat[i]], count: flat[i + 1], part: flat[i + 2] / 100 });
  }
  return found;
}

function firstTokens(tokens, layer, expert) {
  const found = tokensOf(tokens, layer, expert).slice(0, 5);
  return found.length > 0 ? "tokens: " + found.map((token) => visible(token.text)).join("  ") : null;
}

function drawExpert(body, data, all) {
  let order = "count";
  const heading = el("h3", null);
  const said = el("p", { class: "lead" });
  const content = el("div", { class: "panels" });
  const layer = select("Layer", data.layers.map((index) => [index, layerName(data, index)]), data.layers[0], (value) => choose(Number(value), selection.expert));
  const number = el("input", { type: "number", min: "0", max: data.experts - 1, step: "1", onchange: () => {
    const wanted = Math.max(0, Math.min(data.experts - 1, Math.round(Number(number.value) || 0)));
    choose(selection.layer, wanted);
  } });
  const sorting = select("Tokens by", [["count", "how often they chose it"], ["part", "how faithful they are to it"]], order, (value) => {
    order = value;
    show();
  });
  layer.field.id = "expert-layer";
  number.id = "expert-number";
  let loads = null;
  const show = () => {
    const row = data.layers.indexOf(selection.layer);
    layer.field.value = selection.layer;
    number.value = selection.expert;
    heading.textContent = "Layer " + layerName(data, selection.layer) + ", expert " + selection.expert;
    if (loads) {
      forget(loads);
    }
    const domains = data.domains.map((one, index) => ({ name: domainName(one.name), value: loadAt(data, index, row, selection.expert) }))
      .filter((one) => one.value !== null);
    const most = domains.slice(1).reduce((best, one) => (!best || one.value > best.value ? one : best), null);
    const overall = domains[0] && domains[0].value;
    said.textContent = overall > 0 ? times(overall) + " its share of all tokens" + (most ? "; most in " + most.name + ", " + times(most.value) : "") + "." : "It saw no token.";
    loads = loadBars(domains);
    const tokens = tokensOf(all.tokens, selection.layer, selection.expert).sort((a, b) => b[order] - a[order]);
    content.replaceChildren(
      el("div", null, loads.element),
      el("div", null, tokens.length > 0
        ? table("Tokens that chose it", [
          ["Token", (token) => el("code", null, visible(token.text))],
          ["Times", (token) => count(token.count), "number"],
          ["Of its occurrences", (token) => percent(token.part, 0), "number"],
        ], tokens, true)
        : note(missingTokens(all.tokens, data.drafts.includes(selection.layer), overall === 0))));
    if (content.isConnected) {
      loads.draw();
    }
  };
  selection.listeners.push(show);
  const first = mostLoaded(data);
  selection.layer = first[0];
  selection.expert = first[1];
  show();
  body.append(el("div", { class: "expert", id: "expert" }, el("div", { "aria-live": "polite", "aria-atomic": "true" }, heading, said),
    controls(layer, el("label", null, "Expert", number), sorting), content));
}

function missingTokens(tokens, draft, unused) {
  if (unused) {
    return "No token chose it.";
  }
  if (tokens && tokens.problem) {
    return "Its tokens cannot be shown: " + tokens.problem;
  }
  if (draft) {
    return "Tokens of MTP modules are not counted.";
  }
  return tokens ? "Its tokens are not on this page; the table expert_tokens may have them." : "The run did not count tokens of experts (statistics.tokens).";
}

// The cell that stands out most, so that the page opens with something to see.
function mostLoaded(data) {
  let best = [data.layers[0], 0, -1];
  data.layers.forEach((layer, row) => {
    for (let expert = 0; expert < data.experts; expert++) {
      const load = loadAt(data, 0, row, expert);
      if (load !== null && load > best[2] && !data.drafts.includes(layer)) {
        best = [layer, expert, load];
      }
    }
  });
  return best;
}

function loadBars(domains) {
  const MOST = 20;
  const shown = domains.slice(0, MOST);
  return chart("Load of this expert relative to balance by domain: " + shown.map((one) => one.name + " " + times(one.value)).join(", "), 52 + 22 * shown.length, (colours) => {
    const names = rowAxis(colours, shown.map((one) => one.name));
    return {
      grid: { left: names.width, right: 48, top: 6, bottom: 44 },
      xAxis: valueAxis(colours, { scale: false, name: "load relative to balance" }),
      yAxis: names.axis,
      tooltip: hover(colours, (item) => hoverText(shown[item.dataIndex].name, times(shown[item.dataIndex].value) + " its share of this domain's tokens")),
      series: [{
        type: "bar", barMaxWidth: 14, data: shown.map((one) => ({ value: one.value, itemStyle: { color: colours.series[one.value >= 1 ? 1 : 0] } })),
        label: { show: true, position: "right", color: colours.muted, backgroundColor: colours.ground, padding: [1, 2], formatter: (item) => times(item.value) },
        markLine: { silent: true, symbol: "none", label: { show: false }, lineStyle: { color: colours.text, type: "solid" }, data: [{ xAxis: 1 }] },
      }],
    };
  });
}
