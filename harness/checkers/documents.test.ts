import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json, Operation } from "../core/history.ts";
import { seeded } from "../core/random.ts";
import type { DocumentNames } from "./documents.ts";
import { exportsAreWhole } from "./export-whole.ts";
import { evidence, injected, operation } from "./fixtures.ts";
import { importsAreTheSame } from "./import-same.ts";
import { importsAreTaken } from "./import-taken.ts";

const names: DocumentNames = { export: "exportAgent", import: "importAgent", state: "saveState", block: "setBlock", memory: "useTool" };
const whole = (operations: readonly Operation[]) => exportsAreWhole(names)(evidence({ operations }));
const same = (operations: readonly Operation[]) => importsAreTheSame(names)(evidence({ operations }));

type Write = { readonly f: string; readonly input: Json };
const state = (n: number): Write => ({ f: "saveState", input: { agent: "a", n } });
const block = (label: string, value: string): Write => ({ f: "setBlock", input: { agent: "a", label, value } });
const memory = (text: string): Write => ({ f: "useTool", input: { agent: "a", text } });

/** The writes in turn, 100 ms apart, each acknowledged. */
const written = (writes: readonly Write[]): Operation[] =>
  writes.map((write, i) => operation({ ...write, index: i, invokedAt: i * 100, output: { version: i + 1 } }));

/** The agent after the first `version` of them, as a document. */
function documentOf(writes: readonly Write[], version = writes.length) {
  const blocks: Record<string, Json> = {};
  const archive: Json[] = [];
  let last: Json = {};
  for (const [i, { f, input }] of writes.slice(0, version).entries()) {
    const { n, label, value, text } = input as Record<string, string>;
    if (f === "saveState") last = { n: n ?? null };
    else if (f === "setBlock") blocks[label ?? ""] = { value: value ?? "", version: i + 1 };
    else archive.push({ seq: i + 1, text: text ?? "" });
  }
  return { id: "a", version, blocks, state: last, events: writes.slice(0, version).map((_, i) => ({ seq: i + 1 })), archive };
}

const exports = (document: Json, invokedAt: number, agent = "a", index = 90): Operation =>
  operation({ f: "exportAgent", index, invokedAt, input: { agent }, output: { document } });

const story = [block("facts", "x"), state(7), memory("m"), block("facts", "y"), state(8)];
const ofStory = documentOf(story);

test("a document holds what was acknowledged up to its version", () => {
  const judged = (document: Json, at = 1000) => whole([...written(story), exports(document, at)]);
  expect(judged(ofStory)).toMatchObject({ verdict: "holds", examined: 1, numbers: { mostChanges: 5 } });
  expect(judged({ ...ofStory, blocks: {} }).summary).toContain("lacks setBlock of version 1");
  expect(judged({ ...ofStory, blocks: { facts: { value: "x", version: 4 } } }).summary).toContain("lacks setBlock of version 4");
  expect(judged({ ...ofStory, state: { n: 7 } }).summary).toContain("lacks saveState of version 5");
  expect(judged({ ...ofStory, archive: [] }).summary).toContain("lacks useTool of version 3");
  expect(judged({ ...ofStory, events: ofStory.events.slice(1) }).summary).toContain("has 4 events");
  expect(judged("nonsense").summary).toContain("is no document");
});

test("it holds nothing of later, and is no older than what was acknowledged before it", () => {
  const early = documentOf(story, 3);
  const judged = (document: Json, at: number) => whole([...written(story), exports(document, at)]);
  expect(judged(early, 250).verdict).toBe("holds");
  expect(judged(early, 1000).summary).toContain("is older than setBlock of version 4");
  expect(judged(null, 0).verdict).toBe("holds");
  expect(judged(null, 1000).summary).toContain("is older than");
  expect(judged({ ...early, state: { n: 8 } }, 250).summary).toContain("lacks saveState of version 2");
  expect(judged({ ...early, blocks: { facts: { value: "y", version: 4 } } }, 250).summary).toContain("has block facts of version 4");
  expect(judged({ ...documentOf(story, 1), state: { n: 7 } }, 50).summary).toContain("which came after it");
});

test("it holds nothing that is another agent's, and nothing twice", () => {
  const judged = (more: object) => whole([...written(story), exports({ ...ofStory, ...more }, 1000)]).summary;
  expect(judged({ archive: [{ seq: 2, text: "theirs" }, ...ofStory.archive] })).toContain('has the memory "theirs", which nobody gave it');
  expect(judged({ archive: [...ofStory.archive, ...ofStory.archive] })).toContain("has 2 memories of 1 versions");
  expect(judged({ blocks: { ...ofStory.blocks, mood: { value: "theirs", version: 2 } } })).toContain(
    'has "theirs" in block mood, which nobody wrote there',
  );
});

test("a write that nobody knows the end of may be in it or not; one that failed is not asked for", () => {
  const last = operation({ ...state(9), index: 5, invokedAt: 500, outcome: "info" });
  const at6 = { ...documentOf([...story, state(9)]) };
  expect(whole([...written(story), last, exports(at6, 1000)]).verdict).toBe("holds");
  expect(whole([...written(story), last, exports(ofStory, 1000)]).verdict).toBe("holds");
  expect(whole([...written(story), { ...last, outcome: "fail" }, exports(ofStory, 1000)]).verdict).toBe("holds");
  expect(whole([...written(story), { ...exports("nonsense", 1000), outcome: "info" }]).verdict).toBe("inconclusive");
  expect(whole([]).verdict).toBe("inconclusive");
});

