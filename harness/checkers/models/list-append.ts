/** Transactions that append to lists and read them, judged as Elle judges them. */
import type { Answer, Model } from "../../core/model.ts";
import { graphOf } from "../elle/graph.ts";
import { findListAnomalies } from "../elle/list-anomalies.ts";
import { addListDependencies, explainList } from "../elle/list-dependencies.ts";
import { listsOf } from "../elle/lists.ts";
import { transactionsOf } from "../elle/transactions.ts";
import { decide } from "../elle/verdict.ts";
import { findings } from "../findings.ts";

const model: Model = {
  what: 'transactions over lists (value: [["r", key, list], ["append", key, element]]), every element appended to a key once; strictly serializable, or as the settings consistency-models and anomalies ask',
  aliases: [],
  check(operations, options): Answer {
    return decide(transactionsOf(operations, "append"), options, (history, outOfTime) => {
      const lists = listsOf(history);
      if (typeof lists === "string") return lists;
      const graph = graphOf(history.transactions.length);
      const found = findings();
      findListAnomalies(lists, history.transactions, found, outOfTime);
      addListDependencies(graph, lists, history.transactions, outOfTime);
      const explain = (from: number, to: number, kind: number): string => explainList(lists, history, from, to, kind);
      return { algorithm: "dependency graph (Elle, list-append)", graph, found, explain };
    });
  },
};

export default model;
