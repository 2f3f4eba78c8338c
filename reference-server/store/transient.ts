/** Which errors say "try again" rather than "this is wrong". */

/**
 * Serialisation, deadlock, shutdown and start-up of the server, broken or refused connections, too many connections; and a server that takes no writes, which is what a
 * primary is once another was promoted: a new connection is led to that one.
 */
const sqlStates = new Set(["40001", "40P01", "57P01", "57P02", "57P03", "08000", "08001", "08003", "08006", "53300", "25006"]);
const systemErrors = new Set([
  ...["ECONNREFUSED", "ECONNRESET", "ECONNABORTED", "EPIPE", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH"],
  // The name of a container that is being replaced does not resolve.
  ...["ENOTFOUND", "EAI_AGAIN"],
]);
/** The driver's own errors have no code: a connection that ended, could not be made, or did not answer in time. */
const driverMessages =
  /^(Connection terminated|timeout expired|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|Client was closed)/;

/** A statement prepared before a migration: another connection, or this one after preparing again, may send it. */
const stalePlan = /^cached plan must not change result type/;

/** The database could not be reached within the caller's budget. Nothing is known of what the last statement did. */
export class Unavailable extends Error {}

/** Others kept all connections for as long as a caller waits for one. The statement was not sent; trying at once would only add to the crowd. */
export class PoolExhausted extends Error {}

/** SQLSTATE or system error code, "" if there is none. */
function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/** True for errors after which the same statement may succeed. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = codeOf(error);
  return (
    error instanceof Unavailable ||
    error instanceof PoolExhausted ||
    sqlStates.has(code) ||
    stalePlan.test(error.message) ||
    systemErrors.has(code) ||
    driverMessages.test(error.message)
  );
}

/** True when the connection itself can be trusted after this error: Postgres refused the statement and goes on. */
export function connectionSurvives(error: unknown): boolean {
  const code = codeOf(error);
  if (error instanceof Error && stalePlan.test(error.message)) return false;
  return /^[0-9A-Z]{5}$/.test(code) && !/^(08|57P|53300|25006)/.test(code) && !systemErrors.has(code);
}
