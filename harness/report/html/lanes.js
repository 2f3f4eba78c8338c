// The lanes above the charts: what was done to the system, what it did wrong, and which instances were ready.
import { element, seconds } from "./chart.js";

/** Fills `at` with lanes for the moments in view. */
export function drawLanes(at, { faults, marks, lanes, view, experiment, plotWidth, zoomTo }) {
  at.textContent = "";
  const percent = (time) => (100 * (time - view.min)) / (view.max - view.min);
  const visible = (from, to) => to >= view.min && from <= view.max;
  const place = (made, from, to) => {
    made.style.left = `${Math.max(0, percent(from))}%`;
    if (to !== undefined) made.style.width = `${Math.min(100, percent(to)) - Math.max(0, percent(from))}%`;
    return made;
  };
  const lane = (label, className) => {
    const row = element("div", `lane ${className}`);
    const name = element("span", "lane-name", label);
    name.title = label;
    const track = element("div", "track");
    row.append(name, track);
    at.append(row);
    return track;
  };

  // Each fault goes to the first row in which its bar and label fit beside what is there.
  const rows = [];
  const perSecond = plotWidth / (view.max - view.min);
  for (const fault of faults.filter((one) => visible(one.from, one.to))) {
    const start = Math.max(fault.from, view.min);
    const labelled = (fault.label.length * 6.8 + 16) / perSecond;
    // A label that would leave the chart on the right begins further left.
    const shift = Math.min(0, Math.max(view.min, view.max - labelled) - start);
    const needed = Math.max(fault.to, start + shift + labelled);
    let row = rows.find((one) => one.until <= start + shift);
    if (!row) {
      row = { until: 0, track: lane(rows.length === 0 ? "Faults" : "", "faults") };
      rows.push(row);
    }
    row.until = needed + 4 / perSecond;
    row.track.append(faultBar(fault, { place, view, percent, zoomTo, shiftPx: shift * perSecond }));
  }

  const wrong = marks.filter((mark) => visible(mark.time / 1000, mark.time / 1000));
  if (wrong.length > 0) {
    const track = lane("Violated", "violations");
    for (const mark of wrong) {
      const link = element("a", "mark");
      link.href = `#${encodeURIComponent(experiment)}/${encodeURIComponent(mark.claim)}@${(mark.time / 1000).toFixed(3)}`;
      link.title = `${mark.claim} at ${seconds(mark.time / 1000)}: ${mark.text}`;
      link.setAttribute("aria-label", link.title);
      track.append(place(link, mark.time / 1000));
    }
  }

  for (const { instance, stretches } of lanes) {
    const track = lane(instance, "instance");
    for (const stretch of stretches) {
      const [from, to] = [stretch.from / 1000, stretch.to / 1000];
      if (!visible(from, to)) continue;
      const bar = element("span", `stretch ${stretch.state.replace(" ", "-")}`);
      bar.title = `${instance}: ${stretch.state} from ${seconds(from)} to ${seconds(to)}`;
      track.append(place(bar, from, to));
      const wide = (Math.min(to, view.max) - Math.max(from, view.min)) * perSecond;
      if (stretch.state === "not ready" && wide > 60) bar.textContent = "not ready";
    }
  }
}

/** Requested to healed; the part that a probe saw biting is solid. */
function faultBar(fault, { place, view, percent, zoomTo, shiftPx }) {
  const bar = element("button", `fault ${fault.band.state === "confirmed" ? "" : "doubtful"}`);
  bar.type = "button";
  const { band } = fault;
  const told = [
    ["requested", band.requestedAt],
    ["seen biting", band.bitingAt],
    ["healing", band.healingAt],
    ["seen healed", band.healedAt],
  ].map(([name, time]) => `${name} ${time === null ? "never" : seconds(time / 1000)}`);
  bar.title = `${fault.label}: ${told.join(", ")}`;
  bar.setAttribute("aria-label", `${bar.title}. Zoom to it.`);
  place(bar, fault.from, fault.to);
  const solidFrom = Math.max(fault.bitesFrom, view.min);
  const solidTo = Math.min(fault.bitesTo, view.max);
  if (solidTo > solidFrom) {
    const biting = element("span", "biting");
    const start = Math.max(0, percent(fault.from));
    const length = Math.max(1e-6, Math.min(100, percent(fault.to)) - start);
    biting.style.left = `${(100 * (percent(solidFrom) - start)) / length}%`;
    biting.style.width = `${(100 * (percent(solidTo) - percent(solidFrom))) / length}%`;
    bar.append(biting);
  }
  const name = element("span", "fault-name", fault.label);
  name.style.marginLeft = `${shiftPx}px`;
  bar.append(name);
  const margin = Math.max(1, (fault.to - fault.from) / 2);
  bar.addEventListener("click", () => zoomTo(fault.from - margin, fault.to + margin));
  return bar;
}
