/** What the deployment carries: the curve of a capacity run, how it grows with instances, and what experiments measured on the way. */
import type { Point } from "../../capacity/result.ts";
import type { Capacity, CapacityRun, ReportModel } from "../model.ts";
import { isValid } from "../read-capacity.ts";
import { duration, figure, grouped } from "../text.ts";
import type { Markup } from "./markup.ts";
import { anchor, html } from "./markup.ts";
import { facts, icon, notice } from "./parts.ts";
import { type Line, plot } from "./plot.ts";

/** null: nothing of it was measured in this run. */
export function capacity(model: ReportModel): Markup | null {
  if (model.capacity.length === 0 && model.capacityRun === null) return null;
  return html`<section id="_capacity"><h2>Capacity</h2>${model.capacityRun && run(model.capacityRun)}<div class="cards">${model.capacity.map(chart)}</div></section>`;
}

/** One line for the first screen. */
export function capacityHeadline({ capacity: measured, capacityRun }: ReportModel): Markup {
  if (capacityRun?.sustainable) {
    const { sustainable } = capacityRun;
    return html`<p><a href="#_capacity"><strong>${rate(sustainable)}</strong></a> sustained on ${sustainable.instances} instance${sustainable.instances === 1 ? "" : "s"}</p><p class="quiet">limited by ${sustainable.limit.by}</p>`;
  }
  const [first] = measured;
  const last = first?.points[first.points.length - 1];
  if (!first || !last) return html`<p class="quiet">Not measured in this run; <code>npm run capacity</code> does.</p>`;
  return html`<p><a href="#_capacity"><strong>${grouped(last.perSecond)}/s</strong></a> on ${last.instances} instances, ${grouped(Math.round(last.ratio * 100))} % of linear</p><p class="quiet">from ${first.claim} in ${first.experiment}</p>`;
}

function rate({ lowPerSecond, highPerSecond }: NonNullable<CapacityRun["sustainable"]>): string {
  return highPerSecond === null ? `at least ${grouped(lowPerSecond)}/s` : `${grouped(lowPerSecond)} to ${grouped(highPerSecond)}/s`;
}

function run(one: CapacityRun): Markup {
  const { sustainable, searched, scaling, objectives, settings, maximumPerSecond, kneePerSecond, targetPerSecond } = one;
  const invalid = [...searched, ...scaling].filter((point) => !isValid(point));
  const rates = [
    ["Sustainable", sustainable && rate(sustainable)],
    ["Maximum", perSecond(maximumPerSecond)],
    ["Knee", perSecond(kneePerSecond)],
    ["Target", perSecond(targetPerSecond)],
  ] as const;
  return html`${
    sustainable &&
    html`<figure class="capacity"><figcaption><strong>${rate(sustainable)} within the objectives</strong> on ${sustainable.instances} instance${sustainable.instances === 1 ? "" : "s"}
<span class="quiet">Stopped because ${sustainable.stoppedBecause}. Limited by ${sustainable.limit.by}: ${sustainable.limit.evidence}.</span></figcaption>${curve(one)}${facts(rates.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const])))}</figure>`
  }
${balance(one)}
${growth(one)}
${beyond(one)}
${points(one)}
${notice("Windows that say nothing", [...new Set(invalid.map(({ validity }) => validity.voidBecause))])}
${facts([...Object.entries(objectives).map(([name, value]) => figure(name, value)), ...Object.entries(settings).map(([name, value]) => (typeof value === "number" ? figure(name, value) : ([name, value] as const)))])}`;
}

function perSecond(value: number | null): string | null {
  return value === null ? null : `${grouped(value)}/s`;
}

/** What else was asked for: a document's own rates, another build, faults. */
function beyond({ rates, against, underFaults, others }: CapacityRun): Markup {
  const rows = rates.map(
    (one) =>
      html`<tr><th scope="row">${one.name} <span class="quiet">${one.study}</span></th><td class="number">${one.documentedPerMinute.map(grouped).join(" to ")}</td><td class="number">${grouped(one.measuredPerMinute)}</td><td class="number">${grouped(one.idealPerMinute)}</td></tr>`,
  );
  const searches = others.map(
    ({ title, sustainable, maximumPerSecond }) =>
      html`<tr><th scope="row">${title}</th><td class="number">${rate(sustainable)}</td><td class="number">${grouped(maximumPerSecond)}/s</td><td>${sustainable.limit.by}: ${sustainable.limit.evidence}</td></tr>`,
  );
  return html`${searches.length > 0 && html`<div class="scroll" tabindex="0" role="group" aria-label="Other searches"><table class="plain"><thead><tr><th scope="col">Other searches</th><th scope="col" class="number">Sustainable</th><th scope="col" class="number">Maximum</th><th scope="col">Limited by</th></tr></thead><tbody>${searches}</tbody></table></div>`}
${underFaults && html`<p><strong>${underFaults.sustainedPerSecond === null ? "No rate" : `${grouped(underFaults.sustainedPerSecond)}/s`}</strong> carried with nothing lost or done twice while ${grouped(underFaults.killsPerMinute)} instances a minute die.</p>`}
${against && html`<p>Compared with ${against.what}: <strong>${against.verdict}</strong>. ${against.summary}</p>`}
${rows.length > 0 && html`<div class="scroll" tabindex="0" role="group" aria-label="Rates that a document states"><table class="plain"><thead><tr><th scope="col">Requests a minute</th><th scope="col" class="number">Documented</th><th scope="col" class="number">Measured</th><th scope="col" class="number">Ideal</th></tr></thead><tbody>${rows}</tbody></table></div>`}`;
}

