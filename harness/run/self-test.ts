/** `runproof check --self-test`: the conformance histories that come with runproof, judged on this machine as a user's file would be. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { exit, messageOf } from "../base/errors.ts";
import type { ConformanceCase } from "../conformance/case.ts";
import type { ModelOptions } from "../core/model.ts";
import { parseHistory } from "../formats/event-reader.ts";
import { duration, grouped } from "../report/text.ts";
import { findModel } from "./catalogue.ts";

const options: ModelOptions = { partition: true, timeLimitMs: 10_000, memoryLimitBytes: 256 * 1024 * 1024, now: () => performance.now() };

/** @returns the exit status: 0 when every verdict is the known one, else 1 */
export async function selfTest(project: string, out: NodeJS.WritableStream): Promise<number> {
  const cases = readFileSync(join(project, "harness/conformance/histories.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as ConformanceCase);
  const startedAt = performance.now();
  const differing: string[] = [];
  out.write(`${"model".padEnd(18)}${"histories".padStart(10)}${"valid".padStart(7)}${"refused".padStart(9)}   as known\n`);
  for (const [model, all] of Map.groupBy(cases, (one) => one.model)) {
    const wrong: string[] = [];
    for (const one of all) {
      const found = await judged(project, one).catch(messageOf);
      if (found !== one.valid) wrong.push(`${one.id}: ${one.valid ? "valid" : "not valid"} was expected, and the answer is ${found}`);
    }
    differing.push(...wrong);
    const valid = all.filter((one) => one.valid).length;
    const counts = [String(all.length).padStart(10), String(valid).padStart(7), String(all.length - valid).padStart(9)].join("");
    out.write(`${model.padEnd(18)}${counts}   ${wrong.length === 0 ? "yes" : `NO: ${wrong.length} differ`}\n`);
  }
  for (const line of differing) out.write(`${line}\n`);
  const took = duration(performance.now() - startedAt);
  out.write(
    `${grouped(cases.length - differing.length)} of ${grouped(cases.length)} histories have the verdict that trying every order gave, in ${took}.\n`,
  );
  return differing.length === 0 ? exit.holds : exit.violated;
}

async function judged(project: string, { model: name, history }: ConformanceCase): Promise<boolean | string> {
  const { model } = await findModel(project, name);
  const { operations } = parseHistory(Buffer.from(history.map((line) => `${JSON.stringify(line)}\n`).join("")));
  const { valid } = model.check(operations, options);
  return valid;
}
