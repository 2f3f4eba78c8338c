/** One window: k6 offers a load, a part of it is measured, and what clients, gauges and processors showed meanwhile becomes figures. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { sleep, until } from "../../base/clock.ts";
import type { HistoryLine } from "../../core/history.ts";
import { pairOperations } from "../../core/pair.ts";
import { drain } from "../../run/audit.ts";
import { type RunningLoad, startLoad } from "../../run/load.ts";
import { type Figures, figuresOf, iterationsOf } from "../iterations.ts";
import type { Usage } from "../limit.ts";
import type { StudyLoad, WindowLength } from "../study.ts";
import { countedBetween, readCounters } from "./counters.ts";
import type { Deployment } from "./deployment.ts";
import { followFirstEvents } from "./first-events.ts";
import { type ProcessorUse, processorUse, readProcessors } from "./processor.ts";
import { queueAge, servers, usageOf } from "./usage.ts";

/** What every window of a run has in common. */
export interface Measuring {
  readonly k6: { readonly path: string; readonly env: Readonly<Record<string, string>> };
  readonly project: string;
  readonly marker: string;
  readonly seed: number;
  readonly signal: AbortSignal;
}

export interface Asked {
  readonly name: string;
  readonly load: StudyLoad;
  readonly window: WindowLength;
  /** Arrivals in the open model, or clients in the closed one. */
  readonly offer: { readonly perSecond: number } | { readonly clients: number };
  /** Virtual users for the open model. */
  readonly vus: number;
  /** How long after the window its last answers are waited for (ms). */
  readonly patienceMs: number;
  readonly streams?: { readonly creates: string; readonly everyNth: number };
}

export interface Measured {
  readonly figures: Figures;
  readonly arrivals: { readonly wanted: number; readonly began: number };
  readonly seconds: number;
  readonly queueAgeMs: number;
  readonly firstEventMs: number;
  readonly usage: Usage;
  readonly processors: ProcessorUse;
  readonly counts: Readonly<Record<string, number>>;
  readonly droppedIterations: number;
  /** What is wrong with the record itself. */
  readonly problems: readonly string[];
}

const firstAnswerWithinMs = 20_000;
/** What a window leaves behind is worked off before the next one. */
const drainWithinMs = 60_000;

/** Offers the load, measures, ends the load and waits until the deployment has nothing left to do. */
export async function measure(deployment: Deployment, measuring: Measuring, asked: Asked): Promise<Measured> {
  const { clock, stack, target } = deployment;
  const { signal } = measuring;
  const folder = join(deployment.folder, asked.name);
  const scratch = join(deployment.directory, asked.name);
  await mkdir(folder, { recursive: true });
  await mkdir(scratch, { recursive: true });
  const closed = "clients" in asked.offer;
  const perSecond = "clients" in asked.offer ? 1 : asked.offer.perSecond;
  const lines: HistoryLine[] = [];
  await using resources = new AsyncDisposableStack();
  const load = resources.use(
    await startLoad({
      ...{ k6: measuring.k6, project: measuring.project, seed: measuring.seed, marker: measuring.marker, clock, url: stack.url },
      load: {
        scenario: asked.load.scenario,
        perSecond,
        settings: {
          ...asked.load.settings,
          WINDOW: asked.name,
          VUS: asked.vus,
          ...("clients" in asked.offer ? { CLIENTS: asked.offer.clients } : {}),
        },
      },
      directory: scratch,
      historyFile: join(folder, "history.jsonl"),
      logFile: join(folder, "k6.log"),
    }),
  );
  const streams = asked.streams && followFirstEvents(deployment, { ...asked.streams, seed: measuring.seed, folder });
  if (streams) resources.use(streams);
  const read = async (): Promise<void> => {
    const more = await load.follow();
    lines.push(...more);
    streams?.take(more);
  };
  await untilFirst(load, read, lines, signal);
  await readUntil(clock.now() + asked.window.warmUpMs);
  const countersBefore = await readCounters(stack);
  const directories = [deployment.directory];
  const from = clock.now();
  const processorsBefore = readProcessors(stack, directories);
  await readUntil(from + asked.window.measureMs);
  const to = clock.now();
  const processors = processorUse(processorsBefore, readProcessors(stack, directories));
  const counts = countedBetween(countersBefore, await readCounters(stack));
  const readAt = await answered();
  const summary = await load.stop();
  await read();
  await resources.disposeAsync();

  const paired = pairOperations(lines);
  const iterations = iterationsOf(paired.operations, asked.load.work);
  const figures = figuresOf(iterations, { from, to }, readAt, closed);
  const began = iterations.filter(({ intendedAt }) => intendedAt >= from && intendedAt < to).length;
  const wanted = closed ? began : Math.max(1, Math.floor((perSecond * (to - from)) / 1000));
  const problems = [
    ...paired.problems,
    ...(summary.scriptExceptions > 0 ? [`the load script itself failed ${summary.scriptExceptions} times; its log says why`] : []),
    ...(paired.clock ? [] : ["k6 never paired its clock"]),
  ];
  if (!(await drain(stack, target, drainWithinMs, signal))) problems.push(`work was left ${drainWithinMs / 1000} s after the window`);
  return {
    ...{ figures, arrivals: { wanted, began }, seconds: (to - from) / 1000, processors, problems, droppedIterations: summary.droppedIterations },
    counts: { ...counts, cpuSeconds: (servers(processors) * (to - from)) / 1000 },
    queueAgeMs: queueAge(deployment, from, to),
    firstEventMs: streams ? streams.latencyMs(lines) : Number.NaN,
    usage: usageOf(deployment, processors, from, to),
  };

  async function readUntil(time: number): Promise<void> {
    while (clock.now() < time) {
      await sleep(Math.min(100, time - clock.now()), signal);
      load.assertRunning();
      await read();
    }
  }

  /** Waits for the answers to what began in the window; resolves to when that was over. */
  async function answered(): Promise<number> {
    const deadline = to + asked.patienceMs;
    for (;;) {
      await read();
      const now = clock.now();
      const iterations = iterationsOf(pairOperations(lines).operations, asked.load.work);
      const left = iterations.some((one) => one.intendedAt >= from && one.intendedAt < to && one.endedAt === Number.POSITIVE_INFINITY);
      if (closed || !left || now > deadline) return now;
      await sleep(100, signal);
    }
  }
}

async function untilFirst(load: RunningLoad, read: () => Promise<void>, lines: readonly HistoryLine[], signal: AbortSignal): Promise<void> {
  const begun = async (): Promise<true | undefined> => {
    load.assertRunning();
    await read();
    return lines.some(({ type }) => type === "ok") ? true : undefined;
  };
  await until("A first operation was expected to succeed", begun, { withinMs: firstAnswerWithinMs, everyMs: 50, signal });
}
