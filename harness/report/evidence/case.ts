/** Gathered records -> what is drawn of a counterexample: lanes of who did what, and the same as sentences in time. Pure. */
import type { LedgerEntry } from "../../core/records.ts";
import { bandEnd } from "../fault-bands.ts";
import type { EvidenceCase, EvidenceEvent, EvidenceLane, FaultBand } from "../model.ts";
import type { CitedOperation } from "../read-history.ts";
import type { Row } from "../read-lines.ts";
import { clip, duration, shorten } from "../text.ts";
import type { Cite } from "./cites.ts";
import type { Gathered } from "./gather.ts";

type Bar = EvidenceLane["bars"][number];
type Tagged = Omit<EvidenceEvent, "number">;

const eventsAtMost = 28;
const lanesAtMost = 14;
const textAtMost = 160;

/** @param offsetMs harness time less the history's; @param endsAt where an interval without an end is cut (ms) */
export function caseOf(cite: Cite, found: Gathered, bands: readonly FaultBand[], offsetMs: number, endsAt: number): EvidenceCase | null {
  const sections = sectionsOf(found.ledger, cite);
  const operations = found.operations.map((one) => operationOf(one, cite, offsetMs));
  const events: Tagged[] = [
    ...sections.flatMap(({ events }) => events),
    ...found.transitions.map(
      ({ seq, time, from, to, attempt, by }): Tagged => ({
        ...{ time, lane: "audit trail", cited: cite.transitions.includes(seq) },
        text: `${from === null ? `made as ${clip(to, 40)}` : `${clip(from, 40)} → ${clip(to, 40)}`} by ${clip(by, 40) || "someone"}${attempt > 0 ? `, attempt ${attempt}` : ""} (transition ${seq})`,
      }),
    ),
    ...found.writes.map(
      ({ seq, time, token, version, by }): Tagged => ({
        ...{ time, lane: "resource", cited: cite.writes.includes(seq) },
        text: `write of ${clip(by, 40) || "someone"} accepted with token ${token}, version ${version} (write ${seq})`,
      }),
    ),
    ...operations.flatMap(({ events }) => events),
  ];
  if (events.length === 0) return null;
  const cited = events.filter((event) => event.cited);
  const core = cited.length > 0 ? cited : events;
  // The drawing spans what is cited and a fair bit around it; what lies far off would make it a line.
  const [first, last] = [Math.min(cite.time, ...core.map(({ time }) => time)), Math.max(cite.time, ...core.map(({ time }) => time))];
  const { from, to } = windowOf(events, [first, last], bands, Math.max(endsAt, last));
  const shown = [...events.filter(({ time }) => from <= time && time <= to), ...faultEvents(bands, from, to)];
  const kept = new Set(
    shown.toSorted((a, b) => Number(b.cited) - Number(a.cited) || Math.abs(a.time - cite.time) - Math.abs(b.time - cite.time)).slice(0, eventsAtMost),
  );
  const ordered = shown.filter((event) => kept.has(event)).sort((a, b) => a.time - b.time);
  const bars = [...sections.flatMap(({ bar }) => (bar ? [bar] : [])), ...operations.map(({ bar }) => bar)];
  return {
    claim: cite.claim,
    property: clip(cite.property, 200),
    place: cite.place,
    time: cite.time,
    text: clip(cite.text, 600),
    subjects: cite.subjects.map((subject) => clip(subject, 80)),
    ...{ from, to },
    lanes: lanesOf(bars, ordered, bands, from, to, endsAt),
    events: ordered.map((event, i) => ({ number: i + 1, ...event })),
    leftOut: found.leftOut + shown.length - ordered.length,
    logs: [],
  };
}

/** What is cited and a fair bit around it, with the faults that it lies in; what lies far off would make it a line. */
function windowOf(
  events: readonly Tagged[],
  [first, last]: readonly [number, number],
  bands: readonly FaultBand[],
  endsAt: number,
): { readonly from: number; readonly to: number } {
  const far = Math.max(6000, (last - first) * 2.4);
  const near = [
    ...events.map(({ time }) => time),
    ...bands
      .filter((band) => band.requestedAt <= last && bandEnd(band, endsAt) >= first)
      .flatMap((band) => [band.requestedAt, bandEnd(band, endsAt)]),
  ];
  const times = near.filter((time) => first - far <= time && time <= last + far);
  return { from: Math.max(0, Math.min(first, ...times) - 50), to: Math.min(endsAt, Math.max(last, ...times) + 50) };
}

