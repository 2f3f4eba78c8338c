/** All keys as one object, for who does not want to rely on linearizability being local (Herlihy and Wing 1990, theorem 1). */
import type { Operation } from "../../core/history.ts";
import { type Machine, machineOf } from "./machine.ts";
import type { Specification } from "./specification.ts";

/** A state of the product is a row of one state for each key; rows are compared word by word. */
export function productOf<State>(specification: Specification<State>, operations: readonly Operation[], initial: State): Machine {
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
  const machines = [...keys.values()].map((key) => machineOf(specification, key.operations, initial));
  const firstClass = machines.map(() => 0);
  for (let column = 1; column < machines.length; column++)
    firstClass[column] = (firstClass[column - 1] as number) + (machines[column - 1] as Machine).classCount;
  const machineAt = (position: number): Machine => machines[columns[position] as number] as Machine;
  const own = <T>(position: number, of: (machine: Machine, place: number) => T): T => of(machineAt(position), places[position] as number);

  const width = machines.length;
  let rows = new Int32Array(width * 64);
  let rowCount = 0;
  // Open addressing: the number of a row plus one, or 0.
  let table = new Int32Array(128);
  const hashOf = (row: number): number => {
    let hash = width;
    for (let column = row * width; column < (row + 1) * width; column++) {
      hash = Math.imul(hash ^ (rows[column] as number), 0xc2b2ae35);
      hash ^= hash >>> 15;
    }
    return hash;
  };
  const slotOf = (row: number): number => {
    let slot = hashOf(row) & (table.length - 1);
    for (; table[slot] !== 0; slot = (slot + 1) & (table.length - 1)) {
      const other = (table[slot] as number) - 1;
      let column = 0;
      while (column < width && rows[other * width + column] === rows[row * width + column]) column++;
      if (column === width) break;
    }
    return slot;
  };
  /** The number of the row that was put behind the last one, which stays there if it is new. */
  const settle = (): number => {
    const slot = slotOf(rowCount);
    if (table[slot] !== 0) return (table[slot] as number) - 1;
    table[slot] = ++rowCount;
    if (2 * rowCount > table.length) {
      table = new Int32Array(2 * table.length);
      for (let row = 0; row < rowCount; row++) table[slotOf(row)] = row + 1;
    }
    if ((rowCount + 1) * width > rows.length) {
      const longer = new Int32Array(2 * rows.length);
      longer.set(rows);
      rows = longer;
    }
    return rowCount - 1;
  };
  for (const [column, machine] of machines.entries()) rows[column] = machine.initial;
  return {
    initial: settle(),
    step(state, position) {
      const column = columns[position] as number;
      const before = rows[state * width + column] as number;
      const after = (machines[column] as Machine).step(before, places[position] as number);
      if (after < 0 || after === before) return after < 0 ? after : state;
      rows.copyWithin(rowCount * width, state * width, (state + 1) * width);
      rows[rowCount * width + column] = after;
      return settle();
    },
    reads: Uint8Array.from(operations, (_, position) => own(position, ({ reads }, place) => reads[place] as number)),
    classes: Int32Array.from(operations, (_, position) =>
      own(position, ({ classes }, place) => (firstClass[columns[position] as number] as number) + (classes[place] as number)),
    ),
    classCount: (firstClass.at(-1) as number) + (machines.at(-1) as Machine).classCount,
    describe: (state, position) =>
      own(position, (machine, place) => machine.describe(rows[state * width + (columns[position] as number)] as number, place)),
    bytes: () => machines.reduce((sum, machine) => sum + machine.bytes(), rows.byteLength + table.byteLength),
  };
}
