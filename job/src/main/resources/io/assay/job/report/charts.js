// Charts by ECharts: drawn on a canvas, drawn again when theme or paper change, and never the only way to a number.

const drawn = [];

// option: theme => what ECharts is to draw. Returns the element and how to draw it again.
function chart(label, height, option, attributes) {
  const element = el("div", { class: "chart", role: "img", "aria-label": label, ...attributes });
  element.style.height = height + "px";
  const self = {
    element,
    instance: null,
    draw() {
      if (!self.instance) {
        self.instance = echarts.init(element, null, { renderer: "canvas" });
        (self.events || []).forEach(([event, handler]) => self.instance.on(event, handler));
      }
      self.instance.setOption({ ...base(theme()), ...option(theme()) }, { notMerge: true });
    },
    // Changes one series, found by its id, and leaves the rest as it is drawn.
    change(series) {
      if (self.instance) {
        self.instance.setOption({ series: [series(theme())] });
      }
    },
    on(event, handler) {
      (self.events = self.events || []).push([event, handler]);
      return self;
    },
  };
  drawn.push(self);
  return self;
}

// A chart that its page part no longer shows.
function forget(self) {
  const at = drawn.indexOf(self);
  if (at >= 0) {
    drawn.splice(at, 1);
  }
  if (self.instance) {
    self.instance.dispose();
  }
}

function base(colours) {
  return {
    animation: false,
    color: colours.series,
    backgroundColor: "transparent",
    textStyle: { color: colours.text, fontFamily: getComputedStyle(document.body).fontFamily },
    aria: { enabled: false },
  };
}

const axisText = (colours) => ({ color: colours.muted, fontSize: 12 });

function valueAxis(colours, more) {
  return {
    type: "value", scale: true, axisLabel: axisText(colours), nameTextStyle: { color: colours.muted },
    nameLocation: "middle", nameGap: 28, axisLine: { lineStyle: { color: colours.line } },
    splitLine: { lineStyle: { color: colours.grid } }, ...more,
  };
}

function categoryAxis(colours, names, more) {
  return {
    type: "category", data: names, axisTick: { show: false }, axisLabel: axisText(colours),
    axisLine: { lineStyle: { color: colours.line } }, nameTextStyle: { color: colours.muted }, ...more,
  };
}

// Names of rows on the left, on two lines where they are long, and cut where they are longer still.
function rowAxis(colours, names) {
  const COLUMN = 7.2;
  const longest = Math.max(0, ...names.map(columns));
  const width = Math.min(narrow() ? 118 : 230, 16 + COLUMN * longest);
  const room = Math.floor((width - 8) / COLUMN);
  return {
    width,
    axis: categoryAxis(colours, names, {
      inverse: true, axisLabel: { color: colours.text, fontSize: 12, lineHeight: 14, interval: 0, formatter: (name) => twoLines(name, room) },
    }),
  };
}

function hover(colours, content) {
  return {
    confine: true, backgroundColor: colours.ground, borderColor: colours.line, textStyle: { color: colours.text },
    extraCssText: "box-shadow: 0 2px 10px rgba(0,0,0,.25)", formatter: content,
  };
}

const hoverText = (title, ...lines) =>
  el("div", { class: "hover" }, el("strong", null, title), lines.filter(Boolean).map((line) => el("div", null, line)));

const legend = (colours, more) => ({ top: 0, left: 0, icon: undefined, formatter: (name) => cut(name, 28), textStyle: { color: colours.text }, pageTextStyle: { color: colours.text }, pageIconColor: colours.muted, type: "scroll", ...more });

function again() {
  drawn.forEach((one) => one.draw());
}

function watchCharts() {
  again();
  darkness.addEventListener("change", again);
  let width = window.innerWidth;
  window.addEventListener("resize", () => {
    if (!printing && window.innerWidth !== width) {
      width = window.innerWidth;
      drawn.forEach((one) => one.instance.resize());
      again();
    }
  });
  // Paper is white and narrower than most screens.
  window.addEventListener("beforeprint", () => {
    printing = true;
    drawn.forEach((one) => one.instance.resize({ width: Math.min(640, one.element.clientWidth) }));
    again();
  });
  window.addEventListener("afterprint", () => {
    printing = false;
    drawn.forEach((one) => one.instance.resize({ width: "auto" }));
    again();
  });
}
