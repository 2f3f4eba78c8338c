/** Set up before each test file: `PROPERTY_RUNS=100000 npm test` tries each property so many times, as a nightly run does. */
import fc from "fast-check";

const wanted = Number(process.env.PROPERTY_RUNS ?? 0);
if (wanted > 0) fc.configureGlobal({ numRuns: wanted });
