/**
 * A C client that does what the server does to a no-op run: pgbench with the server's own statements, taken from the log of a Postgres that was
 * told to write down what the server sent. Each of its clients claims as many runs as the server does and ends them in one statement, as the server does with those that end at one moment.
 */
import { access, chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { mustRun } from "../../harness/provision/exec.ts";
import { measure } from "./measurements.ts";
import { fillReference, referenceAdapter } from "./reference.ts";
import type { Services } from "./services.ts";

/** Runs drained per second; undefined where Postgres came without pgbench. */
export async function drainWithPgbench(
  services: Services,
  { count, concurrency }: { readonly count: number; readonly concurrency: number },
): Promise<number | undefined> {
  const { part, port, password } = services.postgres;
  const program = join(part.path, "pgbench");
  if (
    !(await access(program).then(
      () => true,
      () => false,
    ))
  )
    return undefined;
  const { claim, end } = await statementsOf(services);

  const { name, url } = await services.newDatabase();
  await fillReference(services, url, count);
  const script = join(services.directory, "noop.pgbench");
  await writeFile(script, scriptOf(claim, end, concurrency));
  await chmod(script, 0o644);
  const transactions = Math.floor(count / concurrency / concurrency);
  const args = ["-n", "-M", "prepared", "-c", String(concurrency), "-j", "2", "-t", String(transactions), "-f", script, name];
  const ran = await mustRun(program, ["-h", "127.0.0.1", "-p", String(port), "-U", "runproof", ...args], {
    deadlineMs: 120_000,
    env: { ...part.env, PGPASSWORD: password },
  });
  const perSecond = /tps = ([\d.]+)/.exec(ran.stdout)?.[1];
  if (!perSecond) throw new Error(`pgbench was expected to print its tps, and printed: ${ran.stdout.slice(-500)}`);
  return Number(perSecond) * concurrency;
}

interface Statement {
  readonly sql: string;
  readonly parameters: readonly string[];
}

async function statementsOf(services: Services): Promise<{ claim: Statement; end: Statement }> {
  const { name, url } = await services.newDatabase();
  const admin = new pg.Client(url);
  await admin.connect();
  await admin.query(`alter database ${name} set log_statement = 'all'`).finally(() => admin.end());
  await measure(services, referenceAdapter, "drain", 3, url);
  const statements = parseLog(await readFile(services.postgres.logFile, "utf8"));
  const claim = statements.findLast(({ sql }) => sql.includes("skip locked") && sql.includes("status = 'running'"));
  const end = statements.findLast(({ sql }) => sql.includes("skip locked") && sql.includes("finished_at"));
  if (!claim || !end)
    throw new Error(
      "The server was expected to claim several runs in one statement and to end them in one, and its log shows no such statements. Adapt bench/queue/pgbench.ts.",
    );
  return { claim, end };
}

/** Entries of Postgres's log: the first line has a word such as LOG, the others begin with a tab. */
function parseLog(text: string): readonly Statement[] {
  const entries = text.replaceAll("\n\t", "\n ").split(/^.*?(?=(?:LOG|DETAIL|ERROR|HINT|STATEMENT|FATAL|WARNING): {2})/m);
  return entries.flatMap((entry, i) => {
    const sql = /^LOG: {2}execute [^:]*: ([\s\S]*)$/.exec(entry)?.[1];
    if (!sql) return [];
    const detail = /^DETAIL: {2}(?:[Pp]arameters: )([\s\S]*)$/.exec(entries[i + 1] ?? "")?.[1] ?? "";
    return [{ sql: sql.trim(), parameters: [...detail.matchAll(/\$\d+ = ('(?:[^']|'')*'|NULL)/g)].map(([, value]) => value ?? "NULL") }];
  });
}

/** Two statements: a claim of `size` runs, whose ids and attempts become variables, and their end. */
function scriptOf(claim: Statement, end: Statement, size: number): string {
  const line = (sql: string): string => sql.replace(/\s+/g, " ");
  const each = Array.from({ length: size }, (_, i) => i + 1);
  const columns = each.map((i) => `(array_agg(id))[${i}] as id${i}, (array_agg(attempt))[${i}] as attempt${i}`).join(", ");
  const cut = claim.sql.lastIndexOf("select id, attempt");
  const rewritten = `${claim.sql.slice(0, cut)} select ${columns} from claimed`;
  const claims = withValues(rewritten, claim.parameters, ["", String(size)]);
  const arrayOf = (name: string, type: string): string => `array[${each.map((i) => `:${name}${i}`).join(", ")}]::${type}[]`;
  // What else the server sent are arrays too, with an element for each run that ended: the first is taken for all.
  const others = end.parameters.slice(2).map((elements) => `array_fill((${elements}::text[])[1], array[${size}])`);
  return [`${line(claims)} \\gset`, `${line(withValues(end.sql, [], ["", arrayOf("id", "uuid"), arrayOf("attempt", "int"), ...others]))};`, ""].join(
    "\n",
  );
}

/** Puts values in place of $1, $2, ...: `own` where given, else what the server sent. */
function withValues(sql: string, parameters: readonly string[], own: readonly string[]): string {
  return sql.replace(/\$(\d+)/g, (_whole, number: string) => own[Number(number)] ?? parameters[Number(number) - 1] ?? "NULL");
}