const imported = (document: Json, outcome: Operation["outcome"] = "ok"): Operation =>
  operation({ f: "importAgent", index: 80, invokedAt: 2000, input: { agent: "copy", document }, output: { version: 5 }, outcome });

test("an import is what its document is, under another id", () => {
  const judged = (document: Json, outcome: Operation["outcome"] = "ok", at = 3000) =>
    same([imported(ofStory, outcome), exports(document, at, "copy")]);
  expect(judged({ ...Object.fromEntries(Object.entries(ofStory).reverse()), id: "copy" })).toMatchObject({ verdict: "holds", examined: 1 });
  expect(judged({ ...ofStory, blocks: {}, state: { n: 9 } }).summary).toContain("differs in blocks, state");
  expect(judged({ ...ofStory, format: "agent/2" }).summary).toContain("differs in what else it holds");
  expect(judged(null).summary).toContain("was not there");
  expect(judged(null, "info").verdict).toBe("inconclusive");
  expect(judged(null, "ok", 1990).verdict).toBe("inconclusive");
  expect(same([]).verdict).toBe("inconclusive");
  expect(same([imported(ofStory), imported(documentOf(story, 3)), exports(null, 3000, "copy")]).verdict).toBe("inconclusive");
  // What was imported is no export of what was written.
  expect(whole([...written(story), imported(ofStory), exports(ofStory, 3000, "copy")]).verdict).toBe("inconclusive");
});

test("what was exported is taken, whatever its size, unless nobody knows how it ended", () => {
  const judged = (...operations: Operation[]) => importsAreTaken(names)(evidence({ operations }));
  expect(judged(imported(ofStory))).toMatchObject({ verdict: "holds", examined: 1 });
  expect(judged({ ...imported(ofStory, "info"), error: "status 413" }).summary).toContain("was refused with status 413");
  for (const error of ["status 503", "status 429", "no answer"]) expect(judged({ ...imported(ofStory, "info"), error }).verdict).toBe("inconclusive");
  // What the balancer sent again, because an instance broke off, may have met its own first copy.
  const conflict: Operation = { ...imported(ofStory, "info"), error: "status 409" };
  const killed = (from: number) => importsAreTaken(names)(evidence({ operations: [conflict], faults: injected("kill", "api-1", from, from + 1000) }));
  expect([killed(conflict.invokedAt - 500).verdict, killed(conflict.invokedAt + 5000).verdict]).toEqual(["inconclusive", "violated"]);
  // Whoever comes later finds the id taken.
  expect(judged(imported(ofStory), { ...imported(ofStory, "info"), invokedAt: 3000, error: "status 409" }).verdict).toBe("holds");
});

test("an agent is what its first document is, also once a second import under its id was refused", () => {
  const other = documentOf(story, 3);
  const second = (outcome: Operation["outcome"], invokedAt = 2500): Operation => ({
    ...operation({ f: "importAgent", index: 81, invokedAt, input: { agent: "copy", document: other }, outcome }),
    ...(outcome === "ok" ? {} : { served: "shed", error: "status 409" }),
  });
  const judged = (document: Json, refused: Operation) => same([imported(ofStory), refused, exports(document, 3000, "copy")]);
  expect(judged(ofStory, second("info"))).toMatchObject({ verdict: "holds", examined: 1 });
  expect(judged(other, second("info")).summary).toContain("copy, made of a document at 2.010 s, differs in version, blocks, state, events");
  expect(judged(other, second("ok")).verdict).toBe("violated");
  // Asked for before the first one was answered, either may have made it; one that never left is none.
  expect(judged(other, second("info", 2005)).verdict).toBe("inconclusive");
  expect(judged(ofStory, second("fail", 1900))).toMatchObject({ verdict: "holds", examined: 1 });
});

test("documents of any moment are never accused, and one without one of its parts always is", () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const random = seeded(seed);
      const writes = Array.from({ length: 12 }, (_, i) => {
        const kind = random.integer(1, 3);
        return kind === 1 ? state(i) : kind === 2 ? block(random.pick(["x", "y"]), `v${i}`) : memory(`m${i}`);
      });
      const version = random.integer(1, 12);
      // While the next write is under way, and before it is acknowledged.
      const invokedAt = version * 100 - 85;
      const document = documentOf(writes, version);
      expect(whole([...written(writes), exports(document, invokedAt)]).verdict).toBe("holds");
      const labels = Object.keys(document.blocks);
      const dropped = random.pick(["events", ...(labels.length > 0 ? ["blocks"] : []), ...(document.archive.length > 0 ? ["archive"] : [])]);
      const less = { ...document, [dropped]: dropped === "blocks" ? {} : [] };
      expect(whole([...written(writes), exports(less, invokedAt)]).verdict).toBe("violated");
    }),
    { numRuns: 200 },
  );
});
