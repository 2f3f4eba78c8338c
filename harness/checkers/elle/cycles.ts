/** Cycles of dependencies, the worst kind first and a shortest one of each, with Elle's names. */
import { componentsOf, cyclicParts } from "./components.ts";
import { allImplied } from "./consistency.ts";
import { type Graph, kinds } from "./graph.ts";
import { shortestCycle } from "./shortest.ts";

/** `to` depends on `from`; both are transactions. */
export interface Step {
  readonly from: number;
  readonly to: number;
  readonly kind: number;
}

export interface Cycle {
  readonly type: string;
  readonly steps: readonly Step[];
}

/** Which cycles are looked for. */
export interface Specification {
  readonly type: string;
  /** Kinds that may occur at will. */
  readonly plain: number;
  /** How anti-dependencies may occur: not at all, once, any number but never two in a row, at will. */
  readonly rw: "none" | "one" | "nonadjacent" | "any";
  /** Which kinds count as anti-dependencies. */
  readonly anti: number;
  /** The kind that every such cycle has, from which it is looked for. */
  readonly start: number;
  /** A kind that must occur beside; 0: none. */
  readonly need: number;
}

const [item, any] = [kinds.rw, kinds.rw | kinds.rwp];

const base: readonly Specification[] = [
  { type: "G0", plain: kinds.ww, rw: "none", anti: 0, start: kinds.ww, need: 0 },
  { type: "G1c", plain: kinds.ww | kinds.wr, rw: "none", anti: 0, start: kinds.wr, need: 0 },
  { type: "G-single-item", plain: kinds.ww | kinds.wr, rw: "one", anti: item, start: kinds.rw, need: 0 },
  { type: "G-single", plain: kinds.ww | kinds.wr, rw: "one", anti: any, start: kinds.rwp, need: 0 },
  { type: "G-nonadjacent-item", plain: kinds.ww | kinds.wr, rw: "nonadjacent", anti: item, start: kinds.rw, need: 0 },
  { type: "G-nonadjacent", plain: kinds.ww | kinds.wr, rw: "nonadjacent", anti: any, start: kinds.rwp, need: 0 },
  { type: "G2-item", plain: kinds.ww | kinds.wr, rw: "any", anti: item, start: kinds.rw, need: 0 },
  { type: "G2", plain: kinds.ww | kinds.wr, rw: "any", anti: any, start: kinds.rwp, need: 0 },
];

/** Without predicate reads there is nothing to find from them. */
function specifications(time: TimeEdges, graph: Graph): readonly Specification[] {
  const wanted = graph.kindOf.includes(kinds.rwp) ? base : base.filter(({ start }) => start !== kinds.rwp);
  if (time === "none") return wanted;
  const kind = kinds[time];
  const variants = wanted.map(({ type, plain, rw, anti, start }) => {
    const isG0 = start === kinds.ww;
    return { type: `${type}-${time}`, plain: plain | kind, rw, anti, start: isG0 ? kind : start, need: isG0 ? 0 : kind };
  });
  return [...wanted, ...variants];
}

/** Which edges of time a graph has. */
export type TimeEdges = "none" | "process" | "realtime";

export interface Found {
  readonly cycles: readonly Cycle[];
  /** Types that were not looked for to the end in some part of the graph. */
  readonly undecided: ReadonlySet<string>;
}

export function cyclesOf(graph: Graph, time: TimeEdges, outOfTime: () => boolean): Found {
  const cycles: Cycle[] = [];
  const undecided = new Set<string>();
  for (const { graph: part, original } of cyclicParts(graph)) {
    const redundant = new Set<string>();
    const before = cycles.length;
    const keep = (steps: readonly Step[]): void => {
      for (const simple of simpleCycles(steps)) {
        const type = typeOf(simple);
        if (redundant.has(type)) continue;
        for (const name of allImplied([type])) redundant.add(name);
        cycles.push({ type, steps: simple.map(({ from, to, kind }) => ({ from: original[from] as number, to: original[to] as number, kind })) });
      }
    };
    for (const specification of specifications(time, part)) {
      if (redundant.has(specification.type)) continue;
      if (outOfTime()) undecided.add(specification.type);
      else keep(search(part, specification, outOfTime, undecided));
    }
    // Whatever the time: a component has a cycle, and one is found in linear time.
    if (cycles.length === before) keep(anyCycle(part));
  }
  return { cycles, undecided };
}

function search(graph: Graph, specification: Specification, outOfTime: () => boolean, undecided: Set<string>): readonly Step[] {
  const starts = startsOf(graph, specification);
  const { steps, complete } = shortestCycle(graph, specification, starts, outOfTime);
  if (!complete && steps.length === 0) undecided.add(specification.type);
  return steps;
}

export interface Starts {
  /** Edges from which a cycle of the kind may begin: source and place of the edge. */
  readonly edges: readonly (readonly [source: number, edge: number])[];
  /** Whether a search that began at `source` may be at `node` (`adjacent`: just come by an anti-dependency). */
  within(source: number, node: number, adjacent: 0 | 1): boolean;
}

