/**
 * The search of Wing and Gong (1993) with Lowe's memory of configurations (2017): linearizes operations one by one, and takes back what leads
 * nowhere. A configuration is the set of linearized operations and the state; none is tried twice. Three rules leave out orders that decide nothing:
 *
 * - A legal read is linearized at once and never branched on: what follows it could have followed without it.
 * - Of open operations with the same effect, only the one that returns first (of those that never return: was invoked first) is tried, since two
 *   such may change places.
 * - An operation of unknown outcome is tried only where it matters to the next one: where that leads to the same state without it, it need not have
 *   happened.
 *
 * All three keep an order with the fewest unknown operations, if there is an order at all.
 */
import type { Machine } from "./machine.ts";
import { grown, type Memory, memoryOf, outOfMemory } from "./memory.ts";
import { type Sequences, sequences } from "./sequences.ts";
import type { Timeline } from "./timeline.ts";

export interface Limits {
  /** Asked now and then: why the search has to end, or undefined. */
  readonly expired: () => boolean;
  readonly memoryBytes: number;
}

/** Where every order ended: the operation that none of them could place before it returned. */
interface Obstacle {
  /** Position of the operation. */
  readonly position: number;
  /** Position of the operation that last changed the state on one of the farthest ways, or -1. */
  readonly cause: number;
  /** States in which the farthest ways ended, some of them, in words. */
  readonly states: readonly string[];
}

interface Outcome {
  readonly linearizable: boolean | "out of time" | "out of memory";
  /** Where it is not linearizable. */
  readonly obstacle?: Obstacle;
}

export interface Found extends Outcome {
  readonly configurations: number;
  readonly bytes: number;
}

const none = -1;
const statesKept = 4;
/** So few that a look comes in time even where a step copies a long state. */
const stepsBetweenLooks = 128;
/** Path mark, state, state before an operation of unknown outcome, next candidate, end of candidates. */
const frameWords = 5;

/** @param machineIn makes the machine, with what it takes of the memory */
export function search(timeline: Timeline, machineIn: (memory: Memory) => Machine, limits: Limits): Found {
  const memory = memoryOf(limits.memoryBytes);
  let seen: Sequences | undefined;
  const told = (outcome: Outcome): Found => ({ ...outcome, configurations: seen?.count() ?? 0, bytes: memory.taken() });
  try {
    seen = sequences(memory);
    return told(explore(timeline, machineIn(memory), limits.expired, memory, seen));
  } catch (error) {
    if (error !== outOfMemory) throw error;
    return told({ linearizable: "out of memory" });
  }
}

