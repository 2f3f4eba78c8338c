/** What capacity runs are made of holds together: studies name what there is, and variants fit the server as it is. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { findVariant, listStudies, listVariants } from "../../harness/capacity/live/studies.ts";
import { plannedEdits } from "../../harness/drivers/process/tree.ts";
import { findDefect, loadTarget } from "../../harness/run/catalogue.ts";
import { query } from "./protocol.ts";

const project = resolve(import.meta.dirname, "../..");
const [studies, variants, target] = await Promise.all([listStudies(project), listVariants(project), loadTarget(project, "reference")]);

test.each(studies)("$id loads a scenario that there is, and asks of roles that its topology has", (study) => {
  expect(existsSync(join(project, "scenarios", `${study.load.scenario}.ts`))).toBe(true);
  const limits = study.limits((role, name) => target.spec(edges(role)).env[name]);
  expect(Object.keys(study.topology)).toEqual(expect.arrayContaining(limits.map(({ role }) => role)));
  expect(limits.filter(({ perInstance }) => !(perInstance > 0))).toEqual([]);
  const sampled = Object.keys({ ...target.metrics.gauges, ...study.gauges });
  expect(sampled).toEqual(expect.arrayContaining(limits.map(({ inUse }) => inUse)));
});

test.each(studies.flatMap((study) => ("claim" in study ? [study] : [])))("$id decides a claim of the catalogue", ({ claim }) =>
  expect(existsSync(join(project, "chaos/claims", `${claim}.ts`))).toBe(true),
);

test.each(variants)("$id fits the server as it is", async ({ id, what, edits = [] }) => {
  const planned = await plannedEdits(join(project, target.tree), { id, claim: "", what, edits, caughtBy: [] });
  expect(planned.size).toBe(new Set(edits.map(({ file }) => file)).size);
});

test("a variant is found by its name, by settings, by the folder of a checkout, or as a planted defect", async () => {
  const found = (named: string) => findVariant(project, named, target.tree);
  expect(await found("three-runs-at-a-time")).toMatchObject({ caps: "instance limit" });
  expect(await found("POOL_SIZE=2,LOCK_LEASE_MS=2000")).toMatchObject({ environment: { "*": { POOL_SIZE: "2", LOCK_LEASE_MS: "2000" } } });
  expect(await found(project)).toMatchObject({ project });
  const defect = await findDefect(project, "no-sweeper");
  const file = join(project, "chaos/defects/no-sweeper.ts");
  for (const named of ["no-sweeper", file]) expect(await found(named)).toEqual({ id: defect.id, what: defect.what, edits: defect.edits });
  await expect(found("nobody.ts")).rejects.toThrow("A file that exports a defect was expected in nobody.ts");
  await expect(found("POOL_SIZE=2,pool")).rejects.toThrow('NAME=VALUE,NAME=VALUE and "pool" is none');
  await expect(found(import.meta.dirname)).rejects.toThrow("has no folder reference-server");
  await expect(found("faster")).rejects.toThrow('Unknown variant "faster". There are: ');
});

test("a query is answered, refused or unknown by what comes back", () => {
  const outcome = (status: number, refused = false) => query.result({ status, body: "", headers: {}, refused, error: "" });
  expect(outcome(200)).toMatchObject({ outcome: "ok", served: "yes" });
  expect(outcome(0, true)).toMatchObject({ outcome: "fail", served: "error" });
  expect(outcome(422)).toMatchObject({ outcome: "fail" });
  expect(outcome(503)).toMatchObject({ outcome: "info", served: "shed" });
  expect(outcome(502)).toMatchObject({ outcome: "info", served: "error" });
  expect(JSON.parse(query.request({ modelMs: null }).body)).toEqual({ query: "What is 2+2?", agent_type: "math" });
});

function edges(role: string) {
  const nowhere = { host: "127.0.0.1", port: 1, user: "", password: "", database: "" };
  return { instance: `${role}-1`, role, port: 1, postgres: nowhere, redis: nowhere, ledger: "" };
}
