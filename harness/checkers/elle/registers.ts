/**
 * What a history of read-write registers says of the order of versions. Registers do not show what came before, so an order is only inferred where the
 * settings allow it (Elle, section 4.3 of the paper): by default only the initial state is known to come first.
 */
import type { Json, Operation } from "../../core/history.ts";
import { type Name, nameOf } from "../linearizability/values.ts";
import { componentsOf } from "./components.ts";
import { graphOf } from "./graph.ts";
import { mayHave } from "./lists.ts";
import type { Transaction, Transactions } from "./transactions.ts";

/** The version of a register that nobody wrote. */
export const initial: Name = nameOf(null);

/** What a transaction shows of a register to others: its first read, if that precedes its writes, and its last write. */
interface Access {
  readonly transaction: number;
  read: Name | undefined;
  write: Name | undefined;
}

export interface Register {
  readonly name: string;
  readonly accesses: readonly Access[];
  /** Who wrote a version last; versions that a transaction overwrote itself are in `intermediate`, those of aborted ones in `aborted`. */
  readonly writers: ReadonlyMap<Name, number>;
  readonly intermediate: ReadonlyMap<Name, number>;
  readonly aborted: ReadonlyMap<Name, number>;
}

type Edges = Map<Name, Set<Name>>;

export interface VersionOrders {
  /** By register: the versions known to come later than each. */
  readonly later: readonly ReadonlyMap<Name, ReadonlySet<Name>>[];
  /** Rules of inference that contradict the history: register, versions on a cycle, rules taken together. */
  readonly cyclic: readonly { readonly register: Register; readonly versions: readonly Name[]; readonly rules: readonly string[] }[];
}

/** @returns the registers in the order of the keys, or why versions cannot be told apart */
export function registersOf({ transactions, keys }: Transactions): readonly Register[] | string {
  const registers = keys.map((name) => ({
    name,
    accesses: [] as Access[],
    writers: new Map<Name, number>(),
    intermediate: new Map<Name, number>(),
    aborted: new Map<Name, number>(),
  }));
  for (const [transaction, one] of transactions.entries()) {
    const accesses = new Map<number, Access>();
    for (const { isWrite, key, value } of one.micros) {
      const register = registers[key] as (typeof registers)[number];
      const name = nameOf(value);
      if (!mayHave(one)) {
        register.aborted.set(name, transaction);
        continue;
      }
      const access = accesses.get(key) ?? { transaction, read: undefined, write: undefined };
      accesses.set(key, access);
      if (!isWrite) {
        if (access.write === undefined) access.read ??= name;
        continue;
      }
      const same = register.writers.get(name) ?? register.intermediate.get(name);
      if (same !== undefined && same !== transaction) return twice(name, register.name, [transactions[same], one]);
      if (access.write !== undefined) {
        register.writers.delete(access.write);
        register.intermediate.set(access.write, transaction);
      }
      access.write = name;
      register.writers.set(name, transaction);
    }
    for (const [key, access] of accesses) (registers[key] as (typeof registers)[number]).accesses.push(access);
  }
  return registers;
}

function twice(name: Name, register: string, by: readonly (Transaction | undefined)[]): string {
  const indices = by.map((transaction) => transaction?.operation.index).join(", ");
  return `${name} was written to ${register} twice (operations ${indices}), so its versions cannot be told apart.`;
}

/** The rules that the settings name, each after the other as long as they do not contradict each other. */
export function versionOrders(
  registers: readonly Register[],
  { transactions }: Transactions,
  settings: Readonly<Record<string, Json>>,
  outOfTime: () => boolean,
): VersionOrders {
  const operationOf = ({ transaction }: Access): Operation => (transactions[transaction] as Transaction).operation;
  const rules: (readonly [string, (register: Register, add: (from: Name, to: Name) => void) => void])[] = [["initial-state", initialFirst]];
  const order = settings["transaction-order"];
  if (order !== undefined && order !== null) rules.push(["transaction-order", (register, add) => given(register, order, operationOf, add)]);
  if (settings["wfr-keys?"] === true) rules.push(["wfr-keys", writesFollowReads]);
  if (settings["sequential-keys?"] === true) rules.push(["sequential-keys", (register, add) => sequential(register, operationOf, add)]);
  if (settings["linearizable-keys?"] === true) rules.push(["linearizable-keys", (register, add) => linearizable(register, operationOf, add)]);
  let later: Edges[] = registers.map(() => new Map());
  let taken: readonly string[] = [];
  const cyclic: VersionOrders["cyclic"][number][] = [];
  for (const [rule, infer] of rules) {
    const candidate = later.map((edges) => new Map([...edges].map(([from, to]) => [from, new Set(to)])));
    for (const [i, register] of registers.entries()) {
      if (outOfTime()) break;
      infer(register, (from, to) => {
        const edges = candidate[i] as Edges;
        const known = edges.get(from);
        if (from === to) return;
        if (known) known.add(to);
        else edges.set(from, new Set([to]));
      });
    }
    const found =
      rule === "initial-state"
        ? []
        : candidate.flatMap((edges, i) =>
            cyclesIn(edges).map((versions) => ({ register: registers[i] as Register, versions, rules: [...taken, rule] })),
          );
    cyclic.push(...found);
    if (found.length > 0) continue;
    later = candidate;
    taken = [...taken, rule];
  }
  return { later, cyclic };
}

