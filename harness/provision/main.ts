/** Provisions from the command line: `main.ts` the five parts of a run, `main.ts test` also what only tests need. Exit status 0, 69, 130 or 143. */
import { exit } from "../base/errors.ts";
import { MissingPartError, provision } from "./provision.ts";

const stop = new AbortController();
let status = 0;
for (const [signal, exitStatus] of [
  ["SIGINT", exit.interrupted],
  ["SIGTERM", 143],
] as const) {
  process.on(signal, () => {
    status = exitStatus;
    stop.abort(new Error(`stopped by ${signal}`));
  });
}
const say = (line: string): void => void process.stderr.write(`${line}\n`);

try {
  await provision({ signal: stop.signal, onProgress: say });
  if (process.argv[2] === "test") {
    for (const [part, tests] of [
      ["chromium", "pages"],
      ["prometheus", "rules and dashboards"],
    ] as const) {
      await provision({ signal: stop.signal, onProgress: say, only: [part] }).catch((error: unknown) => {
        // Not a failure: the tests that need it say that they are skipped.
        if (!(error instanceof MissingPartError) || stop.signal.aborted) throw error;
        say(`${error.message} Tests of ${tests} will be skipped.`);
      });
    }
  }
} catch (error) {
  if (status === 0) {
    if (!(error instanceof MissingPartError)) throw error;
    say(error.message);
    status = exit.missing;
  }
}
process.exitCode = status;
