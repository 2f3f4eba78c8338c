import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HS-19",
  statement: "The environment overrides the .env file, and secrets can come from files.",
  document: "Horizontal scaling of a stateful agent server (seed 000)",
  where: "Environment Variables and Configuration",
  decides:
    "Real processes are given a secret, each a value of its own, by every place alone and by every pair of them, and a plain setting by the environment and the .env file: whom such a process lets in and what it calls itself tell which value counted. What is given twice in one place, or by a file that is not there, is refused in one line that names the setting and tells no secret.",
} satisfies Claim;
