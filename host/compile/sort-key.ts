/** Sort keys in generated text: the function that writes the bytes by which assembly/state/order.ts orders rows. */
import type { OrderKey } from '../plan/nodes.ts';
import { capital, type Job } from './job.ts';
import { cellOf } from './layout.ts';
import { at, type View } from './rows.ts';

export interface SortKey {
  /** Words for the state's layout. */
  readonly shape: readonly string[];
  /** Statements that write the key of the row at hand; without room in the arena the row gets an error. */
  readonly encode: readonly string[];
  readonly address: string;
  readonly length: string;
}

/** Adds the function that writes the sort key of rows of `view`. */
export function sortKey(job: Job, name: string, view: View, order: readonly OrderKey[]): SortKey {
  const word = `0x${job.reserve(8).toString(16)}`;
  const encode = job.name('encode', capital(name), 'Order');
  const sizes = order.map(({ column }) => {
    if (cellOf(at(view.columns, column).type) !== 'text') return 'ORDER_BYTES';
    const { value, isNull } = view.column(column);
    job.use('state/order', 'orderTextBytes');
    return isNull === 'false' ? `orderTextBytes(${value})` : `(${isNull} ? 1 : orderTextBytes(${value}))`;
  });
  job.use('state/key', 'startKey');
  job.use('error', 'fail');
  job.use('abi', 'REJECT_OVERSIZE');
  if (sizes.includes('ORDER_BYTES')) job.use('state/order', 'ORDER_BYTES');
  const words = `sort key of ${name}`;
  job.addFunction(`The ${words}, in the row's arena.`, `${encode}(): void`, [
    `const at = startKey(${sizes.length === 0 ? '0' : sizes.join(' + ')});`,
    'if (at == 0) {', `  fail(REJECT_OVERSIZE, ${job.place(words)});`, '  return;', '}',
    'let end = at;',
    ...order.map((key) => partText(job, view, key)),
    `store<u32>(${word}, <u32>at);`, `store<u32>(${word}, <u32>(end - at), 4);`,
  ]);
  return {
    shape: order.map(({ column, isDescending, isNullsFirst }) => (
      `${cellOf(at(view.columns, column).type)}${isDescending ? ' desc' : ''}${isNullsFirst ? ' nulls first' : ''}`)),
    encode: [`${encode}();`], address: `<usize>load<u32>(${word})`, length: `load<u32>(${word}, 4)`,
  };
}

function partText(job: Job, view: View, { column, isDescending, isNullsFirst }: OrderKey): string {
  const { value, isNull } = view.column(column);
  const part = valueText(job, view, column, value, isDescending);
  if (isNull === 'false') return `end = ${part};`;
  job.use('state/order', 'orderNull');
  return `end = ${isNull} ? orderNull(end, ${isNullsFirst}) : ${part};`;
}

function valueText(job: Job, view: View, column: number, value: string, isDescending: boolean): string {
  const write = (name: string, text: string): string => {
    job.use('state/order', name);
    return `${name}(end, ${text}, ${isDescending})`;
  };
  switch (cellOf(at(view.columns, column).type)) {
    case 'bool': return write('orderLong', `i64(${value})`);
    case 'i32': return write('orderLong', `<i64>${value}`);
    case 'i64': return write('orderLong', value);
    case 'f32': return write('orderDouble', `<f64>${value}`);
    case 'f64': return write('orderDouble', value);
    case 'wide': return write('orderWide', value);
    case 'text': return write('orderText', value);
  }
}
