/** Where settings come from: the environment wins over a .env file, and in each of them NAME_FILE names a file that holds NAME (HS-19). */
import { parseEnv } from "node:util";
import { ConfigError, type Environment } from "./parse.ts";

/** Returns a file's text, undefined if there is no such file; throws when it cannot be read. */
export type ReadText = (path: string) => string | undefined;

/** Replaces every NAME_FILE by NAME. Secrets are mounted as files so that no process listing and no inspection of a container shows them. */
function withFiles(env: Environment, from: string, readText: ReadText): Record<string, string | undefined> {
  const settings: Record<string, string | undefined> = { ...env };
  for (const [fileName, path] of Object.entries(env)) {
    const name = /^([A-Z][A-Z0-9_]*_(?:URL|KEY|KEYS|SECRET|PASSWORD|TOKEN))_FILE$/.exec(fileName)?.[1];
    if (!name || !path) continue;
    if (env[name]) throw new ConfigError(`${name} and ${fileName} are both set in ${from}. Leave one of them out.`);
    let held: string | undefined;
    try {
      held = readText(path);
    } catch (error) {
      throw new ConfigError(
        `${fileName} names a file that cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown error"}). Correct it.`,
      );
    }
    if (held === undefined) throw new ConfigError(`${fileName} names a file that does not exist. Correct it or put the file there.`);
    settings[name] = held.trim();
  }
  return settings;
}

/** Every setting from the environment, and from the .env file what the environment leaves out. Throws ConfigError. */
export function readSources(env: Environment, dotEnvPath: string, readText: ReadText): Environment {
  const dotEnv = readText(dotEnvPath);
  const given = Object.entries(withFiles(env, "the environment", readText)).filter(([, value]) => value !== undefined && value !== "");
  return { ...(dotEnv === undefined ? {} : withFiles(parseEnv(dotEnv), dotEnvPath, readText)), ...Object.fromEntries(given) };
}
