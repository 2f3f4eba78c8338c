import { expect, test } from "vitest";
import type { Claim, Defect, Experiment } from "../core/experiment.ts";
import { claimMatrix, claimTable, gapsOf } from "./claim-matrix.ts";
import { claimVerdicts } from "./claim-verdicts.ts";
import { couldNot } from "./judge.ts";

const claim = (id: string, more: Partial<Claim> = {}): Claim => ({
  ...{ id, statement: `${id} is so.`, document: "A guide", where: "Somewhere", decides: "By looking." },
  ...more,
});
const experiment = (id: string, ...claims: readonly string[]): Experiment => ({
  ...{ id, title: id, profile: "nightly", proxied: [], load: { scenario: "create-and-wait", perSecond: 1 }, settleMs: 0, drainMs: 0 },
  schedule: () => [],
  coverage: { operations: 0, operationsPerFault: 0, steady: false },
  claims: Object.fromEntries(claims.map((one) => [one, []])),
});
const defect = (id: string, of: string): Defect => ({ id, claim: of, what: "", edits: [], caughtBy: [] });
const notYet = { kind: "not yet", reason: "Nobody has looked." } as const;

const constants = { heartbeatTimeoutMs: 5000 };
const claims = [
  claim("A-1", { bound: { value: ({ heartbeatTimeoutMs }) => heartbeatTimeoutMs, unit: "ms", why: "it is declared" } }),
  claim("A-2", { bound: { value: ({ cancelMs }) => cancelMs, unit: "ms", why: "it would be declared" } }),
  claim("A-3", { untried: { kind: "tested in the server", tests: ["a.test.ts"], reason: "One instance." } }),
  claim("A-4", { untried: { kind: "out of reach", reason: "It takes a cluster." }, readings: { documented: "Both.", corrected: "One." } }),
];
const rows = claimMatrix({
  claims,
  experiments: [experiment("try", "A-1"), experiment("try-again", "A-1", "A-2")],
  defects: [defect("spoil", "A-1")],
  constants,
});

test("a row has what tries the claim, what turns it, its number for the target, and why nothing tries it", () => {
  expect(rows.map(({ id, triedBy, defects, bound, untried }) => [id, triedBy.length, defects, bound, untried?.kind ?? ""])).toEqual([
    ["A-1", 2, ["spoil"], "5,000 ms: it is declared", ""],
    ["A-2", 1, [], "not declared by the target: it would be declared", ""],
    ["A-3", 0, [], "", "tested in the server"],
    ["A-4", 0, [], "", "out of reach"],
  ]);
});

test("the table tells every row and counts them", () => {
  const table = claimTable(rows);
  expect(table).toContain(
    "A-1  A-1 is so. (Somewhere)\n     decided by: By looking.\n     bound: 5,000 ms: it is declared\n     tried by try (nightly), try-again (nightly)\n     turned by spoil",
  );
  expect(table).toContain("turned by no planted defect yet");
  expect(table).toContain("tested in the server: a.test.ts. One instance.");
  expect(table).toContain("as documented: Both.\n     as corrected: One.\n     out of reach: It takes a cluster.");
  expect(table).toMatch(/4 claims: 2 tried by experiments, 1 of them turned by a planted defect; by none: 1 tested in the server, 1 out of reach\.$/);
});

test("a claim without experiment and reason is a gap, and so is one with both", () => {
  expect(gapsOf([claim("A-1", { untried: notYet }), claim("A-2")], [experiment("try", "A-1")])).toEqual([
    "try tries A-1, and its file still says why nothing does (untried).",
    "No experiment tries A-2, and its file says no reason (untried).",
  ]);
  expect(gapsOf(claims, [experiment("try", "A-1", "A-2")])).toEqual([]);
  expect(gapsOf([], [])).toEqual([]);
});

test("a run says of every claim what was found, or why it was not looked at", () => {
  const failed = couldNot(experiment("try", "A-1"), { seed: 1, startedAt: "", defect: "", repeat: "", why: "nginx did not start." });
  const told = claimVerdicts(rows, [failed]).map(({ id, verdict, summary, untried, decidedBy }) => [id, verdict, summary, untried, decidedBy]);
  expect(told).toEqual([
    ["A-1", "inconclusive", "nginx did not start.", "", ["try"]],
    ["A-2", "not tried", "Tried by try-again (nightly), which this run left out.", "left out of this run", []],
    ["A-3", "not tried", "a.test.ts. One instance.", "tested in the server", []],
    ["A-4", "out of reach", "It takes a cluster.", "out of reach", []],
  ]);
  expect(claimVerdicts(rows, [])[3]).toMatchObject({ documented: "Both.", corrected: "One." });
});
