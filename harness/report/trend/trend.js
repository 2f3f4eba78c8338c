// Draws the course of the headline numbers, a chart each, in the order of the runs.
/* global uPlot */
const { runs, charts } = JSON.parse(document.getElementById("_data").textContent);
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const lines = ["--holds", "--violated", "--inconclusive", "--backlog", "--p99", "--shed", "--p50", "--quiet"];
const dashes = [[], [6, 3], [2, 3], [8, 3, 2, 3]];
const shown = (value) => (value === null || value === undefined ? "-" : String(Math.round(value * 100) / 100));
const holder = document.getElementById("charts");
document.getElementById("nothing").hidden = charts.length > 0;

for (const { title, unit, lines: all } of charts) {
  const figure = document.createElement("figure");
  figure.style.margin = "0";
  const heading = document.createElement("h3");
  heading.textContent = unit ? `${title} (${unit})` : title;
  const values = document.createElement("p");
  values.className = "quiet values";
  figure.append(heading, values);
  holder.append(figure);
  const say = (at) => {
    const told = all.map(({ label, values: of }) => `${label} ${shown(of[at])}`).join(", ");
    values.textContent = runs[at] === undefined ? "" : `${runs[at]}: ${told}`;
  };
  say(runs.length - 1);
  const axis = { stroke: () => colour("--quiet"), grid: { stroke: () => colour("--grid") } };
  const plot = new uPlot(
    {
      width: figure.clientWidth,
      height: 150,
      legend: { show: false },
      cursor: { drag: { x: false, y: false } },
      scales: { x: { time: false, range: [-0.5, runs.length - 0.5] }, y: { range: (_, __, most) => [0, Math.max(1, (most ?? 0) * 1.1)] } },
      axes: [{ ...axis, values: (_, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? (runs[tick]?.slice(5, 10) ?? "") : "")) }, axis],
      series: [
        {},
        ...all.map(({ label }, i) => ({
          label,
          stroke: () => colour(lines[i % lines.length]),
          width: 1.5,
          dash: dashes[i % dashes.length],
          spanGaps: true,
          points: { size: 5 },
        })),
      ],
      hooks: { setCursor: [(u) => say(u.cursor.idx ?? runs.length - 1)] },
    },
    [runs.map((_, i) => i), ...all.map(({ values: of }) => of)],
    figure,
  );
  addEventListener("resize", () => plot.setSize({ width: figure.clientWidth, height: 150 }));
}