/** @throws outOfMemory */
function explore(timeline: Timeline, machine: Machine, expired: () => boolean, memory: Memory, seen: Sequences): Outcome {
  const { returned, open, returnRank, openRank, invokedBefore, openBefore } = timeline;
  const { reads, classes } = machine;
  const count = returned.length;
  const head = 2 * count;
  const end = 2 * count + 1;
  const next = new Int32Array(2 * count + 2);
  const previous = new Int32Array(2 * count + 2);
  let last = head;
  for (let i = 0; i < timeline.nodes.length; i++) {
    const node = timeline.nodes[i] as number;
    next[last] = node;
    previous[node] = last;
    last = node;
  }
  next[last] = end;
  previous[end] = last;

  const linearized = new Int32Array((count >>> 5) + 1);
  const happened = new Int32Array((open.length >>> 5) + 1);
  const key = new Int32Array(3 + linearized.length + happened.length);
  // The open operations of each class, by invocation, as lists: only the first that is left of each is tried.
  const laterOpen = new Int32Array(open.length).fill(none);
  const firstOpen: number[] = [];
  const slotOfOpen = new Int32Array(open.length);
  const lastOfClass = new Map<number, number>();
  for (const [i, position] of open.entries()) {
    const of = classes[position] as number;
    const before = lastOfClass.get(of);
    slotOfOpen[i] = before === undefined ? firstOpen.length : (slotOfOpen[before] as number);
    if (before === undefined) firstOpen.push(i);
    else laterOpen[before] = i;
    lastOfClass.set(of, i);
  }
  // Of open operations with one effect, the candidate of the present pass.
  const passOfClass = new Int32Array(machine.classCount);
  const candidateOfClass = new Int32Array(machine.classCount);
  let pass = 0;

  // What was linearized: an operation that returned as its number, one of unknown outcome as ~number.
  const path = new Int32Array(count + open.length + 1);
  let depth = 0;
  let frames = new Int32Array(frameWords * 64);
  let frame = 0;
  // Pairs of what to linearize and the state afterwards.
  let candidates = new Int32Array(256);
  memory.take(4 * (2 * next.length + key.length * 2 + path.length + 2 * machine.classCount + 10 * count + 4 * open.length));
  memory.take(frames.byteLength + candidates.byteLength);

  // Where the farthest ways ended, in numbers: words are made of them only if nothing goes farther.
  let farthest = none;
  let stuck = none;
  let cause = none;
  const farthestStates = new Int32Array(statesKept);
  let farthestCount = 0;

  const lift = (what: number): void => {
    path[depth++] = what;
    if (what < 0) {
      const i = ~what;
      happened[i >>> 5] = (happened[i >>> 5] as number) | (1 << (i & 31));
      firstOpen[slotOfOpen[i] as number] = laterOpen[i] as number;
      return;
    }
    linearized[what >>> 5] = (linearized[what >>> 5] as number) | (1 << (what & 31));
    unlink(2 * what + 1);
    unlink(2 * what);
  };
  const unlink = (node: number): void => {
    const before = previous[node] as number;
    const after = next[node] as number;
    next[before] = after;
    previous[after] = before;
  };
  const takeBack = (mark: number): void => {
    while (depth > mark) {
      const what = path[--depth] as number;
      if (what < 0) {
        const i = ~what;
        happened[i >>> 5] = (happened[i >>> 5] as number) & ~(1 << (i & 31));
        firstOpen[slotOfOpen[i] as number] = i;
        continue;
      }
      linearized[what >>> 5] = (linearized[what >>> 5] as number) & ~(1 << (what & 31));
      for (let node = 2 * what; node <= 2 * what + 1; node++) {
        next[previous[node] as number] = node;
        previous[next[node] as number] = node;
      }
    }
  };
  const isNew = (state: number, withoutUnknown: number): boolean => {
    const lowest = (next[head] as number) >> 1;
    let length = 0;
    key[length++] = lowest;
    key[length++] = state;
    key[length++] = withoutUnknown;
    // All below the lowest are linearized, and none that was invoked after its return.
    for (let word = lowest >>> 5; word <= ((invokedBefore[lowest] as number) - 1) >>> 5; word++) key[length++] = linearized[word] as number;
    const opened = openBefore[lowest] as number;
    for (let word = 0; word << 5 < opened; word++) key[length++] = happened[word] as number;
    const before = seen.count();
    return seen.add(key, length) === before;
  };
  const noteObstacle = (rank: number, operation: number, state: number): void => {
    if (rank > farthest) {
      farthest = rank;
      stuck = operation;
      cause = entered;
      farthestCount = 0;
    }
    for (let i = 0; i < farthestCount; i++) if (farthestStates[i] === state) return;
    if (farthestCount < statesKept) farthestStates[farthestCount++] = state;
  };
  const refused = (): Outcome => {
    const position = returned[stuck] as number;
    const causedBy = cause === count ? none : cause < 0 ? (open[~cause] as number) : (returned[cause] as number);
    const states = Array.from(farthestStates.subarray(0, farthestCount), (at) => machine.describe(at, position));
    return { linearizable: false, obstacle: { position, cause: causedBy, states } };
  };

  let state = machine.initial;
  // What was linearized to enter the configuration; at first nothing, which is no operation's number.
  let entered = count;
  // The state before an operation of unknown outcome that nothing has made use of yet.
  let withoutUnknown = none;
  let mark = 0;
  let steps = 0;
  for (;;) {
    // Enter a configuration: linearize legal reads, and collect what else is open.
    const from = frame === 0 ? 0 : (frames[frame - 1] as number);
    let to = from;
    pass++;
    let node = next[head] as number;
    while (node !== end && (node & 1) === 0) {
      const operation = node >> 1;
      const position = returned[operation] as number;
      steps++;
      if (reads[position] === 1) {
        if (machine.step(state, position) === state) {
          lift(operation);
          withoutUnknown = none;
        }
      } else {
        const of = classes[position] as number;
        const rival = passOfClass[of] === pass ? (candidateOfClass[of] as number) : none;
        if (rival === none) {
          if (2 * to + 2 > candidates.length) candidates = grown(candidates, memory);
          passOfClass[of] = pass;
          candidateOfClass[of] = to;
          candidates[2 * to++] = operation;
        } else if ((returnRank[operation] as number) < (returnRank[candidates[2 * rival] as number] as number)) candidates[2 * rival] = operation;
      }
      node = next[node] as number;
    }
    if (node === end) return { linearizable: true };
    if (steps > stepsBetweenLooks) {
      steps = 0;
      if (expired()) return { linearizable: "out of time" };
    }
    const firstReturn = returnRank[node >> 1] as number;
    if (firstReturn >= farthest) noteObstacle(firstReturn, node >> 1, state);
    if (isNew(state, withoutUnknown)) {
      // Keep those that are legal here and, after an operation of unknown outcome, would not do as well without it.
      let kept = from;
      for (let i = from; i < to; i++) {
        const operation = candidates[2 * i] as number;
        const position = returned[operation] as number;
        const after = machine.step(state, position);
        if (after < 0 || (withoutUnknown !== none && machine.step(withoutUnknown, position) === after)) continue;
        candidates[2 * kept] = operation;
        candidates[2 * kept++ + 1] = after;
      }
      steps += firstOpen.length;
      for (const i of firstOpen) {
        if (i === none || (openRank[i] as number) > firstReturn) continue;
        const position = open[i] as number;
        const after = machine.step(state, position);
        if (after < 0 || after === state || (withoutUnknown !== none && machine.step(withoutUnknown, position) === after)) continue;
        if (2 * kept + 2 > candidates.length) candidates = grown(candidates, memory);
        candidates[2 * kept] = ~i;
        candidates[2 * kept++ + 1] = after;
      }
      if (frame + frameWords > frames.length) frames = grown(frames, memory);
      frames[frame] = mark;
      frames[frame + 1] = state;
      frames[frame + 2] = withoutUnknown;
      frames[frame + 3] = from;
      frames[frame + 4] = kept;
      frame += frameWords;
    } else takeBack(mark);
    // Leave configurations without candidates; linearize the next candidate of the last one that has some.
    for (;;) {
      if (frame === 0) return refused();
      const base = frame - frameWords;
      const at = frames[base + 3] as number;
      if (at === frames[base + 4]) {
        takeBack(frames[base] as number);
        frame = base;
        continue;
      }
      frames[base + 3] = at + 1;
      const what = candidates[2 * at] as number;
      mark = depth;
      entered = what;
      withoutUnknown = what < 0 ? (frames[base + 1] as number) : none;
      state = candidates[2 * at + 1] as number;
      lift(what);
      break;
    }
  }
}
