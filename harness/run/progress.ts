/** What the user sees while it runs: a few lines that are drawn anew in their place on a terminal, plain lines elsewhere. */
import { clock, screenLines } from "../report/screen.ts";
import { plain } from "../report/text.ts";

interface Tick {
  readonly perSecond: number;
  readonly operations: number;
  readonly errors: number;
  readonly fault: string;
}

export interface Progress {
  experiment(title: string, position: number, of: number, estimateMs: number): void;
  phase(name: string): void;
  tick(tick: Tick): void;
  /** A line that stays. */
  say(line: string): void;
}

const plainEveryMs = 5000;
/** How much of the past the sparklines can show (s). */
const secondsKept = 120;

/**
 * The time that is left is an estimate: the sum of what the experiments take on an idle machine (`totalMs`), less what has passed. A dumb terminal and CI get plain
 * lines. Once `signal` is aborted, others have something to say on the terminal, and nothing is drawn any more.
 */
export function openProgress(out: NodeJS.WriteStream, totalMs: number, signal: AbortSignal): Progress {
  const { CI, NO_COLOR, TERM } = process.env;
  const drawn = out.isTTY === true && TERM !== "dumb" && (CI === undefined || CI === "" || CI === "false");
  const color = NO_COLOR === undefined || NO_COLOR === "";
  const began = performance.now();
  let [position, title, lastSecond, lastPlain, rows] = ["", "", 0, 0, 0];
  let phases: string[] = [];
  let perSecond: number[] = [];
  let errorsPerSecond: number[] = [];
  let errorsBefore = 0;
  let last: Tick = { perSecond: 0, operations: 0, errors: 0, fault: "" };

  const times = () => ({ elapsedMs: performance.now() - began, leftMs: Math.max(0, totalMs - (performance.now() - began)) });
  /** The cursor stands behind the last of the drawn lines. */
  const erase = (): void => {
    if (rows > 0) out.write(`\r${rows > 1 ? `\u001b[${rows - 1}A` : ""}\u001b[J`);
    rows = 0;
  };
  const draw = (): void => {
    if (signal.aborted) return;
    const state = { ...last, ...times(), position, title, phases, perSecond, errorsPerSecond };
    const lines = screenLines(state, { columns: out.columns ?? 80, rows: out.rows ?? 24, color });
    erase();
    out.write(lines.join("\n"));
    rows = lines.length;
  };
  const line = (text: string): void => {
    if (!signal.aborted) erase();
    out.write(`${plain(text)}\n`);
  };
  const status = (tick: Tick | undefined): string => {
    const figures = tick ? `  ${tick.perSecond}/s, ${tick.operations} operations, ${tick.errors} errors` : "";
    const { elapsedMs, leftMs } = times();
    return `  ${position} ${phases.at(-1) ?? ""}${figures}${tick?.fault ? `  FAULT ${tick.fault}` : ""}  (${clock(elapsedMs)} elapsed, about ${clock(leftMs)} left)`;
  };
  /** One bar a second, however often somebody ticks. */
  const note = (tick: Tick): void => {
    if (performance.now() - lastSecond < 1000) return;
    lastSecond = performance.now();
    perSecond = [...perSecond, tick.perSecond].slice(-secondsKept);
    errorsPerSecond = [...errorsPerSecond, Math.max(0, tick.errors - errorsBefore)].slice(-secondsKept);
    errorsBefore = tick.errors;
  };
  return {
    experiment(name, index, of, estimateMs) {
      [position, title, phases, perSecond, errorsPerSecond, errorsBefore] = [`[${index}/${of}]`, name, [], [], [], 0];
      last = { perSecond: 0, operations: 0, errors: 0, fault: "" };
      line(`${position} ${title} (about ${Math.round(estimateMs / 1000)} s)`);
    },
    phase(name) {
      phases = [...phases, name];
      if (drawn) draw();
      else line(status(undefined));
    },
    tick(tick) {
      last = tick;
      note(tick);
      if (drawn) draw();
      else if (performance.now() - lastPlain > plainEveryMs) {
        lastPlain = performance.now();
        line(status(tick));
      }
    },
    say: line,
  };
}
