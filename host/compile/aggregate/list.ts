/** LISTAGG, ARRAY_AGG, JSON_ARRAYAGG and JSON_OBJECTAGG: texts with separators in a rope. The lists of the JSON kind are text until there are ARRAY types. */
import { textConstant } from '../expression-literal.ts';
import { firstOf, recordOf, type Answer, type BoundCall, type PaneBuilder } from './slot.ts';

/** `[`, `]` and `{`, `}`. */
const BRACKETS = '0x5b, 0x5d';
const BRACES = '0x7b, 0x7d';

export function listOf(bound: BoundCall, builder: PaneBuilder): Answer {
  const { job } = builder;
  const { name, args } = bound.call;
  const separator = name === 'listagg' ? separatorOf(args[1]) : ',';
  const text = textConstant(separator, job);
  job.use('text/text', 'textLength');
  job.use('state/rope', 'ropeBytesOf');
  const separatorBytes = new TextEncoder().encode(separator).length;
  const slot = builder.slot(bound, {
    type: 'List', module: 'aggregate/list', bytes: 24, variant: JSON.stringify(separator),
    add: (values) => `add(${firstOf(values)}, ${text})`, merge: (other) => `merge(${other}, ${text})`,
    heap: { pages: 2, length: (values) => `<u32>ropeBytesOf(textLength(${firstOf(values)}) + ${separatorBytes})` },
  });
  const record = recordOf(slot);
  const place = job.place(`a list of ${name === 'listagg' ? 'LISTAGG' : 'values'}`);
  if (name === 'listagg') return { value: `${record}.result(${place})`, isNull: [`${record}.isNull()`] };
  return { value: `${record}.bracketed(${name === 'jsonObjectagg' ? BRACES : BRACKETS}, ${place})`, isNull: name === 'arrayAgg' ? [`${record}.isNull()`] : [] };
}

function separatorOf(argument: BoundCall['call']['args'][number] | undefined): string {
  return argument?.kind === 'literal' && typeof argument.value === 'string' ? argument.value : ',';
}
