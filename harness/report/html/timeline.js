// The joint timeline of one experiment: lanes of faults, violations and instances over charts that share their axis of time.
import { chartsFor, colour, drawChart, seconds } from "./chart.js";
import { drawLanes } from "./lanes.js";

/** Draws `data` into its figure; returns what the page can ask of it: show(time), redraw(), resize(width; 0: as wide as there is room). */
export function drawTimeline(figure, data) {
  const { timeline, bands, lanes, marks } = data;
  const lanesAt = figure.querySelector(".lanes");
  const chartsAt = figure.querySelector(".charts");
  const readout = figure.querySelector(".readout");
  const bucketS = timeline.bucketMs / 1000;
  const xs = Array.from({ length: timeline.buckets }, (_, i) => (i + 0.5) * bucketS);
  const from = 0;
  const to = timeline.buckets * bucketS;
  const faults = bands.map((band) => bandTimes(band, to));
  let view = { min: from, max: to };
  let focus = null;
  let fixedWidth = 0;
  let plots = [];
  let settling = 0;

  const gutter = figure.clientWidth < 520 ? 52 : 76;
  const width = () => fixedWidth || Math.max(240, chartsAt.clientWidth);
  const shared = { xs, from, to, gutter, width, syncKey: `timeline-${figure.dataset.index}`, look, scaled, background, foreground, hovered };
  figure.style.setProperty("--gutter", `${gutter}px`);
  chartsAt.textContent = "";
  plots = chartsFor(timeline).map((chart) => drawChart(chart, timeline, chartsAt, shared));
  look(from, to);
  const zoom = figure.querySelector(".zoom");
  zoom.hidden = false;
  zoom.addEventListener("click", (event) => zoomBy(event.target.dataset?.zoom));
  figure.addEventListener("keydown", keys);
  new ResizeObserver(refit).observe(chartsAt);
  hovered(null);

  /** A chart was zoomed: by the reader, unless it is our own change coming back. */
  function scaled(min, max) {
    if (settling === 0 && plots.length > 0 && min !== null && max !== null) look(min, max);
  }

  /** Brings all charts and lanes to these seconds, as far as they exist. */
  function look(min, max) {
    settling += 1;
    const length = Math.max(bucketS * 4, Math.min(to - from, max - min));
    const start = Math.max(from, Math.min(to - length, min));
    view = { min: start, max: start + length };
    for (const plot of plots) {
      plot.setScale("x", view);
      plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
    }
    layLanes();
    // uPlot tells its scales in microtasks: after them, a change is the reader's.
    setTimeout(() => {
      settling -= 1;
    });
  }

  function refit() {
    if (plots.length === 0 || plots[0].width === width()) return;
    for (const plot of plots) plot.setSize({ width: width(), height: plot.height });
    layLanes();
  }

  /** Without new paths: a path taken now would be one of the scales before a pending change. */
  function redraw() {
    for (const plot of plots) plot.redraw(false);
  }

  /** Brings a moment (seconds) to the middle, a few seconds to both sides, and marks it. */
  function show(time) {
    focus = time;
    const half = Math.min((to - from) / 2, Math.max(4, (to - from) / 12));
    look(time - half, time + half);
    redraw();
    // Scales settle in a microtask; the cursor needs the new ones.
    setTimeout(() => pointAt(time));
  }

  function pointAt(time) {
    const plot = plots[0];
    if (plot) plot.setCursor({ left: plot.valToPos(time, "x"), top: 4 }, true, true);
  }

  function zoomBy(how) {
    const middle = plots[0]?.cursor.left > 0 ? plots[0].posToVal(plots[0].cursor.left, "x") : (view.min + view.max) / 2;
    const length = (view.max - view.min) * (how === "in" ? 0.5 : 2);
    if (how === "all") {
      focus = null;
      look(from, to);
    } else if (how) look(middle - length / 2, middle + length / 2);
  }

  function keys(event) {
    if (event.target !== figure || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = plots[0]?.cursor.idx ?? Math.round((view.min + view.max) / 2 / bucketS);
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 }[event.key];
    const how = { "+": "in", "=": "in", "-": "out", 0: "all", Home: "all" }[event.key];
    if (!step && !how) return;
    event.preventDefault();
    if (how) return zoomBy(how);
    const next = xs[Math.max(0, Math.min(xs.length - 1, at + step))];
    if (next < view.min || next > view.max) look(view.min + step * bucketS, view.max + step * bucketS);
    setTimeout(() => pointAt(next));
  }

  function hovered(at, time) {
    if (at === null) {
      const zoomed = view.max - view.min < to - from - 1e-9;
      readout.textContent = zoomed ? `${seconds(view.min)} to ${seconds(view.max)}` : `Timeline, ${seconds(to)}`;
      return;
    }
    const active = faults.filter((fault) => fault.from <= time && time <= fault.to).map((fault) => fault.label);
    readout.textContent = `${seconds(time)}${active.length > 0 ? ` · ${active.join(", ")}` : ""}`;
  }

  function background(plot) {
    const { ctx, bbox } = plot;
    ctx.save();
    for (const fault of faults) {
      const [x0, x1, b0, b1] = [fault.from, fault.to, fault.bitesFrom, fault.bitesTo].map((time) =>
        Math.max(bbox.left, Math.min(bbox.left + bbox.width, plot.valToPos(time, "x", true))),
      );
      ctx.fillStyle = colour("--band");
      if (x1 > x0) ctx.fillRect(x0, bbox.top, x1 - x0, bbox.height);
      if (b1 > b0) ctx.fillRect(b0, bbox.top, b1 - b0, bbox.height);
    }
    ctx.restore();
  }

  function foreground(plot) {
    const { ctx, bbox } = plot;
    const line = (time, wide) => {
      const x = plot.valToPos(time, "x", true);
      if (x < bbox.left || x > bbox.left + bbox.width) return;
      ctx.lineWidth = wide * devicePixelRatio;
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
    };
    ctx.save();
    ctx.strokeStyle = colour("--violated");
    ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
    for (const mark of marks) line(mark.time / 1000, 1);
    ctx.setLineDash([]);
    if (focus !== null) line(focus, 2);
    ctx.restore();
  }

  function layLanes() {
    drawLanes(lanesAt, { faults, marks, lanes, view, experiment: data.experiment, plotWidth: width() - gutter - 12, zoomTo: look });
  }

  function resize(fixed) {
    fixedWidth = fixed;
    refit();
  }

  return { show, redraw, resize };
}

/** A band's moments in seconds, and where it counts as biting. */
function bandTimes(band, end) {
  const s = (ms) => ms / 1000;
  const ended = band.healedAt === null ? (band.state === "did not bite" ? s(band.healingAt ?? band.requestedAt) : end) : s(band.healedAt);
  const bitesFrom = band.bitingAt === null ? ended : s(band.bitingAt);
  const bitesTo = band.bitingAt === null ? ended : band.healingAt === null ? ended : s(band.healingAt);
  return {
    band,
    label: `${band.fault} ${band.on}${band.state === "confirmed" ? "" : ` (${band.state})`}`,
    from: s(band.requestedAt),
    to: Math.max(ended, s(band.requestedAt)),
    bitesFrom,
    bitesTo,
  };
}
