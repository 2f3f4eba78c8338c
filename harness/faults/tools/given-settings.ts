/** A process of the target whose settings are given in several places at once, and which of them it took. */
import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as later } from "node:timers/promises";
import { type Given, type Place, placeThatCounts } from "../../core/settings.ts";
import type { Annex, AnnexProcess } from "../../drivers/stack.ts";
import { askFrom } from "./from-address.ts";
import { settingsIn } from "./settings.ts";

/** The target's own words. */
export interface SettingWords {
  /** A secret that opens `ask` as a bearer's, 401 being the answer to all others; and a setting whose value `header` of the answer tells. */
  readonly secret: string;
  readonly plain: string;
  readonly ask: string;
  readonly header: string;
  /** Answers 200 once it serves. */
  readonly ready: string;
  readonly port: string;
  readonly database: string;
  readonly cache: string;
  /** Further settings, NAME=VALUE by spaces. */
  readonly others: string;
  /** How it ends when it refuses its settings. */
  readonly refusal: string;
}

/** On a busy machine a start may take half a minute (ms). */
const decidedWithinMs = 45_000;
const everyMs = 50;
/** Of a secret by chance: hex digits. */
const secretBytes = 24;

/** What was seen of a process; the numbers' names begin with a setting and the places where the process was given its secret, which no other was. */
type Numbers = Record<string, number>;

const numbered = (setting: string, secret: readonly Place[], what: string): string => `${setting} ${secret.join("+")} ${what}`;

/** Values for a setting, one for each place. */
function valuesFor(given: readonly Place[], value: (place: Place) => string): ReadonlyMap<Place, string> {
  return new Map(given.filter((place) => place !== "empty-variable" && place !== "lost-file").map((place) => [place, value(place)]));
}

/** The environment, and the text of the .env file, with files beside it. */
async function lay(
  directory: string,
  settings: readonly { readonly name: string; readonly given: readonly Place[]; readonly values: ReadonlyMap<Place, string> }[],
) {
  await mkdir(directory, { mode: 0o700 });
  const environment: Record<string, string> = {};
  const lines: string[] = [];
  const held = async (name: string, place: Place, value: string): Promise<string> => {
    const path = join(directory, `${name}.${place}`);
    await writeFile(path, `${value}\n`, { mode: 0o600 });
    return path;
  };
  for (const { name, given, values } of settings) {
    for (const place of given) {
      const value = values.get(place) ?? "";
      if (place === "environment" || place === "empty-variable") environment[name] = value;
      if (place === "environment-file") environment[`${name}_FILE`] = await held(name, place, value);
      if (place === "lost-file") environment[`${name}_FILE`] = join(directory, "nothing");
      if (place === "dotenv") lines.push(`${name}="${value}"`);
      if (place === "dotenv-file") lines.push(`${name}_FILE="${await held(name, place, value)}"`);
    }
  }
  await writeFile(join(directory, ".env"), `${lines.join("\n")}\n`, { mode: 0o600 });
  return environment;
}

/** Starts one, sees what it took or that it refused, and ends it. Numbers of what was not decided in time are absent. */
export async function tryGiven(annex: Annex, name: string, { secret, plain }: Given, words: SettingWords): Promise<Numbers> {
  const secrets = valuesFor(secret, () => randomBytes(secretBytes).toString("hex"));
  const plains = valuesFor(plain, (place) => `${name}-by-${place}`);
  // What it cannot do without comes from the same place as what is tried, so that it is that place which was read.
  const way = placeThatCounts(secret) ?? "environment";
  const needed = [
    [words.database, annex.postgresUrl],
    [words.cache, annex.redisUrl],
  ] as const;
  const port = await annex.takePort();
  const directory = join(annex.directory, name);
  const environment = await lay(directory, [
    { name: words.secret, given: secret, values: secrets },
    { name: words.plain, given: plain, values: plains },
    ...needed.map(([setting, value]) => ({ name: setting, given: [way], values: new Map([[way, value]]) })),
  ]);
  const process = await annex.start(name, { ...settingsIn(words.others, " "), ...environment, [words.port]: String(port) }, directory);
  try {
    const became = await decided(process, port, words.ready);
    if (became === "serves") return await taken(port, words, { secret, secrets, plain, plains });
    if (became !== words.refusal) return {};
    const told = process.written();
    const lines = told.split("\n").filter((line) => line.trim() !== "");
    const names = [...told.matchAll(/[A-Z][A-Z0-9_]+/g)].map(([word]) => word);
    // A file that is not there is named by its setting alone.
    const wanted = secret.includes("lost-file") ? [`${words.secret}_FILE`] : [words.secret, `${words.secret}_FILE`];
    const passwords = needed.map(([, value]) => new URL(value).password);
    const values = [...secrets.values(), ...passwords].filter((value) => value !== "" && told.includes(value));
    return {
      [numbered(words.secret, secret, "took refused")]: 1,
      [numbered(words.secret, secret, "lines")]: lines.length,
      [numbered(words.secret, secret, "named")]: wanted.every((one) => names.includes(one)) ? 1 : 0,
      [numbered(words.secret, secret, "values")]: values.length,
    };
  } finally {
    await process.stop("SIGKILL", 0);
  }
}

/** How it ended, or that it serves; "" where neither was seen in time. */
async function decided(process: AnnexProcess, port: number, ready: string): Promise<string> {
  for (const deadline = performance.now() + decidedWithinMs; performance.now() < deadline; await later(everyMs, undefined, { ref: false })) {
    const ended = process.outcome();
    if (ended !== undefined) return ended;
    if ((await askFrom("127.0.0.1", { port, path: ready })).status === 200) return "serves";
  }
  return "";
}

/** Asks with every value that it was given. */
async function taken(
  port: number,
  words: SettingWords,
  given: Given & { readonly secrets: ReadonlyMap<Place, string>; readonly plains: ReadonlyMap<Place, string> },
): Promise<Numbers> {
  const numbers: Numbers = {};
  const took = (setting: string, places: readonly Place[]): void => {
    for (const place of places.length > 0 ? places : ["none"]) numbers[numbered(setting, given.secret, `took ${place}`)] = 1;
  };
  const opened: Place[] = [];
  let name: unknown;
  for (const [place, value] of given.secrets) {
    const { status, headers } = await askFrom("127.0.0.1", { port, path: words.ask, headers: { authorization: `Bearer ${value}` } });
    // Whoever cannot look a key up says nothing of it.
    if (status !== 200 && status !== 401) return {};
    if (status === 200) opened.push(place);
    name = headers[words.header];
  }
  took(words.secret, opened);
  const called = [...given.plains].filter(([, value]) => value === name);
  took(
    words.plain,
    called.map(([place]) => place),
  );
  return numbers;
}
