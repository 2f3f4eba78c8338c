/** Test helper: a real Chromium, where one can be had. */
import { type Browser, chromium } from "playwright-core";
import { MissingPartError, provision } from "./provision.ts";

const quiet = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Answers how to start one; null, with the reason on the console, where there is none. */
export async function findBrowser(): Promise<(() => Promise<Browser>) | null> {
  const part = await provision({ only: ["chromium"] }).then(
    (parts) => parts.chromium,
    (error: unknown) => {
      if (!(error instanceof MissingPartError)) throw error;
      console.warn(`Tests in a browser are skipped: ${error.message}`);
      return null;
    },
  );
  if (part === null) return null;
  const args = process.getuid?.() === 0 ? [...quiet, "--no-sandbox"] : quiet;
  const env = { ...process.env, ...part.env } as Record<string, string>;
  return () => chromium.launch({ executablePath: part.path, args, env, timeout: 30_000 });
}
