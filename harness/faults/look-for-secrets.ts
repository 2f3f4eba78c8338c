import { readFile } from "node:fs/promises";
import type { Instance } from "../drivers/stack.ts";
import type { Fault } from "./fault.ts";

const answerWithinMs = 3000;
/** Where a part of all requests fails, one of so many does. */
const posts = 12;
/** Instances, their logs and their command lines are there whatever else is down. */
const leastTextsEach = 2;

interface Wanted {
  readonly path: string;
  /** Absent: it is only asked for. */
  readonly body?: string;
}

interface Text {
  readonly where: string;
  readonly text: string;
  /** Of an answer. */
  readonly status?: number;
}

export default {
  what: "No disturbance but a look: whether a password of an instance's environment stands in a log, a command line or an answer of an instance to `paths` (separated by spaces), or to `body` sent to `post` a dozen times, some of which have to fail by a mistake of the server's.",
  prepare({ stack, options }) {
    const instances = stack.instances();
    const paths = String(options.paths ?? "")
      .split(" ")
      .filter((path) => path !== "");
    const requests: readonly Wanted[] = [
      ...paths.map((path) => ({ path })),
      ...(options.post === undefined ? [] : Array<Wanted>(posts).fill({ path: String(options.post), body: String(options.body) })),
    ];
    let texts: readonly Text[] = [];
    let leaks: readonly string[] = [];
    let secrets: readonly string[] = [];
    return {
      on: "secrets",
      working: () => instances.map(({ name }) => name),
      async inject() {
        texts = (await Promise.all(instances.map((instance) => textsOf(instance, requests)))).flat();
        secrets = [...new Set((await Promise.all(instances.map(secretsOf))).flat())];
        leaks = texts.filter(({ text }) => secrets.flatMap(written).some((secret) => text.includes(secret))).map(({ where }) => where);
      },
      bites: async () =>
        texts.length < instances.length * leastTextsEach || secrets.length === 0 || (options.post !== undefined && mistakes(texts) === 0)
          ? undefined
          : leaks.length > 0
            ? `one of ${secrets.length} secrets stands in ${leaks.join(", ")}`
            : `none of ${secrets.length} secrets stands in any of ${texts.length} texts, ${mistakes(texts)} of them answers that tell of a mistake of the server's`,
      heal: async () => {},
      healed: async () => "nothing to heal",
      numbers: () => ({
        texts: texts.length,
        bytes: texts.reduce((bytes, { text }) => bytes + text.length, 0),
        secrets: secrets.length,
        leaks: leaks.length,
        mistakes: mistakes(texts),
      }),
    };
  },
} satisfies Fault;

/** How many answers say that the server made a mistake. */
const mistakes = (texts: readonly Text[]): number => texts.filter(({ status }) => status === 500).length;

/** Shorter texts stand anywhere by chance. */
const shortestSecret = 8;

/** The passwords inside the URLs of its environment, and what is secret by its name. */
async function secretsOf(instance: Instance): Promise<string[]> {
  const environment = await readFile(`/proc/${instance.pid()}/environ`, "utf8").catch(() => "");
  return environment
    .split("\0")
    .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)] as const)
    .map(([name, value]) => (URL.canParse(value) ? new URL(value).password : /KEY|TOKEN|SECRET|PASSWORD/.test(name) ? value : ""))
    .filter((secret) => secret.length >= shortestSecret);
}

/** The ways in which a secret is written. */
function written(secret: string): readonly string[] {
  return [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64").replace(/=+$/, ""), Buffer.from(secret).toString("hex")];
}

async function textsOf(instance: Instance, requests: readonly Wanted[]): Promise<Text[]> {
  const { name, port } = instance;
  const asked = requests.map(async ({ path, body }) => {
    const signal = AbortSignal.timeout(answerWithinMs);
    const sent = body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body };
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { signal, ...sent }).catch(() => undefined);
    const text = (await answer?.text().catch(() => "")) ?? "";
    const headers = JSON.stringify([...(answer?.headers ?? [])]);
    return { where: `the answer of ${name} to ${path}`, text: `${text}\n${headers}`, ...(answer === undefined ? {} : { status: answer.status }) };
  });
  // What is said of a request in the log is there once it is answered.
  const answers = await Promise.all(asked);
  const commandLine = await readFile(`/proc/${instance.pid()}/cmdline`, "utf8").catch(() => "");
  return [
    { where: `the log of ${name}`, text: await instance.log() },
    { where: `the command line of ${name}`, text: commandLine },
    ...answers,
  ].filter(({ text }) => text !== "");
}
