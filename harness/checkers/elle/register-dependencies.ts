/** Who depends on whom in a history of read-write registers, and what shows without a cycle. */
import type { Findings } from "../findings.ts";
import { type Name, nameOf } from "../linearizability/values.ts";
import { type GraphBuilder, kinds } from "./graph.ts";
import { initial, type Register, type VersionOrders } from "./registers.ts";
import type { Transaction, Transactions } from "./transactions.ts";

export function addRegisterDependencies(
  graph: GraphBuilder,
  registers: readonly Register[],
  { later }: VersionOrders,
  outOfTime: () => boolean,
): void {
  for (const [i, { accesses, writers }] of registers.entries()) {
    if (outOfTime()) return;
    const readers = new Map<Name, number[]>();
    for (const { transaction, read } of accesses) {
      if (read === undefined) continue;
      const same = readers.get(read);
      if (same) same.push(transaction);
      else readers.set(read, [transaction]);
      const writer = writers.get(read);
      if (writer !== undefined) graph.edge(writer, transaction, kinds.wr);
    }
    for (const [version, next] of later[i] ?? []) {
      const writersAfter = [...next].flatMap((one) => writers.get(one) ?? []);
      const writer = writers.get(version);
      if (writer !== undefined) graph.edges([writer], writersAfter, kinds.ww);
      graph.edges(readers.get(version) ?? [], writersAfter, kinds.rw);
    }
  }
}

export function findRegisterAnomalies(
  registers: readonly Register[],
  { transactions }: Transactions,
  { cyclic }: VersionOrders,
  found: Findings,
): void {
  for (const { register, versions, rules } of cyclic) {
    const indices = versions.flatMap((version) => register.writers.get(version) ?? []).map((place) => indexOf(transactions, place));
    found.add(
      "cyclic-versions",
      indices,
      () => `the versions ${versions.join(", ")} of ${register.name} would each come before the other (${rules.join(", ")}).`,
    );
  }
  for (const { operation, micros } of transactions) {
    if (operation.outcome !== "ok") continue;
    const state = new Map<number, Name>();
    for (const { isWrite, key, value } of micros) {
      const register = registers[key] as Register;
      const version = nameOf(value);
      const expected = state.get(key);
      state.set(key, version);
      if (isWrite) continue;
      const about = `operation ${operation.index} read ${version} from ${register.name}`;
      if (expected !== undefined && expected !== version)
        found.add("internal", [operation.index], () => `${about}, where its own steps before it leave ${expected}.`);
      const aborted = register.writers.has(version) || register.intermediate.has(version) ? undefined : register.aborted.get(version);
      const halfway = register.intermediate.get(version);
      if (aborted !== undefined) {
        const writer = indexOf(transactions, aborted);
        found.add("G1a", [operation.index, writer], () => `${about}, which operation ${writer} wrote and then failed (aborted read).`);
      }
      if (halfway !== undefined && transactions[halfway]?.operation !== operation) {
        const writer = indexOf(transactions, halfway);
        found.add("G1b", [operation.index, writer], () => `${about}, which operation ${writer} overwrote itself (intermediate read).`);
      }
    }
  }
  for (const { name, accesses } of registers) {
    const both = accesses.filter(
      ({ transaction, read, write }) => read !== undefined && write !== undefined && transactions[transaction]?.operation.outcome === "ok",
    );
    for (const [version, same] of Map.groupBy(both, ({ read }) => read)) {
      if (same.length < 2) continue;
      const indices = same.map(({ transaction }) => indexOf(transactions, transaction));
      found.add("lost-update", indices, () => `operations ${indices.join(" and ")} all read ${version} from ${name} and then wrote it.`);
    }
  }
}

const indexOf = (transactions: readonly Transaction[], place: number): number => (transactions[place] as Transaction).operation.index;

/** Why `to` comes after `from`, as the beginning of a sentence. */
export function explainRegister(
  registers: readonly Register[],
  { later }: VersionOrders,
  { transactions }: Transactions,
  from: number,
  to: number,
  kind: number,
): string {
  const [a, b] = [indexOf(transactions, from), indexOf(transactions, to)];
  for (const [i, { name, accesses, writers }] of registers.entries()) {
    const [own, other] = [from, to].map((transaction) => accesses.find((access) => access.transaction === transaction));
    if (!own || !other) continue;
    if (kind === kinds.wr && other.read !== undefined && writers.get(other.read) === from)
      return `operation ${b} read ${other.read} from ${name}, which operation ${a} had written`;
    const before = kind === kinds.ww ? own.write : kind === kinds.rw ? own.read : undefined;
    if (before === undefined || other.write === undefined || !later[i]?.get(before)?.has(other.write)) continue;
    if (kind === kinds.ww) return `operation ${b} wrote ${other.write} to ${name} over ${before}, which operation ${a} had written`;
    return `operation ${a} read ${before === initial ? "nothing" : before} from ${name}, over which operation ${b} wrote ${other.write}`;
  }
  return `operation ${a} came before operation ${b}`;
}
