/** A set that is read whole. */
import type { Json, Operation } from "../../core/history.ts";
import { type Decision, linearizable } from "../linearizability/judge.ts";
import { contradicted, inLevels } from "../linearizability/levels.ts";
import { brief, told } from "../linearizability/specification.ts";
import { listOf, type Name, nameOf } from "../linearizability/values.ts";

const algorithm = "levels of growing reads";
const namesOf = (value: Json): readonly Name[] => (listOf(value ?? []) ?? []).map(nameOf);
const byText = (a: Name, b: Name): number => (`${a}` < `${b}` ? -1 : 1);

export default linearizable(
  {
    what: "a set, at every moment (model set judges the last read only): add and remove (input: the element) and read (output: the list of all elements, in any order, none twice); initially empty",
    aliases: [],
  },
  {
    operations: { read: "read", add: "update", remove: "update" },
    initial: (given): readonly Name[] | undefined =>
      listOf(given ?? []) === undefined ? undefined : [...new Set(namesOf(given ?? []))].sort(byText),
    step(elements, { f, input, output }) {
      const name = nameOf(input);
      if (f === "add") return elements.includes(name) ? elements : [...elements, name].sort(byText);
      if (f === "remove") return elements.filter((element) => element !== name);
      const read = [...namesOf(output)].sort(byText);
      return read.length === elements.length && read.every((element, i) => element === elements[i]) ? elements : undefined;
    },
    identify: (elements) => JSON.stringify(elements),
    revive: (name) => JSON.parse(`${name}`),
    // What was removed goes with what was added.
    values: ({ f, input, output }) => (f === "read" ? { writes: [], observes: listOf(output) ?? [] } : { writes: [input], observes: [] }),
    describe: (elements) => `{${elements.join(", ")}}`,
    malformed: ({ f, output, outcome }) =>
      f === "read" && outcome === "ok" && output !== null && listOf(output) === undefined
        ? `output ${brief(output)} where a list is expected`
        : undefined,
  },
  decide,
);

/** Where nothing is removed and nothing added twice, each read holds all of every smaller one, and elements came between the first that has them and the one before. */
function decide(operations: readonly Operation[], given: Json | undefined): Decision | undefined {
  const missing = new Map<Name, Operation>();
  const initial = namesOf(given ?? []);
  const present = new Map<Name, number>(initial.map((name) => [name, -1]));
  for (const operation of operations) {
    if (operation.f === "remove") return undefined;
    if (operation.f !== "add") continue;
    const name = nameOf(operation.input);
    if (missing.has(name) || present.has(name)) return undefined;
    missing.set(name, operation);
  }
  const reads = operations.filter(({ f }) => f === "read").map((read) => ({ read, names: namesOf(read.output) }));
  reads.sort((a, b) => a.names.length - b.names.length);
  const levels: Operation[][] = [];
  let before: Operation | undefined;
  for (const [round, { read, names }] of reads.entries()) {
    const added: Operation[] = [];
    let known = 0;
    for (const name of names) {
      const seen = present.get(name);
      if (seen === round) return contradicted(algorithm, `${told(read)} has an element twice.`, read);
      if (seen !== undefined) known++;
      else {
        const add = missing.get(name);
        if (add === undefined) return contradicted(algorithm, `${told(read)} has ${name}, which nobody added.`, read);
        missing.delete(name);
        added.push(add);
      }
      present.set(name, round);
    }
    if (known < present.size - added.length) {
      const lacks = `${told(read)} lacks ${[...present].find(([, seen]) => seen !== round)?.[0]}`;
      return before === undefined
        ? contradicted(algorithm, `${lacks}, which was there at first.`, read)
        : contradicted(algorithm, `${lacks}, and ${told(before)} lacks what it has: neither can come first.`, read, before);
    }
    if (added.length > 0) levels.push(added);
    levels.push([read]);
    before = read;
  }
  levels.push([...missing.values()].filter(({ outcome }) => outcome === "ok"));
  return inLevels(algorithm, merged(levels));
}

/** Reads of one set stand at one level. */
function merged(levels: readonly (readonly Operation[])[]): Operation[][] {
  const all: Operation[][] = [];
  for (const level of levels) {
    const last = all.at(-1);
    if (last !== undefined && last[0]?.f === "read" && level[0]?.f === "read") last.push(...level);
    else all.push([...level]);
  }
  return all;
}
