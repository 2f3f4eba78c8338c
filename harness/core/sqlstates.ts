/** Codes of errors by which Postgres says that a statement may be sent again (its manual, appendix A). */

/** Class 40: the transaction is to be repeated. Class 57: the server was being shut down, or restarted. 08006: the connection failed. 53300: there were too many. */
export const passing = ["40001", "40P01", "57P01", "57P02", "57P03", "08006", "53300"].join(",");
