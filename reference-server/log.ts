/** One JSON object a line, the same fields on every instance, and no secret in any of them. */
import pino, { type DestinationStream, type Logger } from "pino";
import type { Config } from "./config.ts";

/** Shorter texts are no passwords, and replacing them would mangle everything else. */
const shortestSecret = 6;

/** What must never be seen outside: the passwords inside the URLs, as they are written there and as they are meant, and the first API key. */
function secretsOf(config: Config): string[] {
  const urls = [config.databaseUrl, config.replicaUrl, config.redisUrl, config.tracesUrl, config.failoverWebhookUrl];
  const passwords = urls.flatMap((url) => (url === undefined ? [] : [new URL(url).password]));
  return [...passwords.flatMap((password) => [password, decodeURIComponent(password)]), config.adminApiKey ?? ""].filter(
    (secret) => secret.length >= shortestSecret,
  );
}

/** The name, message, code and stack of an error. Others of its properties may hold anything: the arguments of a Redis AUTH, a row. */
function describe(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const { name: type, message, stack } = error;
  const code = "code" in error ? { code: error.code } : {};
  const cause = error.cause === undefined ? {} : { cause: error.cause instanceof Error ? error.cause.message : String(error.cause) };
  return { type, message, ...code, ...cause, stack };
}

/** Opens the log. Every line has level, time, instance, role and msg; lines about a request or an attempt have trace_id. */
export function openLog(config: Config, destination: DestinationStream = pino.destination({ dest: 1, sync: true })): Logger {
  const secrets = [...new Set(secretsOf(config))].map((secret) => JSON.stringify(secret).slice(1, -1));
  return pino(
    {
      base: { instance: config.instanceId, role: config.role },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
      serializers: { err: describe },
      // The last thing before a line leaves: a secret that came in through any door, such as an error's message, ends here.
      hooks: { streamWrite: (line) => secrets.reduce((text, secret) => text.replaceAll(secret, "[secret]"), line) },
    },
    destination,
  );
}
