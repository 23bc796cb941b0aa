/** Compiles expressions into a small module and evaluates them on rows given as JavaScript values. */
import { INPUT, OUTPUT, SCRATCH } from '../../../assembly/abi.ts';
import { compileExpression, expressionImports, rowScope, scratchReserve } from '../../../host/compile/expression.ts';
import { cellOf, rowLayout, type RowLayout } from '../../../host/compile/layout.ts';
import type { Column, Expression } from '../../../host/plan/nodes.ts';
import type { SqlType } from '../../../host/plan/types.ts';
import { classText, compileText, moduleText } from '../../json/compile.ts';

/** As LiteralValue: DECIMAL as bigint scaled by its type, other integers and times as bigint, FLOAT and DOUBLE as number. */
export type Value = string | number | bigint | boolean | null;
/** What an expression gives when the row is rejected. */
export const REJECTED = Symbol('rejected');

const ROW = SCRATCH + 256 + 16384;
const STORES = { bool: 'bool', i32: 'i32', i64: 'i64', f32: 'f32', f64: 'f64', text: 'u64' } as const;

export interface ExpressionModule {
  readonly text: string;
  /** Evaluates expression `index` on the row. */
  evaluate(index: number, row: readonly Value[]): Value | typeof REJECTED;
  readonly bytes: Uint8Array;
}

export interface ModuleOptions { readonly isSimd?: boolean; readonly isOptimized?: boolean }

export async function compileExpressions(
  columns: readonly Column[], expressions: readonly Expression[], options: ModuleOptions = {},
): Promise<ExpressionModule> {
  const layout = rowLayout('Row', columns);
  const used = new Set<string>();
  const reserve = scratchReserve(ROW + layout.sizeBytes);
  const functions = expressions.map((expression, index) => functionText(expression, index, layout, used, reserve));
  const text = moduleText([{ text: functions.join('\n'), imports: expressionImports(used) }], `import { reset } from "millrace/assembly/text/arena";
import { clearError, errorReason } from "millrace/assembly/error";
${classText(layout)}`);
  const bytes = await compileText(text, { isSimd: options.isSimd ?? true, isOptimized: options.isOptimized ?? false });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  const memory = instance.exports['memory'] as WebAssembly.Memory;
  const run = instance.exports as Record<string, () => number>;
  return {
    text, bytes,
    evaluate: (index, row) => {
      writeRow(memory, layout, row);
      const status = run[`expression${index}`]?.();
      if (status === 2) return REJECTED;
      return status === 1 ? null : readValue(memory, (expressions[index] as Expression).type, OUTPUT);
    },
  };
}

function functionText(
  expression: Expression, index: number, layout: RowLayout, used: Set<string>, reserve: (bytes: number) => number,
): string {
  const scope = rowScope({ layout, rowName: 'row', used, idOf: () => index + 1, reserve });
  const { setup, value, isNull } = compileExpression(expression, scope);
  const cell = cellOf(expression.type);
  const result = cell === 'wide' ? `memory.copy(${OUTPUT}, ${value}, 16);` : `store<${STORES[cell]}>(${OUTPUT}, ${value});`;
  return `export function expression${index}(): i32 {
  const row = changetype<Row>(${ROW});
  reset();
  clearError();
${setup.map((line) => `  ${line}\n`).join('')}  if (errorReason() != 0) return 2;
  if (${isNull}) return 1;
  ${result}
  return 0;
}`;
}

function writeRow(memory: WebAssembly.Memory, layout: RowLayout, row: readonly Value[]): void {
  const view = new DataView(memory.buffer);
  let nulls = 0n;
  let textAt = INPUT;
  layout.fields.forEach(({ cell, offset, nullBit }, index) => {
    const value = row[index] ?? null;
    if (value === null) {
      nulls |= 1n << BigInt(nullBit);
      for (let byte = 0; byte < (cell === 'wide' ? 16 : cell === 'bool' ? 1 : cell === 'i32' || cell === 'f32' ? 4 : 8); byte += 1) {
        view.setUint8(ROW + offset + byte, 0xa5 ^ (byte * 31)); // a NULL's field holds anything
      }
      return;
    }
    switch (cell) {
      case 'bool': view.setUint8(ROW + offset, Number(value)); break;
      case 'i32': view.setInt32(ROW + offset, Number(value), true); break;
      case 'i64': view.setBigInt64(ROW + offset, BigInt(value), true); break;
      case 'f32': view.setFloat32(ROW + offset, Number(value), true); break;
      case 'f64': view.setFloat64(ROW + offset, Number(value), true); break;
      case 'wide':
        view.setBigUint64(ROW + offset, BigInt.asUintN(64, BigInt(value)), true);
        view.setBigInt64(ROW + offset + 8, BigInt.asIntN(64, BigInt(value) >> 64n), true);
        break;
      case 'text': {
        const bytes = new TextEncoder().encode(String(value));
        new Uint8Array(memory.buffer).set(bytes, textAt);
        view.setUint32(ROW + offset, textAt, true);
        view.setUint32(ROW + offset + 4, bytes.length, true);
        textAt += bytes.length + 3;
        break;
      }
    }
  });
  if (layout.nullsType === 'u32') view.setUint32(ROW, Number(nulls), true);
  else view.setBigUint64(ROW, nulls, true);
}

function readValue(memory: WebAssembly.Memory, type: SqlType, address: number): Value {
  const view = new DataView(memory.buffer);
  switch (cellOf(type)) {
    case 'bool': return view.getUint8(address) !== 0;
    case 'i32': return BigInt(view.getInt32(address, true));
    case 'i64': return view.getBigInt64(address, true);
    case 'f32': return view.getFloat32(address, true);
    case 'f64': return view.getFloat64(address, true);
    case 'wide': return (view.getBigInt64(address + 8, true) << 64n) | view.getBigUint64(address, true);
    case 'text': {
      const start = view.getUint32(address, true);
      return new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array(memory.buffer, start, view.getUint32(address + 4, true)));
    }
  }
}
