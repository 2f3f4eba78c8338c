/** Correct executions of runs: claims, steps, heartbeats, sweeps, hand-backs, zombies that are refused. See SEMANTICS, "Exactly-once". */
import { constants } from "./fixtures.ts";
import type { Instance, World } from "./simulator.ts";
import { isTerminal } from "./trail.ts";

export interface Run {
  readonly id: string;
  readonly steps: number;
  readonly stepMs: number;
  status: string;
  attempt: number;
  handler: string;
  readonly waiters: Set<() => void>;
}

interface Attempt {
  readonly run: Run;
  readonly number: number;
  readonly by: Instance;
  readonly section: string;
  readonly claimedAt: number;
  lastBeat: number;
  entered: boolean;
  over: boolean;
  /** Its lease ran out while it was stopped: how many steps it still begins. */
  stepsLeft: number;
}

const timeoutMs = constants.heartbeatTimeoutMs;

/** Lets the instances work on the runs for as long as there may be `more`. */
export function executeRuns(world: World, handlers: readonly Instance[], runs: readonly Run[], more: () => boolean): void {
  for (const handler of handlers) startHandler(world, handlers, handler, runs, more);
}

export function setStatus(world: World, run: Run, to: string, by: string): void {
  const from = run.status;
  run.status = to;
  world.change({ subject: run.id, from, to, attempt: run.attempt, handler: run.handler, by });
  if (isTerminal(to)) for (const wake of run.waiters) wake();
}

const held = ({ run, number }: Attempt): boolean => run.status === "running" && run.attempt === number;

function startHandler(world: World, handlers: readonly Instance[], self: Instance, runs: readonly Run[], more: () => boolean): void {
  const attempts = new Set<Attempt>();
  const poll = (): void => {
    const pending = runs.filter((run) => run.status === "pending");
    if (pending.length > 0 && attempts.size < constants.runsPerInstance) {
      const attempt = claim(world, self, world.random.pick(pending));
      attempts.add(attempt);
      live(world, handlers, attempt, () => attempts.delete(attempt));
    }
    if (more()) world.on(self, world.between(20, 90), poll);
  };
  world.on(self, world.between(0, 90), poll);
  self.watchers.add(function watch(what) {
    if (what !== "kill") return;
    attempts.clear();
    // The supervisor starts it again under its name, and watchers of the dead one are forgotten.
    const again = (): void => (self.alive ? startHandler(world, handlers, self, runs, more) : world.after(50, again));
    world.after(50, again);
  });
}

function claim(world: World, by: Instance, run: Run): Attempt {
  run.attempt++;
  run.handler = by.name;
  setStatus(world, run, "running", by.name);
  const section = `${by.name}#${by.incarnation}/${run.id}/${run.attempt}`;
  return {
    run,
    number: run.attempt,
    by,
    section,
    claimedAt: world.now(),
    lastBeat: world.now(),
    entered: false,
    over: false,
    stepsLeft: Number.POSITIVE_INFINITY,
  };
}

/** One attempt from its claim to its end, whatever happens to its handler. */
function live(world: World, handlers: readonly Instance[], attempt: Attempt, free: () => void): void {
  const { run, by, number, section } = attempt;
  const tell = (kind: "enter" | "step" | "exit" | "closed", step = 0): void =>
    world.report({ kind, scope: "run", subject: run.id, token: number, instance: by.name, section, step });
  const leave = (): void => {
    attempt.over = true;
    by.watchers.delete(watch);
    if (attempt.entered) tell(world.chance(0.5) ? "exit" : "closed");
    world.on(by, world.between(1, 5), free);
  };
  const giveBack = (): void => {
    leave();
    world.on(by, world.between(1, 5), () => held(attempt) && setStatus(world, run, "pending", by.name));
  };
  const cut = (): void => {
    // No renewal from here on: it stops itself a second before others may take its run.
    world.on(by, Math.max(0, attempt.lastBeat + timeoutMs - 1000 - world.now()), () => !attempt.over && by.cutOff && giveBack());
  };
  const sweep = (since: number): void => {
    if (attempt.lastBeat !== since || !held(attempt)) return;
    const fit = handlers.filter((one) => one !== by && one.alive && !one.stopped && !one.cutOff && one.judgesFrom <= world.now());
    if (fit.length > 0) setStatus(world, run, "pending", world.random.pick(fit).name);
    else world.after(200, () => sweep(since));
  };
  const silent = (): void => {
    attempt.lastBeat = Math.max(attempt.claimedAt, world.now() - world.between(0, 1000));
    const since = attempt.lastBeat;
    world.after(since + timeoutMs + world.between(0, constants.sweepIntervalMs) - world.now(), () => sweep(since));
  };
  const watch = (what: "kill" | "stop" | "resume" | "cut" | "mend"): void => {
    if (attempt.over) return;
    if (what === "kill" || what === "stop") silent();
    if (what === "kill") {
      attempt.over = true;
      if (attempt.entered) world.after(world.between(0, 2), () => tell("closed"));
    } else if (what === "resume") {
      const expired = world.now() - attempt.lastBeat > timeoutMs - 1000;
      attempt.lastBeat = expired ? attempt.lastBeat : world.now();
      if (expired) attempt.stepsLeft = Math.min(attempt.stepsLeft, world.random.integer(0, 1));
    } else if (what === "cut") {
      attempt.lastBeat = Math.max(attempt.claimedAt, world.now() - world.between(0, 1000));
      cut();
    }
  };
  const complete = (): void => {
    if (held(attempt)) setStatus(world, run, world.chance(0.03) ? "error" : "success", by.name);
    by.watchers.delete(watch);
    free();
  };
  const step = (i: number): void => {
    if (attempt.over) return;
    // Lost to somebody else, cancelled, or its own lease is over: no further effect.
    if (attempt.stepsLeft === 0) {
      giveBack();
      return;
    }
    attempt.stepsLeft--;
    tell("step", i);
    if (!held(attempt)) leave();
    else if (i < run.steps) world.on(by, run.stepMs * world.between(0.9, 1.2), () => step(i + 1));
    else world.on(by, world.between(1, 3), finish);
  };
  const finish = (): void => {
    if (attempt.over) return;
    attempt.over = true;
    tell("exit");
    // A statement that has been sent arrives, even if its sender dies or is stopped.
    if (world.chance(0.5)) world.after(world.between(1, 5), complete);
    else world.on(by, world.between(1, 5), complete);
    if (by.watchers.delete(watch)) by.watchers.add((what) => (what === "kill" || what === "stop") && held(attempt) && silent());
  };
  by.watchers.add(watch);
  if (by.cutOff) cut();
  world.on(by, world.between(1, 8), () => {
    if (attempt.over) return;
    // Resumed too late: what was claimed is not even begun.
    if (attempt.stepsLeft === 0) return giveBack();
    attempt.entered = true;
    tell("enter");
    world.on(by, run.stepMs * world.between(0.9, 1.2), () => step(1));
  });
}
