/** What a terminal shows while an experiment runs: a few lines that are drawn anew in their place. Pure. */
import { oneLine } from "./text.ts";
import { columns, cut } from "./width.ts";

export interface ScreenState {
  /** `[2/6]`. */
  readonly position: string;
  readonly title: string;
  /** Phases of the experiment so far; the last is the present one. */
  readonly phases: readonly string[];
  /** Victims and faults that are active, in words; "" if none. */
  readonly fault: string;
  /** Operations and errors of each second so far; empty before the load begins. */
  readonly perSecond: readonly number[];
  readonly errorsPerSecond: readonly number[];
  readonly operations: number;
  readonly errors: number;
  readonly elapsedMs: number;
  /** An estimate of what is left of the whole run. */
  readonly leftMs: number;
}

export interface ScreenOptions {
  readonly columns: number;
  readonly rows: number;
  readonly color: boolean;
}

const roomFor = { all: 10, figures: 40 } as const;
const bars = "▁▂▃▄▅▆▇█";

/** One to five lines, none as wide as the terminal: a line that fills it would wrap. In a window that is too small for more, only the first. */
export function screenLines(state: ScreenState, options: ScreenOptions): readonly string[] {
  const width = Math.max(20, options.columns - 1);
  const paint = (sgr: string, text: string): string => (options.color && text !== "" ? `\u001b[${sgr}m${text}\u001b[0m` : text);
  const time = `${clock(state.elapsedMs)} elapsed, about ${clock(state.leftMs)} left`;
  const phase = state.phases.at(-1) ?? "";
  if (options.rows < roomFor.all || width < roomFor.figures) {
    const rate = state.perSecond.length > 0 ? ` ${state.perSecond.at(-1)}/s` : "";
    const fault = state.fault === "" ? "" : ` FAULT ${oneLine(state.fault)}`;
    return [cut(`${state.position} ${phase}${rate}${fault}, ${clock(state.leftMs)} left`, width)];
  }
  const head = cut(`${state.position} ${oneLine(state.title)}`, width - columns(time) - 2);
  const gap = " ".repeat(Math.max(2, width - columns(head) - columns(time)));
  const lines = [`${paint("1", head)}${gap}${paint("2", time)}`, `  ${trail(state.phases, width - 2, paint)}`];
  if (state.perSecond.length === 0) return lines;
  const errors = state.errorsPerSecond.at(-1) ?? 0;
  const row = (name: string, now: number, all: readonly number[], sgr: string, rest: string): string => {
    const label = `  ${name.padEnd(7)}${`${now}/s`.padStart(7)}  `;
    const room = Math.max(8, Math.min(60, width - columns(label) - columns(rest) - 2));
    return `${label}${paint(sgr, sparkline(all.slice(-room)))}  ${paint("2", cut(rest, Math.max(1, width - columns(label) - Math.min(room, all.length) - 2)))}`.trimEnd();
  };
  return [
    ...lines,
    row("rate", state.perSecond.at(-1) ?? 0, state.perSecond, "36", `${state.operations} operations`),
    row("errors", errors, state.errorsPerSecond, errors > 0 ? "31" : "2", `${state.errors} in all`),
    state.fault === "" ? `  ${paint("2", "no fault")}` : `  ${paint("1;33", cut(`FAULT  ${oneLine(state.fault)}`, width - 2))}`,
  ];
}

/** The phases behind us and the present one, which is what is kept where there is no room for all. */
function trail(phases: readonly string[], width: number, paint: (sgr: string, text: string) => string): string {
  const now = cut(phases.at(-1) ?? "", width);
  let before = "";
  for (const phase of phases.slice(0, -1).toReversed()) {
    const longer = `${oneLine(phase)} › ${before}`;
    if (columns(longer) + columns(now) > width) break;
    before = longer;
  }
  return `${paint("2", before)}${paint("1", now)}`;
}

/** A bar for each value, the highest as high as the line; 0 is the lowest bar, and so is everything where all are 0. */
export function sparkline(values: readonly number[]): string {
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  return values.map((value) => bars[value <= 0 || most <= 0 ? 0 : Math.max(1, Math.round((value / most) * (bars.length - 1)))]).join("");
}

/** 65000 -> "1:05". */
export function clock(ms: number): string {
  return `${Math.floor(ms / 60_000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, "0")}`;
}