/** Latency over throughput: where it bends is the knee, the last rate at which the objectives were kept. */
function curve({ searched, sustainable, kneePerSecond }: CapacityRun): Markup | null {
  const ordered = searched.filter(isValid).toSorted((a, b) => asked(a) - asked(b));
  if (ordered.length < 2) return null;
  const rates = [...Map.groupBy(ordered, asked)];
  const of = (name: "p50Ms" | "p95Ms" | "p99Ms", look: Line["look"]): Line => ({
    ...{ look, dots: false },
    points: rates.map(([at, windows]) => [at, middle(windows.map((point) => point[name]))] as const),
  });
  const each = ordered.map((point): Line => ({ look: "measured", dots: true, points: [[asked(point), point.p95Ms]] }));
  const named = [
    [kneePerSecond, "knee", "start"],
    [sustainable?.lowPerSecond ?? null, "last kept", "end"],
    [sustainable?.highPerSecond ?? null, "first missed", "start"],
  ] as const;
  const marks = named.flatMap(([x, name, side]) => (x === null ? [] : [{ x, name, side }]));
  return html`${plot({ label: `Latency by offered load, ${ordered.length} windows; the table below says the same.`, x: "offered per second", y: "latency (ms)", lines: [of("p50Ms", "linear"), of("p95Ms", "measured"), of("p99Ms", "fit"), ...each], marks })}
<p class="legend"><span><i class="key linear"></i>p50</span><span><i class="key measured"></i>p95</span><span><i class="key fit"></i>p99</span><span class="quiet">lines through the middle window of each rate, dots: p95 of each</span></p>`;
}

/** Who was busy in the highest window that kept the objectives: instances of one role that do the same work should be alike. */
function balance({ searched }: CapacityRun): Markup | null {
  const best = searched.filter((one) => isValid(one) && one.outcome === "met").toSorted((a, b) => asked(b) - asked(a))[0];
  const parts = Object.entries(best?.cores ?? {}).filter(([name, cores]) => name !== "others" && Number.isFinite(cores));
  if (!best || parts.length === 0) return null;
  const most = Math.max(0.001, ...parts.map(([, cores]) => cores));
  const rows = parts
    .toSorted(([a], [b]) => a.localeCompare(b, "en", { numeric: true }))
    .slice(0, 40)
    .map(
      ([name, cores]) =>
        html`<tr><th scope="row">${name}</th><td class="bar"><svg viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true"><rect class="measured" y="2" width="${((100 * cores) / most).toFixed(2)}" height="8"/></svg></td><td class="number">${grouped(cores * 100)} %</td></tr>`,
    );
  return html`<figure class="capacity balance"><figcaption><strong>Balance at ${grouped(asked(best))}/s</strong><span class="quiet">Processor time of each part, in percent of one processor; instances of one role should be alike.</span></figcaption>
<table><thead><tr><th scope="col">Part</th><th scope="col"><span class="unseen">Bar</span></th><th scope="col" class="number">Processor</th></tr></thead><tbody>${rows}</tbody></table></figure>`;
}

