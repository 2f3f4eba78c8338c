import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readPlan, writePlan } from "./plan-file.ts";

const project = resolve(import.meta.dirname, "../..");
const plan = { experiment: "kill-a-queue-instance", seed: 7, perSecond: 45, schedule: [{ fault: "kill", on: "queue-2", atMs: 0, forMs: 500 }] };
let file = "";
beforeAll(async () => {
  file = join(await mkdtemp(join(tmpdir(), "plan-")), "plan.json");
});
afterAll(() => rm(resolve(file, ".."), { recursive: true }));

test("what was written is read", async () => {
  await writePlan(file, plan);
  expect(await readPlan(project, file)).toEqual(plan);
});

const [fault] = plan.schedule;
test.each([
  ["text", "{", /was expected to be a plan/],
  ["nothing", "null", /something of these is missing/],
  ["a load of none", JSON.stringify({ ...plan, perSecond: 0 }), /something of these/],
  ["a time that is no number", JSON.stringify({ ...plan, schedule: [{ ...fault, atMs: "0" }] }), /something of these/],
  ["an unknown fault", JSON.stringify({ ...plan, schedule: [{ ...fault, fault: "meteor" }] }), /there is no fault "meteor"/],
  ["a path for a fault", JSON.stringify({ ...plan, schedule: [{ ...fault, fault: "../run/suite" }] }), /there is no fault/],
])("%s is refused in a sentence", async (_, text, message) => {
  await writeFile(file, text);
  await expect(readPlan(project, file)).rejects.toThrow(message);
});
