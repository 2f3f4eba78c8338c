/** How many generated executions a property of a judge is tried on: `PROPERTY_RUNS` sets another number, as a nightly run does. For tests. */
// biome-ignore lint/style/noRestrictedImports: only tests import this file.
import fc from "fast-check";
// biome-ignore lint/style/noRestrictedImports: only tests import this file.
import { vi } from "vitest";

export const executions = fc.readConfigureGlobal()?.numRuns ?? 10_000;

/** Of properties that take long, because they try every order or change much. */
export const fewerExecutions = Math.ceil(executions / 10);

// So many take their time, the more so on a busy machine.
vi.setConfig({ testTimeout: 60_000 + 50 * executions });
