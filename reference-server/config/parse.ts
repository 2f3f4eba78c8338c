/** Reading one setting: each function returns its value or throws one sentence that names it. */

/** A setting that is missing or wrong. The message names the variable and never repeats a value that could be a secret. */
export class ConfigError extends Error {}

export type Environment = Readonly<Record<string, string | undefined>>;

/** The value without spaces around it, or `fallback` when it is empty or not set. Throws ConfigError when there is neither. */
export function text(env: Environment, name: string, fallback?: string): string {
  const value = env[name]?.trim() || fallback;
  if (value === undefined) throw new ConfigError(`${name} is not set. Set it in the environment and start again.`);
  return value;
}

/** A whole number from `from` to `to`, both included. Throws ConfigError. */
export function whole(env: Environment, name: string, fallback: number | undefined, from: number, to: number): number {
  const given = text(env, name, fallback === undefined ? undefined : String(fallback));
  const value = Number(given);
  if (!Number.isInteger(value) || value < from || value > to) {
    throw new ConfigError(
      `${name} must be a whole number from ${from} to ${to}, and is ${JSON.stringify(given.slice(0, 20))}. Correct it and start again.`,
    );
  }
  return value;
}

/** One of the words that are allowed. Throws ConfigError, which names them. */
export function oneOf<T extends string>(env: Environment, name: string, fallback: T | undefined, allowed: readonly T[]): T {
  const given = text(env, name, fallback);
  const found = allowed.find((each) => each === given);
  if (found === undefined)
    throw new ConfigError(`${name} must be ${allowed.join(" or ")}, and is ${JSON.stringify(given.slice(0, 20))}. Correct it and start again.`);
  return found;
}

/** Values separated by commas. */
export function list(env: Environment, name: string, fallback: string): string[] {
  return text(env, name, fallback)
    .split(",")
    .map((value) => value.trim().toLowerCase())
    .filter((value) => value !== "");
}

/** A URL with one of these protocols ("postgres:"), as it was given: it may hold a password, which no error repeats (HS-11). Throws ConfigError. */
export function url(env: Environment, name: string, protocols: readonly string[]): string {
  const value = text(env, name);
  const protocol = URL.canParse(value) ? new URL(value).protocol : "";
  if (!protocols.includes(protocol)) {
    throw new ConfigError(`${name} must be a URL that begins with ${protocols.map((p) => `${p}//`).join(" or ")}. Correct it and start again.`);
  }
  return value;
}

/** host:port, the brackets of an IPv6 address taken off; undefined when it is not set. Throws ConfigError. */
export function address(env: Environment, name: string): { host: string; port: number } | undefined {
  const value = text(env, name, "");
  if (value === "") return undefined;
  const match = /^(.+):(\d{1,5})$/.exec(value);
  const port = Number(match?.[2]);
  if (!match?.[1] || port < 1 || port > 65535) {
    throw new ConfigError(`${name} must be host:port, and is ${JSON.stringify(value.slice(0, 60))}. Correct it or leave it out.`);
  }
  return { host: match[1].replace(/^\[(.*)\]$/, "$1"), port };
}

/** A secret of at least 32 characters that a header can carry; undefined when it is not set. */
export function secret(env: Environment, name: string): string | undefined {
  const value = text(env, name, "none");
  if (value === "none") return undefined;
  if (!/^[\x21-\x7e]{32,200}$/.test(value)) throw new ConfigError(`${name} must be 32 to 200 printable characters without spaces. Correct it.`);
  return value;
}
