/** A bounded child beside the stack that takes what the instances need: processor time or memory. */
import { readFileSync } from "node:fs";
import type { Hog } from "../stack.ts";
import { startChild } from "./child.ts";

/** Whatever becomes of the harness, it ends by itself. */
const longestMs = 120_000;

const bodies = {
  cpu: "for (;;) if (Date.now() > ends) break;",
  // Filled, because pages that nobody touched are not there.
  memory:
    "const held = []; for (let i = 0; i < Number(process.argv[1]); i += 16) held.push(Buffer.alloc(16 << 20, 1)); setTimeout(() => held, ends - Date.now());",
};

/** `amount`: MiB of memory; of no meaning to a hog of processor time, which takes one processor. */
export async function startHog(
  kind: keyof typeof bodies,
  amount: number,
  options: { readonly cwd: string; readonly logFile: string; readonly marker: string },
): Promise<Hog> {
  const child = await startChild({
    name: `${kind} hog`,
    command: process.execPath,
    args: ["--eval", `const ends = Date.now() + ${longestMs}; ${bodies[kind]}`, String(amount)],
    env: {},
    ...options,
  });
  return {
    pid: () => (child.outcome() === undefined ? child.pid : undefined),
    rssMb: () => Number(/VmRSS:\s+(\d+)/.exec(statusOf(child.pid))?.[1] ?? 0) / 1024,
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, "utf8");
  } catch {
    return "";
  }
}
