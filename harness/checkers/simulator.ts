/** A small discrete-event simulator: the world in which correct executions are generated for the tests of the judges. */
import type { Operation } from "../core/history.ts";
import type { Random } from "../core/random.ts";
import type { FaultEvent, FaultPhase, LedgerEntry, ResourceWrite, Transition } from "../core/records.ts";

/** A process of the target: it dies, it is stopped, it is cut off. What it does is scheduled through `on`, so it does nothing while it is dead or stopped. */
export interface Instance {
  readonly name: string;
  alive: boolean;
  stopped: boolean;
  cutOff: boolean;
  incarnation: number;
  /** A sweeper that came (back) to life or to Redis judges nobody before this time. */
  judgesFrom: number;
  /** What became due while it was stopped. */
  readonly late: (() => void)[];
  /** Called when it is killed, stopped, resumed, cut off. */
  readonly watchers: Set<(what: "kill" | "stop" | "resume" | "cut" | "mend") => void>;
}

export interface World {
  readonly random: Random;
  now(): number;
  between(from: number, to: number): number;
  chance(probability: number): boolean;
  /** Does it `delay` ms from now, whoever lives. */
  after(delay: number, act: () => void): void;
  /** Lets the instance do it: not at all if it was killed by then, and only once it is resumed if it is stopped. */
  on(instance: Instance, delay: number, act: () => void): void;
  report(entry: Omit<LedgerEntry, "seq" | "time" | "nonce">): void;
  change(transition: Omit<Transition, "seq" | "time">): void;
  write(write: Omit<ResourceWrite, "seq" | "time">): void;
  fault(event: Omit<FaultEvent, "time" | "evidence">, ago?: number): void;
  operation(operation: Omit<Operation, "index">): void;
  run(until: number): void;
  readonly records: { ledger: LedgerEntry[]; transitions: Transition[]; writes: ResourceWrite[]; faults: FaultEvent[]; operations: Operation[] };
}

export function instance(name: string): Instance {
  return { name, alive: true, stopped: false, cutOff: false, incarnation: 0, judgesFrom: 0, late: [], watchers: new Set() };
}

/** Clients and the database read clocks of their own, each off by up to half of `deltaMs`. */
export function world(random: Random, deltaMs: number): World {
  let now = 0;
  let order = 0;
  const queue: { readonly at: number; readonly order: number; readonly act: () => void }[] = [];
  const records: World["records"] = { ledger: [], transitions: [], writes: [], faults: [], operations: [] };
  const between = (from: number, to: number): number => from + random.next() * (to - from);
  const database = between(-deltaMs / 2, deltaMs / 2);
  const clients = between(-deltaMs / 2, deltaMs / 2);
  const after = (delay: number, act: () => void): void => push(queue, { at: now + delay, order: order++, act });
  const self: World = {
    random,
    now: () => now,
    between,
    chance: (probability) => random.next() < probability,
    after,
    on(target, delay, act) {
      const { incarnation } = target;
      after(delay, () => {
        if (!target.alive || target.incarnation !== incarnation) return;
        if (target.stopped) target.late.push(() => self.on(target, between(0, 3), act));
        else act();
      });
    },
    report: (entry) => void records.ledger.push({ seq: records.ledger.length, time: now, nonce: `n${records.ledger.length}`, ...entry }),
    change: (transition) => void records.transitions.push({ seq: records.transitions.length, time: now + database, ...transition }),
    write: (write) => void records.writes.push({ seq: records.writes.length, time: now + database, ...write }),
    fault: (event, ago = 0) => void records.faults.push({ time: now - ago, evidence: "", ...event }),
    operation(operation) {
      const { intendedAt, invokedAt, completedAt, answeredAt } = operation;
      const times = {
        intendedAt: intendedAt + clients,
        invokedAt: invokedAt + clients,
        completedAt: completedAt + clients,
        answeredAt: answeredAt + clients,
      };
      records.operations.push({ index: records.operations.length, ...operation, ...times });
    },
    run(until) {
      for (let next = queue[0]; next !== undefined && next.at <= until; next = queue[0]) {
        pop(queue);
        now = next.at;
        next.act();
      }
      now = until;
    },
    records,
  };
  return self;
}

/** Strikes an instance at a time, with the four phases on record; the edges of the phases are as fuzzy as a prober's. */
export function strike(world: World, victim: Instance, kind: "kill" | "pause" | "partition", id: string, from: number, forMs: number): void {
  const on = kind === "partition" ? `${victim.name}->redis` : victim.name;
  const note = (phase: FaultPhase, ago = 0): void =>
    world.fault({ id, fault: kind, on, phase, working: phase === "requested" ? ["run r1 attempt 1"] : [] }, ago);
  const tell = (what: "kill" | "stop" | "resume" | "cut" | "mend"): void => [...victim.watchers].forEach((watcher) => void watcher(what));
  world.after(from, () => note("requested"));
  world.after(from + world.between(0, 3), () => {
    if (kind === "kill") victim.alive = false;
    else if (kind === "pause") victim.stopped = true;
    else victim.cutOff = true;
    if (kind === "kill") victim.late.length = 0;
    tell(kind === "kill" ? "kill" : kind === "pause" ? "stop" : "cut");
    world.after(world.between(5, 60), () => note("biting"));
  });
  world.after(from + forMs, () => {
    note("healing");
    world.after(world.between(0, 3), () => {
      if (kind === "kill") {
        victim.watchers.clear();
        victim.alive = true;
        victim.incarnation++;
      } else if (kind === "pause") victim.stopped = false;
      else victim.cutOff = false;
      victim.judgesFrom = world.now() + 5000;
      tell(kind === "pause" ? "resume" : "mend");
      for (const act of victim.late.splice(0)) act();
      world.after(world.between(5, 60), () => note("healed"));
    });
  });
}

type Event = { readonly at: number; readonly order: number; readonly act: () => void };

const earlier = (a: Event, b: Event): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

function push(heap: Event[], event: Event): void {
  heap.push(event);
  for (let i = heap.length - 1; i > 0; ) {
    const parent = (i - 1) >> 1;
    if (!earlier(event, heap[parent] as Event)) break;
    heap[i] = heap[parent] as Event;
    heap[parent] = event;
    i = parent;
  }
}

function pop(heap: Event[]): void {
  const last = heap.pop() as Event;
  if (heap.length === 0) return;
  heap[0] = last;
  for (let i = 0; ; ) {
    const left = 2 * i + 1;
    let least = i;
    for (const child of [left, left + 1]) if (child < heap.length && earlier(heap[child] as Event, heap[least] as Event)) least = child;
    if (least === i) return;
    [heap[i], heap[least]] = [heap[least] as Event, heap[i] as Event];
    i = least;
  }
}
