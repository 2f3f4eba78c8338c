/** The search for a shortest cycle of a given kind: breadth first over nodes and what still has to occur. */
import type { Specification, Starts, Step } from "./cycles.ts";
import { type Graph, kinds } from "./graph.ts";

/** After the first cycle so many edges are walked for a shorter one. */
const edgesForShorter = 100_000;
/** The clock is asked once in so many edges. */
const edgesPerLook = 16_384;

/** @returns the cycle, empty if none was found, and whether all was searched that may hold one */
export function shortestCycle(
  graph: Graph,
  specification: Specification,
  starts: Starts,
  outOfTime: () => boolean,
): { readonly steps: readonly Step[]; readonly complete: boolean } {
  const { plain, rw, anti, need } = specification;
  const { nodes, offsets, targets, kindOf } = graph;
  // A state: node, whether it was just reached by an anti-dependency, whether the needed kind occurred.
  const stamp = new Int32Array(nodes * 4).fill(-1);
  const parent = new Int32Array(nodes * 4);
  const by = new Uint8Array(nodes * 4);
  let best: readonly Step[] = [];
  let walked = 0;
  let foundAt = Number.POSITIVE_INFINITY;
  let nextLook = edgesPerLook;
  for (const [round, [source, first]] of starts.edges.entries()) {
    if (best.length === 2 || walked > foundAt + edgesForShorter) return { steps: best, complete: true };
    const goal = breadthFirst(round, source, first, best.length === 0 ? Number.POSITIVE_INFINITY : best.length - 1);
    if (goal === "out of time") return { steps: best, complete: false };
    if (goal === undefined) continue;
    best = stepsOf(goal, source);
    foundAt = Math.min(foundAt, walked);
  }
  return { steps: best, complete: true };

  /** The state in which the search is back at `source` within `most` steps. */
  function breadthFirst(round: number, source: number, first: number, most: number): number | "out of time" | undefined {
    const kind = kindOf[first] as number;
    const begin = stateAfter(targets[first] as number, 0, 0, kind);
    if (begin < 0) return undefined;
    stamp[begin] = round;
    parent[begin] = -1;
    by[begin] = kind;
    let frontier = [begin];
    for (let length = 1; frontier.length > 0 && length <= most; length++) {
      const next: number[] = [];
      // It grows by what free edges reach at the same length.
      for (const state of frontier) {
        const node = state >> 2;
        const adjacent = (state >> 1) & 1;
        if (node === source && (need === 0 || (state & 1) === 1) && !(rw === "nonadjacent" && adjacent === 1)) return state;
        for (let edge = offsets[node] as number; edge < (offsets[node + 1] as number); edge++) {
          walked++;
          const of = kindOf[edge] as number;
          const reached = stateAfter(targets[edge] as number, adjacent, state & 1, of);
          if (reached < 0 || stamp[reached] === round) continue;
          if (((of & anti) !== 0 && rw === "one") || !starts.within(source, reached >> 2, ((reached >> 1) & 1) as 0 | 1)) continue;
          stamp[reached] = round;
          parent[reached] = state;
          by[reached] = of;
          (of === kinds.free ? frontier : next).push(reached);
        }
      }
      if (walked >= nextLook) {
        nextLook = walked + edgesPerLook;
        if (outOfTime()) return "out of time";
      }
      frontier = next;
    }
    return undefined;
  }

  /** The state that an edge of a kind leads to; -1: the edge may not be taken. */
  function stateAfter(target: number, adjacent: number, met: number, kind: number): number {
    if (kind === kinds.free) return target * 4 + adjacent * 2 + met;
    if ((kind & anti) !== 0) return rw === "nonadjacent" && adjacent === 1 ? -1 : target * 4 + (rw === "nonadjacent" ? 2 : 0) + met;
    if ((kind & plain) === 0) return -1;
    return target * 4 + ((kind & need) !== 0 ? 1 : met);
  }

  /** Back from the goal, with the helpers left out: what leads to one and what leads on from it are one step. */
  function stepsOf(goal: number, source: number): Step[] {
    const steps: Step[] = [];
    let to = goal >> 2;
    for (let state = goal; state >= 0; state = parent[state] as number) {
      const kind = by[state] as number;
      if (kind === kinds.free) continue;
      const before = parent[state] as number;
      const from = before < 0 ? source : before >> 2;
      steps.push({ from, to, kind });
      to = from;
    }
    return steps.reverse();
  }
}
