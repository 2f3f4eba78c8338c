/** One experiment on one page: bring the stack up, load it, see it steady, strike, let it settle, drain, save everything. Judging reads what was saved. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sleep, startClock } from "../base/clock.ts";
import { messageOf, UserError } from "../base/errors.ts";
import { type Journal, openJournal } from "../base/journal.ts";
import { firstStart } from "../checkers/started-at-once.ts";
import { unsteady } from "../checkers/steady-state.ts";
import type { Defect, Experiment, Layout, Topology } from "../core/experiment.ts";
import type { CompleteLine, InvokeLine } from "../core/history.ts";
import { seeded } from "../core/random.ts";
import type { Beat, FaultEvent, LedgerEntry, Notice, ResourceWrite, Sample, Transition } from "../core/records.ts";
import type { Target } from "../core/target.ts";
import type { Driver } from "../drivers/stack.ts";
import type { Fault } from "../faults/fault.ts";
import { drain, installAudit, readAudit, startAuditCopy } from "./audit.ts";
import { startBeats } from "./beats.ts";
import { noteStored, startFollowers } from "./followers.ts";
import { openLedger } from "./ledger.ts";
import { openLive } from "./live.ts";
import { startLoad } from "./load.ts";
import { strikeAll } from "./nemesis.ts";
import { openNotices } from "./notices.ts";
import type { Progress } from "./progress.ts";
import { keepRecent } from "./recent.ts";
import { saveEnd, saveStart } from "./record.ts";
import { repeat } from "./repeat.ts";
import { startSampler } from "./sampler.ts";

/** A little more than the 10 s that the checkers want to see, which look at it a moment later and in steps of a second. */
const steadyWindowMs = 11_000;
/** What every window of 10 s within it has in common (ms before its end): an instance seen serving outside of this might not be seen by them. */
const inAllFromMs = 10_000;
const inAllToMs = 1000;
/** The first seconds of a cold server are nobody's steady state; on a busy machine they last longer. */
const steadyWithinMs = 30_000;
/** Answers that count as being at work (SEMANTICS, "Faults and load": 20 operations in the window). */
const atWorkPerSecond = 20;
/** A load that is to saturate has no steady state to wait for. */
const warmUpMs = 3000;

export interface ConductOptions {
  readonly driver: Driver;
  readonly k6: { readonly path: string; readonly env: Readonly<Record<string, string>> };
  readonly target: Target;
  readonly defect: Defect | undefined;
  readonly topology: Topology;
  /** One Postgres when absent. */
  readonly layout?: Layout;
  readonly seed: number;
  /** The experiment's folder in the report; made here. */
  readonly directory: string;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  loadFault(name: string): Promise<Fault>;
}