function initialFirst({ accesses }: Register, add: (from: Name, to: Name) => void): void {
  for (const { read, write } of accesses)
    for (const version of [read, write]) if (version !== undefined && version !== initial) add(initial, version);
}

function writesFollowReads({ accesses }: Register, add: (from: Name, to: Name) => void): void {
  for (const { read, write } of accesses) if (read !== undefined && read !== initial && write !== undefined) add(read, write);
}

/** By the places that `transaction-order` gives to operations. */
function given({ accesses }: Register, order: Json, operationOf: (access: Access) => Operation, add: (from: Name, to: Name) => void): void {
  const places = order as { readonly [index: string]: Json };
  const placeOf = (access: Access): number => Number(places[String(operationOf(access).index)] ?? Number.NEGATIVE_INFINITY);
  const writes = accesses.filter(({ write }) => write !== undefined).sort((a, b) => placeOf(a) - placeOf(b));
  for (const [i, { write }] of writes.entries()) if (i > 0) add(writes[i - 1]?.write as Name, write as Name);
}

const lastSeen = ({ read, write }: Access): Name | undefined => write ?? read;
const firstSeen = ({ read, write }: Access): Name | undefined => (read === undefined || read === initial ? (write ?? read) : read);

/** Every process sees ever later versions of a register. */
function sequential({ accesses }: Register, operationOf: (access: Access) => Operation, add: (from: Name, to: Name) => void): void {
  const before = new Map<string, Access>();
  for (const access of inOrderOfInvocation(accesses, operationOf)) {
    const { process } = operationOf(access);
    const earlier = before.get(process);
    if (earlier) addPair(earlier, access, add);
    before.set(process, access);
  }
}

/** Who is invoked after another was answered sees a later version, or the same. */
function linearizable({ accesses }: Register, operationOf: (access: Access) => Operation, add: (from: Name, to: Name) => void): void {
  const open = inOrderOfInvocation(accesses, operationOf);
  const completed = open
    .filter((access) => operationOf(access).outcome === "ok")
    .sort((a, b) => operationOf(a).completedAt - operationOf(b).completedAt);
  const precede = new Map<Access, readonly Access[]>();
  // Those answered that nobody answered since has seen answered: all others come before one of them.
  let latest: readonly Access[] = [];
  let done = 0;
  for (const access of open) {
    for (; done < completed.length && operationOf(completed[done] as Access).completedAt < operationOf(access).invokedAt; done++) {
      const next = completed[done] as Access;
      const covered = new Set(precede.get(next));
      latest = [...latest.filter((one) => !covered.has(one)), next];
    }
    precede.set(access, latest);
    for (const earlier of latest) addPair(earlier, access, add);
  }
}

function inOrderOfInvocation(accesses: readonly Access[], operationOf: (access: Access) => Operation): readonly Access[] {
  return [...accesses].sort((a, b) => operationOf(a).invokedAt - operationOf(b).invokedAt);
}

function addPair(earlier: Access, later: Access, add: (from: Name, to: Name) => void): void {
  const [from, to] = [lastSeen(earlier), firstSeen(later)];
  if (from !== undefined && to !== undefined) add(from, to);
}

function cyclesIn(edges: Edges): (readonly Name[])[] {
  const versions = [...new Set([...edges].flatMap(([from, to]) => [from, ...to]))];
  const places = new Map(versions.map((version, i) => [version, i]));
  const graph = graphOf(versions.length);
  for (const [from, to] of edges) for (const version of to) graph.edge(places.get(from) as number, places.get(version) as number, 1);
  const component = componentsOf(graph.build(), -1);
  return [...Map.groupBy(versions, (_, i) => component[i]).values()].filter((members) => members.length > 1);
}
