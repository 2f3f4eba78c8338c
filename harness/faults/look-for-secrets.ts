import { readFile } from "node:fs/promises";
import { until } from "../base/clock.ts";
import type { Instance } from "../drivers/stack.ts";
import type { Fault } from "./fault.ts";

const answerWithinMs = 3000;
/** What is written down about a new key may be read once every transaction of before is over. */
const toldWithinMs = 3000;
/** Where a part of all requests fails, one of so many does. */
const posts = 12;
/** Instances, their logs and their command lines are there whatever else is down. */
const leastTextsEach = 2;

interface Wanted {
  readonly path: string;
  /** Absent: it is only asked for. */
  readonly body?: string;
  /** The API key of whoever asks. */
  readonly bearer?: string;
}

interface Text {
  readonly where: string;
  readonly text: string;
  /** Of an answer. */
  readonly status?: number;
}

const wordsOf = (text: string | number | undefined): readonly string[] =>
  String(text ?? "")
    .split(" ")
    .filter((word) => word !== "");

export default {
  what: "No disturbance but a look: whether a password of an instance's environment stands in a log, a command line or an answer of an instance to `paths` (separated by spaces), or to `body` sent to `post` a dozen times, some of which have to fail by a mistake of the server's. With `keys` a new API key is made there (`keyBody`, with the key in the variable `keyBy`), may stand nowhere but in that one answer, and is used to ask for `keyPaths`, one of which has to tell of it by its id.",
  prepare({ stack, options }) {
    const instances = stack.instances();
    const paths = wordsOf(options.paths);
    const requests: readonly Wanted[] = [
      ...paths.map((path) => ({ path })),
      ...(options.post === undefined ? [] : Array<Wanted>(posts).fill({ path: String(options.post), body: String(options.body) })),
    ];
    let texts: readonly Text[] = [];
    let leaks: readonly string[] = [];
    let secrets: readonly string[] = [];

    const ofAll = async <T>(of: (instance: Instance) => Promise<readonly T[]>): Promise<readonly T[]> =>
      (await Promise.all(instances.map(of))).flat();
    /** Makes a key, uses it everywhere, and answers it with what it was shown. */
    const withNewKey = async (): Promise<{ readonly key: string; readonly shown: readonly Text[] }> => {
      const [admin] = (await ofAll(environmentOf)).flatMap(([name, value]) => (name === options.keyBy ? [value] : []));
      const made = await send(stack.url, { path: String(options.keys), body: String(options.keyBody), bearer: admin ?? "" });
      const { id, key } = (await made.json().catch(() => ({}))) as { readonly id?: string; readonly key?: string };
      if (!id || !key) throw new Error(`${options.keys} was expected to answer a new key with its id, and answered with the status ${made.status}.`);
      const asked = wordsOf(options.keyPaths).map((path) => ({ path, bearer: key }));
      const read = async (): Promise<readonly Text[] | undefined> => {
        const shown = await ofAll((instance) => answersOf(instance, asked));
        return shown.some(({ status, text }) => status === 200 && [id, ...written(key)].some((one) => text.includes(one))) ? shown : undefined;
      };
      return {
        key,
        shown: await until(`${options.keyPaths} was expected to tell of the new key ${id}`, read, { withinMs: toldWithinMs, everyMs: 100 }),
      };
    };
    return {
      on: "secrets",
      working: () => instances.map(({ name }) => name),
      async inject() {
        const made = options.keys === undefined ? undefined : await withNewKey();
        texts = [...(made?.shown ?? []), ...(await ofAll((instance) => textsOf(instance, requests)))];
        secrets = [...new Set([...(await ofAll(secretsOf)), ...(made ? [made.key] : [])])];
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

async function environmentOf(instance: Instance): Promise<readonly (readonly [name: string, value: string])[]> {
  const environment = await readFile(`/proc/${instance.pid()}/environ`, "utf8").catch(() => "");
  return environment.split("\0").map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)] as const);
}

/** The passwords inside the URLs of its environment, and what is secret by its name. */
async function secretsOf(instance: Instance): Promise<readonly string[]> {
  return (await environmentOf(instance))
    .map(([name, value]) => (URL.canParse(value) ? new URL(value).password : /KEY|TOKEN|SECRET|PASSWORD/.test(name) ? value : ""))
    .filter((secret) => secret.length >= shortestSecret);
}

/** The ways in which a secret is written. */
function written(secret: string): readonly string[] {
  return [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64").replace(/=+$/, ""), Buffer.from(secret).toString("hex")];
}

function send(url: string, { path, body, bearer }: Wanted): Promise<Response> {
  const signal = AbortSignal.timeout(answerWithinMs);
  const headers = {
    ...(bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` }),
    ...(body === undefined ? {} : { "Content-Type": "application/json" }),
  };
  return fetch(`${url}${path}`, { signal, headers, ...(body === undefined ? {} : { method: "POST", body }) });
}

function answersOf({ name, port }: Instance, requests: readonly Wanted[]): Promise<readonly Text[]> {
  const asked = requests.map(async (wanted) => {
    const answer = await send(`http://127.0.0.1:${port}`, wanted).catch(() => undefined);
    const text = (await answer?.text().catch(() => "")) ?? "";
    const headers = JSON.stringify([...(answer?.headers ?? [])]);
    return {
      where: `the answer of ${name} to ${wanted.path}`,
      text: `${text}\n${headers}`,
      ...(answer === undefined ? {} : { status: answer.status }),
    };
  });
  return Promise.all(asked);
}

async function textsOf(instance: Instance, requests: readonly Wanted[]): Promise<readonly Text[]> {
  // What is said of a request in the log is there once it is answered.
  const answers = await answersOf(instance, requests);
  const commandLine = await readFile(`/proc/${instance.pid()}/cmdline`, "utf8").catch(() => "");
  return [
    { where: `the log of ${instance.name}`, text: await instance.log() },
    { where: `the command line of ${instance.name}`, text: commandLine },
    ...answers,
  ].filter(({ text }) => text !== "");
}
