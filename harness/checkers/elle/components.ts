/** Strongly connected components (Tarjan, "Depth-first search and linear graph algorithms", 1972), without recursion. */
import type { Graph } from "./graph.ts";

/** @returns the component of each node, numbered in reverse topological order; only edges whose kind is in `mask` count */
export function componentsOf({ nodes, offsets, targets, kindOf }: Pick<Graph, "nodes" | "offsets" | "targets" | "kindOf">, mask: number): Int32Array {
  const component = new Int32Array(nodes).fill(-1);
  const found = new Int32Array(nodes).fill(-1);
  const lowest = new Int32Array(nodes);
  const next = new Int32Array(nodes);
  const path = new Int32Array(nodes);
  const open = new Int32Array(nodes);
  let openCount = 0;
  let clock = 0;
  let count = 0;
  for (let root = 0; root < nodes; root++) {
    if (found[root] !== -1) continue;
    let depth = 0;
    path[0] = root;
    enter(root);
    while (depth >= 0) {
      const node = path[depth] as number;
      const edge = next[node] as number;
      if (edge < (offsets[node + 1] as number)) {
        next[node] = edge + 1;
        if (((kindOf[edge] as number) & mask) === 0) continue;
        const target = targets[edge] as number;
        if (found[target] === -1) {
          path[++depth] = target;
          enter(target);
        } else if (component[target] === -1) lower(node, found[target] as number);
        continue;
      }
      if (lowest[node] === found[node]) {
        let member: number;
        do {
          member = open[--openCount] as number;
          component[member] = count;
        } while (member !== node);
        count++;
      }
      depth--;
      if (depth >= 0) lower(path[depth] as number, lowest[node] as number);
    }
  }
  return component;

  function enter(node: number): void {
    found[node] = clock;
    lowest[node] = clock++;
    next[node] = offsets[node] as number;
    open[openCount++] = node;
  }

  function lower(node: number, to: number): void {
    if (to < (lowest[node] as number)) lowest[node] = to;
  }
}

/** Each component with a cycle in it, as a graph of its own with the transactions first; `original` gives the names that its nodes had. */
export function cyclicParts(graph: Graph): { readonly graph: Graph; readonly original: Int32Array }[] {
  const component = componentsOf(graph, -1);
  const size = new Int32Array(graph.nodes);
  for (const of of component) size[of] = (size[of] as number) + 1;
  const members = new Map<number, number[]>();
  for (let node = 0; node < graph.nodes; node++) {
    const of = component[node] as number;
    if ((size[of] as number) < 2) continue;
    const known = members.get(of);
    if (known) known.push(node);
    else members.set(of, [node]);
  }
  const local = new Int32Array(graph.nodes).fill(-1);
  return [...members.values()].map((nodes) => part(graph, nodes, component, local));
}

function part(
  graph: Graph,
  nodes: readonly number[],
  component: Int32Array,
  local: Int32Array,
): { readonly graph: Graph; readonly original: Int32Array } {
  for (const [i, node] of nodes.entries()) local[node] = i;
  const offsets = new Int32Array(nodes.length + 1);
  const targets: number[] = [];
  const kindOf: number[] = [];
  for (const [i, node] of nodes.entries()) {
    for (let edge = graph.offsets[node] as number; edge < (graph.offsets[node + 1] as number); edge++) {
      const target = graph.targets[edge] as number;
      if (component[target] !== component[node]) continue;
      targets.push(local[target] as number);
      kindOf.push(graph.kindOf[edge] as number);
    }
    offsets[i + 1] = targets.length;
  }
  const transactions = nodes.filter((node) => node < graph.transactions).length;
  const compact = { offsets, targets: Int32Array.from(targets), kindOf: Uint8Array.from(kindOf) };
  return { graph: { nodes: nodes.length, transactions, ...compact }, original: Int32Array.from(nodes) };
}
