// Follows a run: one state a second from /events, shown as text and as a chart. When the run has its verdict, the report takes this page's place.
/* global uPlot */
const at = (id) => document.getElementById(id);
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const clock = (ms) => `${Math.floor(ms / 60_000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, "0")}`;
const silentAfterMs = 5000;

let state = null;
const active = () => (state?.current?.faults ?? []).filter((fault) => fault.healedAt === null);

const plot = new uPlot(
  {
    width: at("chart").clientWidth,
    height: 220,
    legend: { show: false },
    cursor: { drag: { x: false, y: false } },
    scales: { x: { time: false }, y: { range: (_, __, most) => [0, Math.max(1, most * 1.1)] } },
    axes: [
      { stroke: () => colour("--quiet"), grid: { stroke: () => colour("--grid") }, values: (_, all) => all.map((s) => `${s} s`) },
      { stroke: () => colour("--quiet"), grid: { stroke: () => colour("--grid") } },
    ],
    series: [
      {},
      { label: "served", stroke: () => colour("--served"), fill: () => colour("--served-fill"), width: 1.5, points: { show: false } },
      { label: "not served", stroke: () => colour("--error"), fill: () => colour("--error-fill"), width: 1.5, points: { show: false } },
    ],
    hooks: { drawClear: [drawBands] },
  },
  [[], [], []],
  at("chart"),
);
addEventListener("resize", () => plot.setSize({ width: at("chart").clientWidth, height: 220 }));

function drawBands(u) {
  const faults = state?.current?.faults ?? [];
  u.ctx.save();
  u.ctx.fillStyle = colour("--band");
  for (const { requestedAt, healedAt } of faults) {
    const from = Math.max(u.bbox.left, u.valToPos(requestedAt / 1000, "x", true));
    const to = Math.min(u.bbox.left + u.bbox.width, healedAt === null ? Number.POSITIVE_INFINITY : u.valToPos(healedAt / 1000, "x", true));
    if (to > from) u.ctx.fillRect(from, u.bbox.top, to - from, u.bbox.height);
  }
  u.ctx.restore();
}

function show(next) {
  state = next;
  const { current, done, finished, silentMs } = next;
  if (finished) {
    source.close();
    location.reload();
    return;
  }
  const silent = silentMs > silentAfterMs ? ` · nothing was recorded for ${Math.round(silentMs / 1000)} s` : "";
  at("state").textContent = `${current ? "running" : "between two experiments"}${silent}`;
  at("title").textContent = current?.experiment ?? "A run in progress";
  at("elapsed").textContent = current ? clock(current.elapsedMs) : "-";
  // The last second may still be going on.
  const last = current ? current.served.length - 2 : -1;
  at("rate").textContent = last >= 0 ? `${current.served[last] + current.failed[last]} /s` : "-";
  at("operations").textContent = current?.operations.toLocaleString("en") ?? "-";
  at("errors").textContent = current?.errors.toLocaleString("en") ?? "-";
  at("fault").textContent =
    active()
      .map((fault) => `${fault.text}${fault.bitingAt === null ? "" : " (biting)"}`)
      .join(", ") || "none";
  at("done").replaceChildren(...done.map(entry));
  const served = current?.served ?? [];
  plot.setData([served.map((_, i) => i + current.fromSecond), served, current?.failed ?? []]);
}

function entry({ experiment, title, verdict, says }) {
  const item = document.createElement("li");
  const word = document.createElement("b");
  word.className = verdict.replaceAll(" ", "-");
  word.textContent = verdict;
  item.append(word, ` ${experiment}: ${title} (${says.join("; ")})`);
  return item;
}

const source = new EventSource("/events");
source.addEventListener("message", (event) => show(JSON.parse(event.data)));
source.addEventListener("error", () => {
  at("state").textContent = "the server of this page has ended";
});
