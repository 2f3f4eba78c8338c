/** All keys as one object, for who does not want to rely on linearizability being local (Herlihy and Wing 1990, theorem 1). */
import type { Operation } from "../../core/history.ts";
import { type Machine, machineOf } from "./machine.ts";
import type { Memory } from "./memory.ts";
import { sequences } from "./sequences.ts";
import type { Specification } from "./specification.ts";

/**
 * A state of the product is a row of one state for each key.
 * @throws outOfMemory
 */
export function productOf<State>(specification: Specification<State>, operations: readonly Operation[], initial: State, memory: Memory): Machine {
  const keys = new Map<string, { readonly column: number; readonly operations: Operation[] }>();
  const columns = new Int32Array(operations.length);
  // Where an operation stands among those of its key.
  const places = new Int32Array(operations.length);
  for (const [position, operation] of operations.entries()) {
    let key = keys.get(operation.key);
    if (key === undefined) {
      key = { column: keys.size, operations: [] };
      keys.set(operation.key, key);
    }
    columns[position] = key.column;
    places[position] = key.operations.push(operation) - 1;
  }
  const machines = [...keys.values()].map((key) => machineOf(specification, key.operations, initial, memory));
  const firstClass = machines.map(() => 0);
  for (let column = 1; column < machines.length; column++)
    firstClass[column] = (firstClass[column - 1] as number) + (machines[column - 1] as Machine).classCount;
  const machineAt = (position: number): Machine => machines[columns[position] as number] as Machine;
  const own = <T>(position: number, of: (machine: Machine, place: number) => T): T => of(machineAt(position), places[position] as number);

  const width = machines.length;
  const rows = sequences(memory);
  const row = Int32Array.from(machines, ({ initial }) => initial);
  return {
    initial: rows.add(row, width),
    step(state, position) {
      const column = columns[position] as number;
      const before = rows.word(state, column);
      const after = (machines[column] as Machine).step(before, places[position] as number);
      if (after < 0 || after === before) return after < 0 ? after : state;
      for (let i = 0; i < width; i++) row[i] = rows.word(state, i);
      row[column] = after;
      return rows.add(row, width);
    },
    reads: Uint8Array.from(operations, (_, position) => own(position, ({ reads }, place) => reads[place] as number)),
    classes: Int32Array.from(operations, (_, position) =>
      own(position, ({ classes }, place) => (firstClass[columns[position] as number] as number) + (classes[place] as number)),
    ),
    classCount: (firstClass.at(-1) as number) + (machines.at(-1) as Machine).classCount,
    describe: (state, position) => own(position, (machine, place) => machine.describe(rows.word(state, columns[position] as number), place)),
  };
}
