/** `runproof check`: judges again what was recorded, a run of ours by its claims or anybody's history by a model. */
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { UserError } from "../base/errors.ts";
import type { Json } from "../core/history.ts";
import { positiveNumber } from "./arguments.ts";

interface CheckFlags {
  readonly model?: string;
  readonly initial?: { readonly value: Json };
  readonly settings?: { readonly [name: string]: Json };
  readonly partition: boolean;
  readonly timeLimit: number;
  readonly memoryLimit: number;
  readonly json?: boolean;
  readonly explain?: boolean;
  readonly html?: boolean;
  readonly selfTest?: boolean;
}

/** Wrapped, because null is a value too. */
function jsonValue(text: string): { readonly value: Json } {
  try {
    return { value: JSON.parse(text) as Json };
  } catch {
    throw new InvalidArgumentError("Expected a JSON value, such as 0, null, '\"text\"' or '[]'.");
  }
}

function jsonObject(text: string): { readonly [name: string]: Json } {
  const { value } = jsonValue(text);
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw new InvalidArgumentError("Expected a JSON object.");
  return value as { readonly [name: string]: Json };
}

export function checkCommand(project: string, finish: (status: number) => void): Command {
  return new Command("check")
    .description("judge the saved evidence of an earlier run again, or anybody's history by a model")
    .argument(
      "[dir-or-file]",
      "a run's directory (reports/latest), or a history: JSON lines, Jepsen's EDN, JSON or text log, Porcupine's key-value lines",
    )
    .option("--model <name>", "what the history of a file is a history of: a file of harness/checkers/models")
    .option("--initial <json>", "the state before the first operation, where it is not the model's own", jsonValue)
    .option("--settings <json>", `the model's own settings, such as '{"consistency-models": ["serializable"]}'`, jsonObject)
    .option("--no-partition", "judge all keys together, even where each could be judged apart")
    .option("--time-limit <s>", "give up after this long, with the verdict unknown", positiveNumber, 60)
    .option("--memory-limit <MiB>", "give up beyond this much memory for judging, with the verdict unknown", positiveNumber, 1024)
    .option("--json", "print the verdict as one JSON object on standard output")
    .option("--explain", "show the smallest part of the history that is not valid: processes across, time down")
    .option("--html", "write that as a page beside the file")
    .option("--self-test", "judge the conformance histories that come with runproof, on this machine")
    .action(async (path: string | undefined, flags: CheckFlags) => finish(await check(project, path, flags)));
}

async function check(project: string, path: string | undefined, flags: CheckFlags): Promise<number> {
  const out = process.stdout;
  if (flags.selfTest) {
    const { selfTest } = await import("../run/self-test.ts");
    return selfTest(project, out);
  }
  if (path === undefined)
    throw new UserError("check needs a run's directory, or a file with --model NAME, or --self-test (missing required argument).");
  const full = resolve(path);
  if (flags.model === undefined && !statSync(full, { throwIfNoEntry: false })?.isFile()) {
    const { checkRun } = await import("../run/check.ts");
    return checkRun(project, full, out);
  }
  // Nothing is to be taken down, and a search does not look up: Ctrl-C ends it at once.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.removeAllListeners(signal);
  const { checkHistory } = await import("../run/check-history.ts");
  const { model, initial, settings, partition, timeLimit, memoryLimit, json = false, explain = false, html = false } = flags;
  return checkHistory({
    ...{ project, path, model, json, explain, html, out, err: process.stderr },
    options: {
      ...(initial === undefined ? {} : { initial: initial.value }),
      ...(settings === undefined ? {} : { settings }),
      partition,
      timeLimitMs: timeLimit * 1000,
      memoryLimitBytes: memoryLimit * 1024 * 1024,
      now: () => performance.now(),
    },
  });
}
