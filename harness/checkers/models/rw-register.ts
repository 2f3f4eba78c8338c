/** Transactions that write registers and read them, judged as Elle judges them. */
import type { Answer, Model } from "../../core/model.ts";
import { graphOf } from "../elle/graph.ts";
import { addRegisterDependencies, explainRegister, findRegisterAnomalies } from "../elle/register-dependencies.ts";
import { registersOf, versionOrders } from "../elle/registers.ts";
import { transactionsOf } from "../elle/transactions.ts";
import { decide } from "../elle/verdict.ts";
import { findings } from "../findings.ts";

const model: Model = {
  what: 'transactions over registers (value: [["r", key, value], ["w", key, value]]), every value written to a key once; strictly serializable, or as the settings consistency-models, anomalies, wfr-keys?, sequential-keys? and linearizable-keys? ask',
  aliases: [],
  check(operations, options): Answer {
    return decide(transactionsOf(operations, "w"), options, (history, outOfTime) => {
      const registers = registersOf(history);
      if (typeof registers === "string") return registers;
      const orders = versionOrders(registers, history, options.settings ?? {}, outOfTime);
      const graph = graphOf(history.transactions.length);
      const found = findings();
      findRegisterAnomalies(registers, history, orders, found);
      addRegisterDependencies(graph, registers, orders, outOfTime);
      const explain = (from: number, to: number, kind: number): string => explainRegister(registers, orders, history, from, to, kind);
      return { algorithm: "dependency graph (Elle, rw-register)", graph, found, explain };
    });
  },
};

export default model;