/** With any number of anti-dependencies a cycle is there exactly where an edge stays within a component; with one, levels keep the search short. */
function startsOf(graph: Graph, specification: Specification): Starts {
  const mask = specification.plain | kinds.free | specification.anti;
  if (specification.rw === "one") {
    const level = levelsOf(graph, specification.plain | kinds.free);
    const within = (source: number, node: number): boolean =>
      level === undefined || node === source || (level[node] as number) < (level[source] as number);
    return { edges: edgesFrom(graph, specification.start, within), within };
  }
  if (specification.rw === "nonadjacent") {
    const component = componentsOf(alternating(graph, specification), -1);
    const within = (source: number, node: number, adjacent: 0 | 1): boolean => component[2 * source] === component[2 * node + adjacent];
    return { edges: edgesFrom(graph, specification.start, (source, node) => within(source, node, 1)), within };
  }
  const component = componentsOf(graph, mask);
  const within = (source: number, node: number): boolean => component[source] === component[node];
  return { edges: edgesFrom(graph, specification.start, within), within };
}

function edgesFrom(graph: Graph, start: number, within: (source: number, node: number) => boolean): (readonly [number, number])[] {
  const edges: (readonly [number, number])[] = [];
  for (let source = 0; source < graph.transactions; source++) {
    for (let edge = graph.offsets[source] as number; edge < (graph.offsets[source + 1] as number); edge++) {
      if (((graph.kindOf[edge] as number) & start) !== 0 && within(source, graph.targets[edge] as number)) edges.push([source, edge]);
    }
  }
  return edges;
}

/** How long the longest path to each node is; undefined where the edges of these kinds have a cycle. */
function levelsOf({ nodes, offsets, targets, kindOf }: Graph, mask: number): Int32Array | undefined {
  const level = new Int32Array(nodes);
  const waiting = new Int32Array(nodes);
  for (let edge = 0; edge < targets.length; edge++) {
    if (((kindOf[edge] as number) & mask) !== 0) waiting[targets[edge] as number] = (waiting[targets[edge] as number] as number) + 1;
  }
  const ready: number[] = [];
  for (let node = 0; node < nodes; node++) if (waiting[node] === 0) ready.push(node);
  // A list that grows while it is walked is walked to its new end.
  for (const node of ready) {
    for (let edge = offsets[node] as number; edge < (offsets[node + 1] as number); edge++) {
      if (((kindOf[edge] as number) & mask) === 0) continue;
      const target = targets[edge] as number;
      level[target] = Math.max(level[target] as number, (level[node] as number) + 1);
      waiting[target] = (waiting[target] as number) - 1;
      if (waiting[target] === 0) ready.push(target);
    }
  }
  return ready.length === nodes ? level : undefined;
}

/** The graph of states "at this node, and just come by an anti-dependency or not", in which no two of those follow each other. */
function alternating(
  { nodes, offsets, targets, kindOf }: Graph,
  { plain, anti }: Specification,
): Pick<Graph, "nodes" | "offsets" | "targets" | "kindOf"> {
  const newOffsets = new Int32Array(2 * nodes + 1);
  const newTargets: number[] = [];
  for (let node = 0; node < nodes; node++) {
    for (const adjacent of [0, 1]) {
      for (let edge = offsets[node] as number; edge < (offsets[node + 1] as number); edge++) {
        const kind = kindOf[edge] as number;
        const target = 2 * (targets[edge] as number);
        if (kind === kinds.free) newTargets.push(target + adjacent);
        else if ((kind & anti) !== 0 && adjacent === 0) newTargets.push(target + 1);
        else if ((kind & plain) !== 0) newTargets.push(target);
      }
      newOffsets[2 * node + adjacent + 1] = newTargets.length;
    }
  }
  return { nodes: 2 * nodes, offsets: newOffsets, targets: Int32Array.from(newTargets), kindOf: new Uint8Array(newTargets.length).fill(1) };
}

function anyCycle(graph: Graph): readonly Step[] {
  const all = kinds.ww | kinds.wr | kinds.process | kinds.realtime;
  const start = (graph.kindOf[0] as number) & ~kinds.free;
  const specification: Specification = { type: "", plain: all, rw: "any", anti: any, start: start === 0 ? all | any : start, need: 0 };
  const starts: Starts = { edges: edgesFrom(graph, specification.start, () => true).slice(0, 1), within: () => true };
  return shortestCycle(graph, specification, starts, () => false).steps;
}

/** A closed walk that comes to a transaction twice, as the cycles it is made of. */
function simpleCycles(steps: readonly Step[]): (readonly Step[])[] {
  const seen = new Map<number, number>();
  for (const [i, { from }] of steps.entries()) {
    const before = seen.get(from);
    if (before !== undefined) return [...simpleCycles(steps.slice(before, i)), ...simpleCycles([...steps.slice(0, before), ...steps.slice(i)])];
    seen.set(from, i);
  }
  return steps.length === 0 ? [] : [steps];
}

function typeOf(steps: readonly Step[]): string {
  const has = (kind: number): boolean => steps.some((step) => step.kind === kind);
  const variant = has(kinds.realtime) ? "-realtime" : has(kinds.process) ? "-process" : "";
  const isAnti = ({ kind }: Step): boolean => (kind & any) !== 0;
  const anti = steps.filter(isAnti).length;
  if (anti === 0) return (has(kinds.wr) ? "G1c" : "G0") + variant;
  const of = (has(kinds.rwp) ? "" : "-item") + variant;
  if (anti === 1) return `G-single${of}`;
  const adjacent = steps.some((step, i) => isAnti(step) && isAnti(steps[(i + 1) % steps.length] as Step));
  return (adjacent ? "G2" : "G-nonadjacent") + of;
}
