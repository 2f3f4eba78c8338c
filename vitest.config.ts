import { defineConfig } from "vitest/config";

const exclude = ["**/node_modules/**", "reports/**"];
const globalSetup = ["harness/drivers/process/test-services.ts"];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["{harness,chaos,reference-server}/**/*.test.ts"],
          exclude: [...exclude, "**/*.live.test.ts", "**/*.containers.test.ts"],
          globalSetup,
          setupFiles: ["harness/base/property-runs.ts"],
          // Most of them wait for the server, for leases and time-outs, more than they compute.
          maxWorkers: 3,
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          // The whole stack, with load and faults: one file after another, after the quick tests, so that they do not disturb each other's timing.
          name: "live",
          include: ["{harness,chaos,reference-server}/**/*.live.test.ts"],
          exclude,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          testTimeout: 300_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          // The same on containers, where there is an engine or can be one.
          name: "containers",
          include: ["harness/**/*.containers.test.ts"],
          exclude,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
          testTimeout: 300_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