/** Throughput by instances, beside linear growth and the law that was fitted, with its 95 % interval. */
function growth({ scaling, law }: CapacityRun): Markup | null {
  const valid = scaling.filter(isValid);
  const base = (valid.length > 0 ? valid : scaling).toSorted((a, b) => a.instances - b.instances)[0];
  if (!base) return null;
  const most = scaling.reduce((all, { instances }) => Math.max(all, instances), 1);
  const each = base.achievedPerSecond / base.instances;
  const lines: Line[] = [
    {
      look: "linear",
      dots: false,
      points: [
        [0, 0],
        [most, each * most],
      ],
    },
    ...(law && "curve" in law
      ? [{ look: "fit" as const, dots: false, points: law.curve.map(({ instances, value }) => [instances, value] as const) }]
      : []),
    ...scaling.map(
      ({ instances, achievedPerSecond, validity }): Line => ({
        look: validity.voidBecause === "" ? "measured" : "void",
        dots: true,
        points: [[instances, achievedPerSecond]],
      }),
    ),
  ];
  const band =
    law && "curve" in law
      ? {
          band: {
            low: law.curve.map(({ instances, low }) => [instances, low] as const),
            high: law.curve.map(({ instances, high }) => [instances, high] as const),
          },
        }
      : {};
  return html`<figure class="capacity"><figcaption><strong>Growth with instances</strong><span class="quiet">${law === null ? "No window is valid, so no law is fitted." : "why" in law ? law.why : law.told}</span></figcaption>
${plot({ label: "Throughput by number of instances, beside linear growth and the fitted law.", x: "instances", y: "operations per second", lines, marks: [], ...band })}
<p class="legend"><span><i class="key measured"></i>measured</span><span><i class="key void"></i>void</span><span><i class="key linear"></i>linear</span>${law && "curve" in law ? html`<span><i class="key fit"></i>Universal Scalability Law, with its 95 % interval</span>` : null}</p></figure>`;
}

function points({ searched, scaling }: CapacityRun): Markup {
  const outcome = (point: Point & Partial<CapacityRun["searched"][number]>): string =>
    point.validity.voidBecause || (point.missed && point.missed.length > 0 ? `missed: ${point.missed.join("; ")}` : (point.outcome ?? "valid"));
  const row = (point: Point): Markup =>
    html`<tr><td class="number">${point.instances}</td><td class="number">${point.offeredPerSecond === null ? `${grouped(point.clients ?? 0)} clients` : `${grouped(point.offeredPerSecond)}/s`}</td><td class="number">${grouped(point.achievedPerSecond)}/s</td><td class="number">${grouped(point.achievedPerSecond / Math.max(1, point.instances))}/s</td>
<td class="number">${duration(point.p50Ms)}</td><td class="number">${duration(point.p95Ms)}</td><td class="number">${duration(point.p99Ms)}</td><td class="number">${grouped(point.errors)} of ${grouped(point.operations)}</td><td>${icon(point.validity.voidBecause === "" ? "holds" : "inconclusive")}${outcome(point)}</td></tr>`;
  const all = [...searched, ...scaling];
  return html`<details class="more"><summary>All ${all.length} windows</summary><div class="scroll" tabindex="0" role="group" aria-label="Windows of the capacity run"><table class="plain"><thead><tr>${["Instances", "Offered", "Achieved", "Each instance", "p50", "p95", "p99", "Errors"].map((name) => html`<th scope="col" class="number">${name}</th>`)}<th scope="col">Outcome</th></tr></thead><tbody>${all.map(row)}</tbody></table></div></details>`;
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

function asked(point: Point): number {
  return point.offeredPerSecond ?? point.achievedPerSecond;
}

function chart({ experiment, claim, points }: Capacity): Markup | null {
  const base = points[0];
  const last = points[points.length - 1];
  if (!base || !last) return null;
  const linear = (instances: number): number => (base.perSecond / base.instances) * instances;
  const most = Math.max(...points.map((point) => Math.max(point.perSecond, linear(point.instances))));
  const percent = (value: number): string => Math.max(0, (100 * value) / most).toFixed(2);
  const rows = points.map(
    ({
      instances,
      perSecond,
      ratio,
    }) => html`<tr><th scope="row">${instances}</th><td class="bar"><svg viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
<rect class="linear" width="${percent(linear(instances))}" height="12"/><rect class="measured" y="2" width="${percent(perSecond)}" height="8"/></svg></td>
<td class="number">${grouped(perSecond)} /s</td><td class="number">${grouped(Math.round(ratio * 100))} %</td></tr>`,
  );
  return html`<figure class="capacity"><figcaption><strong>${grouped(last.perSecond)} operations/s on ${last.instances} instances</strong>, ${grouped(Math.round(last.ratio * 100))} % of linear
<span class="quiet">from <a href="${anchor(experiment, claim)}">${claim} in ${experiment}</a></span></figcaption>
<table><thead><tr><th scope="col">Instances</th><th scope="col"><span class="key measured"></span>measured <span class="key linear"></span>linear</th><th scope="col" class="number">Throughput</th><th scope="col" class="number">Of linear</th></tr></thead><tbody>${rows}</tbody></table></figure>`;
}