/** Carries the experiment out and leaves its files in `options.directory`. Whatever throws, everything it started is gone afterwards. */
export async function conduct(experiment: Experiment, options: ConductOptions): Promise<void> {
  const { target, signal, progress, directory } = options;
  const startedAt = new Date().toISOString();
  const logs = join(directory, "logs");
  await mkdir(logs, { recursive: true });
  const file = (name: string): string => join(directory, name);
  const schedule = experiment.schedule(seeded(options.seed, experiment.id), options.topology);
  const clock = startClock();

  await using resources = new AsyncDisposableStack();
  const journals: Journal<Beat>[] = [];
  const journal = <T>(name: string): Journal<T | Beat> => {
    const opened = resources.use(openJournal<T | Beat>(file(name)));
    journals.push(opened);
    return opened;
  };
  const { id: driver } = options.driver;
  const start = { seed: options.seed, startedAt, topology: options.topology, schedule, startsPerSecond: experiment.load.perSecond, driver };
  await saveStart(directory, start);
  const effects = keepRecent<LedgerEntry>(journal("ledger.jsonl"));
  const gauges = keepRecent<Sample>(journal("samples.jsonl"));
  const struck = journal<FaultEvent>("faults.jsonl");
  const streamed = (experiment.streams ?? experiment.sockets) && journal<InvokeLine | CompleteLine>("streams.jsonl");
  const passive = options.layout === "passive" ? target.passive : undefined;
  const notices = passive && resources.use(await openNotices(clock, passive, journal<Notice>("notices.jsonl")));
  resources.use(startBeats(clock, [...journals]));
  const trail = { transitions: journal<Transition>("transitions.jsonl"), writes: journal<ResourceWrite>("writes.jsonl") };
  const ledger = resources.use(openLedger(clock, effects));

  progress.phase("starting the stack");
  const stack = resources.use(
    await options.driver.startStack({
      target,
      defect: options.defect,
      topology: options.topology,
      layout: options.layout ?? "single",
      settings: experiment.settings,
      proxied: experiment.proxied,
      name: experiment.id,
      logs,
      ledgerFor: ledger.addressFor,
      notices: notices?.url,
    }),
  );
  signal.throwIfAborted();
  const startPair = await installAudit(stack, target, clock);
  const copying = resources.use(startAuditCopy({ stack, target, clock, start: startPair, ...trail }));
  resources.use(startSampler({ stack, target, clock, journal: gauges }));
  const { together, ended: endedAtFirst } = stack.firstStart;
  gauges.write({ time: clock.now(), source: firstStart, values: { together, ...Object.fromEntries(endedAtFirst.map((name) => [name, 1])) } });
  const load = resources.use(
    await startLoad({
      k6: options.k6,
      project: options.driver.project,
      load: experiment.load,
      url: stack.url,
      seed: options.seed,
      clock,
      marker: options.driver.marker,
      directory: join(options.driver.directory, experiment.id),
      historyFile: file("history.jsonl"),
      logFile: join(logs, "k6.log"),
    }),
  );

  const followers = streamed ? startFollowers(experiment, target, { url: stack.url, seed: options.seed, clock, journal: streamed }) : [];
  for (const one of followers) resources.use(one);

  let ended = false;
  const live = openLive();
  const active = new Map<string, string>();
  const watch = repeat(200, async () => {
    for (const opened of journals) opened.assertWritable();
    if (ended) return;
    const lines = await load.follow();
    live.take(lines);
    for (const one of followers) one.take(lines);
    progress.tick({ ...live.rate(), ...live.totals(), fault: [...active.values()].join(", ") });
  });
  resources.use(watch);

  /** An instance that answers clients is at work, too. */
  const answering = (instance: string): readonly string[] => {
    const answers = live.answeredBy(instance);
    return answers < atWorkPerSecond ? [] : [`${answers} answers in the last second`];
  };

  /** Waits until the time since `since` has been steady for long enough, at most until `deadline`. Answers why it was not, "" if it was. */
  const steady = async (since: number, deadline: number): Promise<string> => {
    for (;;) {
      load.assertRunning();
      watch.assertRunning();
      const to = clock.now();
      const from = to - steadyWindowMs;
      const within = (from: number, to: number): readonly string[] =>
        unsteady(live.operations(), effects.last(), gauges.last(), from, to, experiment.load.perSecond);
      const why =
        from < since
          ? [`there were only ${((to - since) / 1000).toFixed(1)} s of it`]
          : [...new Set([...within(from, to), ...within(to - inAllFromMs, to - inAllToMs)])];
      if (why.length === 0 || to > deadline) return why.join(", ");
      await sleep(250, signal);
    }
  };

  /** Steady, strike, settle. */
  const carryOut = async (): Promise<void> => {
    progress.phase("waiting for steady state");
    const began = clock.now();
    if (!experiment.coverage.steady) await sleep(warmUpMs, signal);
    else {
      const why = await steady(began, began + steadyWithinMs);
      if (why !== "")
        throw new Error(`Steady state was expected within ${steadyWithinMs / 1000} s of load and not seen: ${why}. No fault was injected.`);
    }
    progress.phase("faults");
    await strikeAll(schedule, {
      clock,
      stack,
      ledger: { ...ledger, working: (instance) => [...ledger.working(instance), ...answering(instance)] },
      journal: struck,
      signal,
      load: options.loadFault,
      onActive: (id, text) => (text === "" ? active.delete(id) : active.set(id, text)),
    });
    progress.phase("settling");
    const settledAt = clock.now() + experiment.settleMs;
    if (experiment.coverage.steady) await steady(clock.now(), settledAt);
    else await sleep(experiment.settleMs, signal);
    // Where all this was quick, less was offered by now than a verdict needs.
    while (live.totals().operations < experiment.coverage.operations && clock.now() < settledAt) {
      load.assertRunning();
      await sleep(250, signal);
    }
  };
  // A system that is broken from the start never gets steady; what it did meanwhile is evidence like any other.
  const problem = await carryOut().then(
    () => "",
    (error: unknown) => {
      signal.throwIfAborted();
      if (error instanceof UserError) throw error;
      return messageOf(error);
    },
  );
  // What the clients were in the middle of says nothing of the server from here on.
  ended = true;
  const loadEndsAt = clock.now();
  await saveStart(directory, { ...start, loadEndsAt });
  await Promise.all(followers.map((one) => one[Symbol.asyncDispose]()));
  const summary = await load.stop();
  await writeFile(file("load.json"), JSON.stringify(summary));

  const unreadEdits = await stack.unreadEdits();

  progress.phase("draining");
  const drained = experiment.drainMs > 0 && (await drain(stack, target, experiment.drainMs, signal));
  if (streamed) await noteStored(stack, followers, clock, streamed);
  await copying[Symbol.asyncDispose]();
  const whole = await readAudit(stack, target, clock, startPair);
  const end = {
    deltaMs: whole.deltaMs,
    loadEndsAt,
    endsAt: clock.now(),
    drained,
    problem,
    unreadEdits,
  };
  await saveEnd(directory, { ...start, ...end }, whole);
  progress.phase("taking the stack down");
}
