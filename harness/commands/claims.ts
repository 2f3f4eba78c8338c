/** `runproof claims`: every claim of the documents, what tries it and what turns it, or why nothing tries it. */
import { Command } from "commander";
import { exit } from "../base/errors.ts";

export function claimsCommand(project: string, finish: (status: number) => void): Command {
  return new Command("claims")
    .description("list every claim of the documents: which experiments try it and which defects turn it, or why none does")
    .option("--json", "print the rows as one JSON array on standard output")
    .action(async ({ json }: { readonly json?: boolean }) => {
      const { claimRows } = await import("../run/catalogue.ts");
      const { claimTable } = await import("../run/claim-matrix.ts");
      const rows = await claimRows(project, "reference");
      process.stdout.write(`${json ? JSON.stringify(rows, null, 1) : claimTable(rows)}\n`);
      finish(exit.holds);
    });
}
