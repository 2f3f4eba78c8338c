/** Transactions that read by predicate over a universe in which every version is known, judged as Elle judges them. */
import type { Answer, Model } from "../../core/model.ts";
import { graphOf } from "../elle/graph.ts";
import { findPredicateAnomalies } from "../elle/predicate-anomalies.ts";
import { addPredicateDependencies, explainPredicate } from "../elle/predicate-dependencies.ts";
import { predicateTransactionsOf } from "../elle/predicate-transactions.ts";
import { universeOf } from "../elle/universe.ts";
import { decide } from "../elle/verdict.ts";
import { findings } from "../findings.ts";

const model: Model = {
  what: 'transactions over objects that come and go (value: [["r", key, value], ["rp", predicate, {key: value}], ["insert" or "w", key, value], ["delete", key]]; predicates "true", ["=", v], ["mod", m, r]), after an operation "init" ({key: value}) that is trusted to be seen by all; nothing else is there at first, and every value is written to a key once; strictly serializable, or as the settings consistency-models and anomalies ask',
  aliases: [],
  check(operations, options): Answer {
    return decide(predicateTransactionsOf(operations), options, (history, outOfTime) => {
      const universe = universeOf(history);
      if (typeof universe === "string") return universe;
      const graph = graphOf(history.transactions.length);
      const found = findings();
      findPredicateAnomalies(universe, history, found, outOfTime);
      addPredicateDependencies(graph, universe, history, outOfTime);
      const explain = (from: number, to: number, kind: number): string => explainPredicate(universe, history, from, to, kind);
      return { algorithm: "dependency graph (Elle, closed-predicate)", graph, found, explain };
    });
  },
};

export default model;
