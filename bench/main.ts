/** `npm run bench [-- NAME...]`: runs the benchmarks of this folder, one a file, or those named. They print what they measured; they judge nothing. */
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";

const files = (await readdir(import.meta.dirname)).filter((file) => file.endsWith(".ts") && file !== basename(import.meta.filename));
const names = files.map((file) => basename(file, ".ts")).sort();
const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !names.includes(name));
if (unknown !== undefined) {
  process.stderr.write(`Unknown benchmark "${unknown}". There are: ${names.join(", ")}.\n`);
  process.exitCode = 64;
} else {
  for (const name of wanted.length > 0 ? wanted : names) {
    const { default: benchmark } = (await import(join(import.meta.dirname, `${name}.ts`))) as {
      default: { readonly what: string; run(): Promise<void> };
    };
    process.stdout.write(`${name}: ${benchmark.what}\n`);
    await benchmark.run();
  }
}
