/** What the user sees while it runs: one line that is rewritten on a terminal, plain lines elsewhere. */
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

/**
 * `remainingMs` of the suite is an estimate: the sum of what the experiments take on an idle machine, less what has passed.
 */
export function openProgress(out: NodeJS.WriteStream, totalMs: number): Progress {
  const began = performance.now();
  let position = "";
  let phase = "";
  let lastPlain = 0;
  const seconds = (ms: number): string => `${Math.floor(ms / 60_000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, "0")}`;
  const clock = (): string => {
    const elapsed = performance.now() - began;
    return `${seconds(elapsed)} elapsed, about ${seconds(Math.max(0, totalMs - elapsed))} left`;
  };
  const clear = (): void => void (out.isTTY && out.write("\r\x1b[2K"));
  const status = (tick: Tick | undefined): string => {
    const figures = tick ? `  ${tick.perSecond}/s, ${tick.operations} operations, ${tick.errors} errors` : "";
    return `${position} ${phase}${figures}${tick?.fault ? `  FAULT ${tick.fault}` : ""}  (${clock()})`;
  };
  const line = (text: string): void => {
    clear();
    out.write(`${text}\n`);
  };
  return {
    experiment(title, index, of, estimateMs) {
      position = `[${index}/${of}]`;
      phase = "";
      line(`${position} ${title} (about ${Math.round(estimateMs / 1000)} s)`);
    },
    phase(name) {
      phase = name;
      if (out.isTTY) out.write(`\r\x1b[2K${status(undefined).slice(0, (out.columns ?? 80) - 1)}`);
      else line(`  ${status(undefined)}`);
    },
    tick(tick) {
      if (out.isTTY) {
        out.write(`\r\x1b[2K${status(tick).slice(0, (out.columns ?? 80) - 1)}`);
      } else if (performance.now() - lastPlain > plainEveryMs) {
        lastPlain = performance.now();
        line(`  ${status(tick)}`);
      }
    },
    say: line,
  };
}
