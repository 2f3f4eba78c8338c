// One chart of a timeline: a heading whose keys show the values under the cursor, and a uPlot below it.
// Runs in the browser, inlined after uPlot; `uPlot` is its global.

/** A colour of the page's palette, as it is now (light, dark, print). */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

export function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

export const seconds = (time) => `${Math.round(time * 100) / 100} s`;
const number = (value) => (value >= 100 ? Math.round(value).toLocaleString("en") : String(Math.round(value * 10) / 10));
const milliseconds = (ms) => (ms >= 1000 ? `${Math.round(ms / 10) / 100} s` : ms >= 10 ? `${Math.round(ms)} ms` : `${Math.round(ms * 10) / 10} ms`);

/** Read each half second: a bucket without a reading is no gap. */
const sampled = new Set(["backlogOldestMs", "poolInUse", "poolWaiting"]);

const timeSteps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14400, 43200];

/** What is drawn, top to bottom. A chart whose series are all empty is left out. */
const charts = [
  {
    title: "Throughput",
    unit: "operations/s",
    height: 150,
    show: number,
    series: [
      { label: "served", key: "servedPerSecond", colour: "--served", fill: "--served-fill", width: 1.5 },
      { label: "shed", key: "shedPerSecond", colour: "--shed", width: 1.5, dash: [5, 3] },
    ],
  },
  {
    title: "Errors",
    unit: "% of answers",
    height: 96,
    show: (value) => `${number(value)} %`,
    range: [0, 100],
    series: [{ label: "errors", key: "errorPercent", colour: "--error", fill: "--error-fill", width: 1.5 }],
  },
  {
    title: "Latency",
    unit: "from the intended start, logarithmic",
    height: 170,
    show: milliseconds,
    logarithmic: true,
    series: [
      { label: "p50", key: "p50Ms", colour: "--p50", width: 1.5 },
      { label: "p95", key: "p95Ms", colour: "--p95", width: 1.5, dash: [7, 3] },
      { label: "p99", key: "p99Ms", colour: "--p99", width: 1.5, dash: [2, 3] },
    ],
  },
  {
    title: "Backlog",
    unit: "age of the longest-waiting run",
    height: 110,
    least: 100,
    show: milliseconds,
    series: [{ label: "oldest", key: "backlogOldestMs", colour: "--backlog", fill: "--backlog-fill", width: 1.5 }],
  },
  {
    title: "Connection pools",
    unit: "of all instances",
    height: 110,
    least: 4,
    show: number,
    series: [
      { label: "in use", key: "poolInUse", colour: "--pool", width: 1.5 },
      { label: "callers waiting", key: "poolWaiting", colour: "--error", width: 1.5, dash: [2, 3] },
    ],
  },
];

/** The charts for which this timeline has data; the last has the axis of time. */
export function chartsFor(timeline) {
  const some = charts.filter((chart) => chart.series.some(({ key }) => timeline[key].some((value) => value !== null)));
  return some.map((chart, i) => ({ ...chart, last: i === some.length - 1 }));
}

/** Draws one chart into `parent`. `shared` has xs, syncKey, gutter, scaled(min, max), background(u) and foreground(u). */
export function drawChart(chart, timeline, parent, shared) {
  const head = element("div", "chart-head");
  const title = element("h3", "", chart.title);
  title.append(element("span", "unit", chart.unit));
  const values = chart.series.map((series) => {
    const key = element("span", "series-key");
    const swatch = element("i", series.dash ? (series.dash[0] > 4 ? "dashed" : "dotted") : "");
    swatch.style.borderTopColor = `var(${series.colour})`;
    const value = element("b", "", "");
    key.append(swatch, series.label, " ", value);
    head.append(key);
    return value;
  });
  head.prepend(title);
  const holder = element("div", "chart");
  const panel = element("div", "panel");
  panel.append(head, holder);
  parent.append(panel);

  const ys = chart.series.map(({ key }) => timeline[key]);
  const plot = new uPlot(
    {
      width: shared.width(),
      height: chart.height + (chart.last ? 26 : 0),
      padding: [8, 12, chart.last ? 0 : 4, 0],
      legend: { show: false },
      cursor: {
        y: false,
        drag: { x: true, y: false, setScale: true },
        sync: { key: shared.syncKey, scales: ["x", null] },
        points: { size: 6 },
        bind: { dblclick: () => () => shared.look(shared.from, shared.to) },
      },
      scales: { x: { time: false }, y: { distr: chart.logarithmic ? 3 : 1, range: yRange(chart, ys) } },
      axes: [
        axis({ show: chart.last, size: 26, incrs: timeSteps, values: (_, ticks) => ticks.map((tick) => `${Math.round(tick * 1000) / 1000} s`) }),
        yAxis(chart, shared.gutter),
      ],
      series: [
        {},
        ...chart.series.map((series) => ({
          label: series.label,
          stroke: () => colour(series.colour),
          fill: series.fill ? () => colour(series.fill) : undefined,
          width: series.width,
          dash: series.dash,
          spanGaps: sampled.has(series.key),
          points: { show: false },
        })),
      ],
      hooks: {
        drawClear: [(u) => shared.background(u)],
        draw: [(u) => shared.foreground(u)],
        setScale: [(u, scale) => scale === "x" && shared.scaled(u.scales.x.min, u.scales.x.max)],
        setCursor: [
          (u) => {
            const at = u.cursor.idx;
            values.forEach((value, i) => {
              const y = at === null || at === undefined ? null : ys[i][at];
              value.textContent = y === null || y === undefined ? "" : chart.show(y);
            });
            shared.hovered(at ?? null, u.posToVal(u.cursor.left, "x"));
          },
        ],
      },
    },
    [shared.xs, ...ys],
    holder,
  );
  return plot;
}

function yRange(chart, ys) {
  const all = ys.flat().filter((value) => value !== null);
  const most = all.reduce((a, b) => Math.max(a, b), 0);
  if (chart.range) return chart.range;
  if (!chart.logarithmic) return [0, Math.max(chart.least ?? 1, most * 1.1)];
  const least = all.reduce((a, b) => Math.min(a, b), most);
  // Whole decades, so that the same figures stand on the axis of every experiment; 0 has no logarithm.
  return [10 ** Math.floor(Math.log10(Math.max(0.1, least))), 10 ** Math.max(1, Math.ceil(Math.log10(Math.max(1, most))))];
}

function yAxis(chart, gutter) {
  const show = (_, ticks) => ticks.map((tick) => (tick === null ? "" : chart.show(tick)));
  const decades = (_, ticks) => ticks.map((tick) => (Math.abs(Math.log10(tick) % 1) < 1e-9 ? tick : null));
  return axis({
    size: gutter,
    values: show,
    space: chart.height > 120 ? 34 : 26,
    ...(chart.logarithmic ? { filter: decades, grid: { stroke: () => colour("--grid"), width: 1, filter: decades } } : {}),
  });
}

function axis(options) {
  const line = () => colour("--grid");
  return {
    stroke: () => colour("--quiet"),
    font: "11px system-ui, sans-serif",
    gap: 6,
    grid: { stroke: line, width: 1 },
    ticks: { show: false },
    border: { show: false },
    ...options,
  };
}
