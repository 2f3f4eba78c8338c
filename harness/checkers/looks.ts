/** HS-11, HS-16, HS-20: what the harness found when it looked at the logs and answers of instances in the middle of an experiment (`look-for-secrets`, `read-the-logs`). */
import type { FaultEvent } from "../core/records.ts";
import { type Check, type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { at } from "./judge.ts";

/** A look is a look when it bit: then it says what it saw, and how much. */
function looks(faults: readonly FaultEvent[], fault: string): readonly (FaultEvent & { readonly numbers: Readonly<Record<string, number>> })[] {
  return faults.flatMap((event) =>
    event.fault === fault && event.phase === "biting" && event.numbers ? [{ ...event, numbers: event.numbers }] : [],
  );
}

/** No secret of an instance's environment, and no API key that was made meanwhile, stood in what instances showed. */
export const secretsKept: Checker = ({ faults }) => {
  const found: Counterexample[] = [];
  let texts = 0;
  let bytes = 0;
  for (const { time, numbers, evidence } of looks(faults, "look-for-secrets")) {
    texts += numbers.texts ?? 0;
    bytes += numbers.bytes ?? 0;
    if ((numbers.leaks ?? 0) > 0) found.push({ time, text: `at ${at(time)} ${evidence}.` });
  }
  const text = {
    holds: `No secret stood in ${texts} texts of instances: logs, command lines and answers, ${bytes} characters.`,
    nothing: "Nobody looked for secrets.",
  };
  return conclude("secrets are kept", texts, found, text, { texts, characters: bytes });
};

/** Every line that an instance logged is of the one shape. */
export const logsOfOneShape: Checker = ({ faults }) => {
  const found: Counterexample[] = [];
  let lines = 0;
  for (const { time, numbers, evidence } of looks(faults, "read-the-logs")) {
    lines += numbers.lines ?? 0;
    if ((numbers.oddLines ?? 0) > 0) found.push({ time, text: `at ${at(time)} the instances had logged ${evidence}.` });
  }
  const text = { holds: `All of ${lines} lines that instances logged are of one shape.`, nothing: "Nobody read the logs." };
  return conclude("log lines have one shape", lines, found, text, { lines });
};

/** What instances say that they did once, such as applying a migration, was done once over all of them: the newest look decides. */
export function doneOnce({ what }: { readonly what: string }): Checker {
  return ({ faults }): Check => {
    const look = looks(faults, "read-the-logs")
      .filter(({ numbers }) => numbers.listed !== undefined)
      .at(-1);
    const { listed = 0, listedOnce = 0 } = look?.numbers ?? {};
    const found =
      look && listed > listedOnce
        ? [{ time: look.time, text: `the instances logged ${listed} ${what} by ${at(look.time)}, of which ${listed - listedOnce} were repetitions.` }]
        : [];
    const text = { holds: `Each of ${listedOnce} ${what} was logged once, over all instances.`, nothing: `No instance logged any ${what}.` };
    return conclude(`${what} are done once`, listed, found, text, { listed, listedOnce });
  };
}
