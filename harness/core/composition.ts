/** Overlapping faults drawn from a seed: what may be drawn and how often, and what may be in effect together, are data. */
import type { ScheduledFault, Topology } from "./experiment.ts";
import type { Random } from "./random.ts";

export interface Ingredient {
  /** A file of `harness/faults/`. */
  readonly fault: string;
  /** How often it is drawn, against the weights of the others; 0: never. */
  readonly weight: number;
  /** A role, whose instances are struck one at a time (`queue`), their edges likewise (`queue->redis`), all edges to a dependency at once (`*->redis`), or a dependency (`postgres`). */
  readonly on: string;
  /** The shortest and the longest that it is to bite (ms). */
  readonly forMs: readonly [number, number];
  /** Where its victim has no work again for longer than the rules say, because a balancer leaves it alone (ms). */
  readonly recoveryMs?: number;
  options?(random: Random): NonNullable<ScheduledFault["options"]>;
}

export interface CompositionRules {
  /** Faults are requested within this time (ms), so far apart on average. */
  readonly withinMs: number;
  readonly everyMs: number;
  /** How many may be in effect at once. */
  readonly atOnce: number;
  /** Instances of each role that are left alone at any time. What strikes a dependency, or all edges to it, strikes everybody: its weight says how often. */
  readonly spared: number;
  /** From the end of a fault until its victim may be struck again: healing takes its time, and so does recovery (ms). */
  readonly recoveryMs: number;
}

/** The timeline, by time. A draw that the rules forbid is left out, so a full menu gives a little fewer than one fault for each `everyMs`. */
export function compose(random: Random, topology: Topology, menu: readonly Ingredient[], rules: CompositionRules): readonly ScheduledFault[] {
  const drawn: { readonly fault: ScheduledFault; readonly recoveredMs: number }[] = [];
  for (let atMs = random.integer(0, rules.everyMs); atMs < rules.withinMs; atMs += random.integer(1, 2 * rules.everyMs)) {
    const ingredient = weighted(random, menu);
    const victims = victimsOf(ingredient.on, topology);
    if (victims.length === 0) continue;
    const next = {
      fault: ingredient.fault,
      on: random.pick(victims),
      atMs,
      forMs: random.integer(...ingredient.forMs),
      ...(ingredient.options ? { options: ingredient.options(random) } : {}),
    };
    const together = drawn.filter(({ recoveredMs }) => recoveredMs > atMs).map(({ fault }) => fault);
    if (!allowed(next, together, topology, rules)) continue;
    drawn.push({ fault: next, recoveredMs: atMs + next.forMs + (ingredient.recoveryMs ?? rules.recoveryMs) });
  }
  return drawn.map(({ fault }) => fault);
}

function weighted(random: Random, menu: readonly Ingredient[]): Ingredient {
  let left = random.next() * menu.reduce((sum, { weight }) => sum + weight, 0);
  for (const ingredient of menu) {
    left -= ingredient.weight;
    if (left < 0) return ingredient;
  }
  return random.pick(menu.filter(({ weight }) => weight > 0));
}

function victimsOf(on: string, topology: Topology): readonly string[] {
  const [role = "", dependency] = on.split("->");
  const count = topology[role];
  if (count === undefined) return [on];
  return Array.from({ length: count }, (_, i) => `${role}-${i + 1}${dependency === undefined ? "" : `->${dependency}`}`);
}

/** What a fault takes: one instance, or a dependency from everybody, or one instance's way to a dependency. */
function takes(on: string): { readonly instance?: string; readonly whole?: string; readonly way?: string } {
  const [from = "", to] = on.split("->");
  if (from === "*" && to !== undefined) return { whole: to };
  if (to !== undefined) return { instance: from, way: to };
  return /-\d+$/.test(on) ? { instance: on } : { whole: on };
}

/** Whether two faults would strike the same victim, so that nobody could tell whose effect a probe saw. */
export function sameVictim(a: string, b: string): boolean {
  const [one, other] = [takes(a), takes(b)];
  if (one.instance !== undefined && one.instance === other.instance) return true;
  const touches = (dependency: string | undefined, by: typeof one): boolean =>
    dependency !== undefined && (by.whole === dependency || by.way === dependency);
  return touches(one.whole, other) || touches(other.whole, one);
}

function allowed(next: ScheduledFault, together: readonly ScheduledFault[], topology: Topology, rules: CompositionRules): boolean {
  if (together.some((one) => sameVictim(one.on, next.on))) return false;
  if (together.filter((one) => one.atMs + one.forMs > next.atMs).length >= rules.atOnce) return false;
  const { instance } = takes(next.on);
  if (instance === undefined) return true;
  const role = roleOf(instance);
  const struck = new Set(together.map(({ on }) => takes(on).instance).filter((name) => name !== undefined && roleOf(name) === role));
  return struck.size + 1 <= (topology[role] ?? 0) - rules.spared;
}

function roleOf(instance: string): string {
  return instance.replace(/-\d+$/, "");
}
