/** Codes of errors by which Postgres says that a statement may be sent again (its manual, appendix A). */

/**
 * Class 40: the transaction is to be repeated. Class 57: the server was being shut down, or restarted. Class 08: the connection failed, could not be made, or was not there any more. 53300: there
 * were too many. 25006: the server takes no writes, as one that another has replaced.
 */
export const passing = ["40001", "40P01", "57P01", "57P02", "57P03", "08000", "08001", "08003", "08006", "53300", "25006"].join(",");

/** A constraint, a number out of range, what is no number, what is not allowed, and what Postgres itself cannot explain: the statement would meet the same again. */
export const final = ["23514", "22003", "22P02", "42501", "XX000"].join(",");
