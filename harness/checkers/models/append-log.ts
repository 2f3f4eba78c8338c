/** A log that grows at its end and is read whole. */
import type { Json, Operation } from "../../core/history.ts";
import { type Decision, linearizable } from "../linearizability/judge.ts";
import { contradicted, inLevels } from "../linearizability/levels.ts";
import { brief, told } from "../linearizability/specification.ts";
import { listOf, type Name, nameOf } from "../linearizability/values.ts";

const algorithm = "levels of the longest read";

export default linearizable<readonly Json[]>(
  {
    what: "a log: append (input: the element; what it answers is not judged) and read (output: the list of all elements); initially empty",
    aliases: ["list"],
  },
  {
    operations: { read: "read", append: "update" },
    initial: (given) => listOf(given ?? []),
    step(elements, { f, input, output }) {
      if (f === "append") return [...elements, input];
      return nameOf(output ?? []) === nameOf(elements) ? elements : undefined;
    },
    identify: nameOf,
    revive: (name) => JSON.parse(`${name}`),
    values: ({ f, input, output }) => (f === "append" ? { writes: [input], observes: [] } : { writes: [], observes: listOf(output) ?? [] }),
    describe: brief,
    // Before the longest read the log is a beginning of it; what it becomes afterwards nobody saw.
    narrow(operations, initial) {
      const read = listOf(longestOf(operations.filter(({ f }) => f === "read"))?.output ?? []) ?? [];
      const longest = (read.length < initial.length ? initial : read).map(nameOf);
      return (elements) => {
        if (!elements.every((element, i) => i >= longest.length || nameOf(element) === longest[i])) return undefined;
        return elements.length > longest.length ? [...elements.slice(0, longest.length), "..."] : elements;
      };
    },
    malformed: ({ f, output, outcome }) =>
      f === "read" && outcome === "ok" && output !== null && listOf(output) === undefined
        ? `output ${brief(output)} where a list is expected`
        : undefined,
  },
  decide,
);

const lengthOf = (read: Operation): number => listOf(read.output)?.length ?? 0;

function longestOf(reads: readonly Operation[]): Operation | undefined {
  return reads.reduce<Operation | undefined>((most, read) => (most === undefined || lengthOf(read) > lengthOf(most) ? read : most), undefined);
}

/** Where no element was appended twice, the longest read says in which order they came, and every other one where it stands between them. */
function decide(operations: readonly Operation[], given: Json | undefined): Decision | undefined {
  const initial = (listOf(given ?? []) ?? []).map(nameOf);
  const appends = new Map<Name, Operation>();
  for (const operation of operations) {
    if (operation.f !== "append") continue;
    const name = nameOf(operation.input);
    if (appends.has(name) || initial.includes(name)) return undefined;
    appends.set(name, operation);
  }
  const reads = operations.filter(({ f }) => f === "read");
  const longest = longestOf(reads);
  const order = (listOf(longest?.output ?? []) ?? []).map(nameOf);
  for (const read of reads) {
    const elements = listOf(read.output) ?? [];
    const wrong = elements.findIndex((element, i) => nameOf(element) !== order[i]);
    if (wrong >= 0 && longest !== undefined) {
      const other = `where ${told(longest)} has ${brief(listOf(longest.output)?.[wrong] ?? null)}`;
      return contradicted(algorithm, `${told(read)} has ${brief(elements[wrong] ?? null)} at position ${wrong}, ${other}.`, read, longest);
    }
    if (elements.length < initial.length) return contradicted(algorithm, `${told(read)} lacks what was in the log at first.`, read);
  }
  // Reads of length n stand at level 2 n, the append that makes it n + 1 at the next; appends that nobody read come last.
  const levels: Operation[][] = Array.from({ length: 2 * order.length + 2 }, () => []);
  for (const read of reads) levels[2 * lengthOf(read)]?.push(read);
  for (const [i, name] of order.entries()) {
    if (longest === undefined) break;
    if (i < initial.length) {
      if (initial[i] !== name)
        return contradicted(algorithm, `${told(longest)} differs at position ${i} from what was in the log at first.`, longest);
      continue;
    }
    const append = appends.get(name);
    if (append === undefined) return contradicted(algorithm, `${told(longest)} has at position ${i} what nobody appended, or has it twice.`, longest);
    levels[2 * i + 1]?.push(append);
    appends.delete(name);
  }
  for (const append of appends.values()) if (append.outcome === "ok") levels[2 * order.length + 1]?.push(append);
  return inLevels(algorithm, levels);
}