/** Each attempt or critical section is a bar on its instance, with its begin and its end as events. */
function sectionsOf(
  ledger: readonly LedgerEntry[],
  cite: Cite,
): readonly { readonly bar: (Bar & { lane: string }) | null; readonly events: readonly Tagged[] }[] {
  return [...Map.groupBy(ledger, ({ section }) => section).values()].map((entries) => {
    const first = entries[0] as LedgerEntry;
    const enter = entries.find(({ kind }) => kind === "enter");
    const end = entries.find(({ kind }) => kind === "exit" || kind === "closed");
    const lane = clip(first.instance, 40);
    const label = `${first.scope === "run" ? "attempt" : "token"} ${first.token}`;
    const cited = entries.some(({ seq }) => cite.ledger.includes(seq));
    const ended = end?.kind === "closed" ? "its connection closed without an exit" : "left";
    const events = entries
      .filter(({ kind, seq }) => kind !== "step" || cite.ledger.includes(seq))
      .map(
        ({ kind, step, time, seq }): Tagged => ({
          ...{ time, lane, cited: cite.ledger.includes(seq) },
          text: `${label} ${kind === "enter" ? "entered" : kind === "step" ? `made step ${step}` : ended} (ledger ${seq})`,
        }),
      );
    const bar = {
      lane,
      from: enter?.time ?? first.time,
      to: end?.time ?? null,
      label,
      cited,
      kind: first.scope === "run" ? ("attempt" as const) : ("section" as const),
    };
    return { bar, events };
  });
}

function operationOf(
  { index, invoke, completion }: CitedOperation,
  cite: Cite,
  offsetMs: number,
): { readonly bar: Bar & { lane: string }; readonly events: readonly Tagged[] } {
  const time = numberOf(invoke.time) + offsetMs;
  const answered = completion ? numberOf(completion.time) + offsetMs : null;
  const f = clip(String(invoke.f ?? ""), 40);
  const cited = cite.operations.includes(index);
  const by = typeof completion?.by === "string" ? ` by ${clip(completion.by, 40)}` : "";
  const answer = completion === null || answered === null ? "never answered" : `${said(completion)}${by} after ${duration(answered - time)}`;
  return {
    bar: { lane: "clients", from: time, to: answered, label: f, cited, kind: "operation" },
    events: [
      {
        time,
        lane: "clients",
        cited,
        text: `${clip(String(invoke.process ?? ""), 40)} asked ${f}${valueText(invoke)}: ${answer} (operation ${index})`,
      },
    ],
  };
}

function said(completion: Row): string {
  const error = typeof completion.error === "string" && completion.error !== "" ? ` ${shorten(completion.error, textAtMost)}` : "";
  return `${completion.type}${error || valueText(completion)}`;
}

function valueText({ value }: Row): string {
  return value === undefined || value === null ? "" : ` ${shorten(JSON.stringify(value), textAtMost)}`;
}

function faultEvents(bands: readonly FaultBand[], from: number, to: number): readonly Tagged[] {
  return bands.flatMap((band) => {
    const moments = [
      [band.requestedAt, "requested"],
      [band.bitingAt, "seen biting"],
      [band.healedAt, "seen healed"],
    ] as const;
    return moments.flatMap(([time, what]): Tagged[] =>
      time === null || time < from || time > to
        ? []
        : [
            {
              time,
              lane: "faults",
              cited: false,
              text: `${band.fault} of ${band.on} ${what}${what === "seen biting" && band.biteEvidence ? `: ${shorten(band.biteEvidence, 100)}` : ""}`,
            },
          ],
    );
  });
}

/** Faults, then instances, then what the database, the resource and the clients saw. */
function lanesOf(
  bars: readonly (Bar & { lane: string })[],
  events: readonly Tagged[],
  bands: readonly FaultBand[],
  from: number,
  to: number,
  endsAt: number,
): readonly EvidenceLane[] {
  const faults = bands
    .map((band): Bar & { lane: string } => ({
      lane: "faults",
      from: band.requestedAt,
      to: band.healedAt ?? endsAt,
      label: `${band.fault} ${band.on}`,
      cited: false,
      kind: "fault",
    }))
    .filter((bar) => bar.from < to && (bar.to ?? to) > from);
  const all = [...faults, ...bars.filter((bar) => bar.from <= to && (bar.to ?? endsAt) >= from)];
  const last = ["audit trail", "resource", "clients"];
  const rank = (name: string): number => (name === "faults" ? -1 : last.indexOf(name) + 1);
  const names = [...new Set([...all.map(({ lane }) => lane), ...events.map(({ lane }) => lane)])];
  return names
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b, "en", { numeric: true }))
    .slice(0, lanesAtMost)
    .map((name) => ({ name, bars: all.filter(({ lane }) => lane === name).map(({ lane: _, ...bar }) => bar) }));
}

function numberOf(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}
