/** Exit statuses of the command (sysexits where one fits). */
export const exit = { holds: 0, violated: 1, inconclusive: 2, usage: 64, missing: 69, harness: 70, interrupted: 130 } as const;

/** A user's mistake or a condition of the machine: printed as its sentence, without a stack, with its own exit status. */
export class UserError extends Error {
  override name = "UserError";
  readonly status: number;
  constructor(message: string, status: number = exit.usage) {
    super(message);
    this.status = status;
  }
}

/** The error that came first: what taking things down threw after it is not what the user needs to hear. */
export function firstOf(error: unknown): unknown {
  return error instanceof SuppressedError ? firstOf(error.suppressed) : error;
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
