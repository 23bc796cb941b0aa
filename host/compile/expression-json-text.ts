/** A value as JSON text, as the json format writes it, for lists whose elements are JSON. */
import type { Expression } from '../plan/nodes.ts';
import type { SqlType } from '../plan/types.ts';
import type { LIBRARY } from './expression-library.ts';
import { library, not, type Compiled, type Context } from './expression-scope.ts';

type Call = Extract<Expression, { kind: 'call' }>;

export function compileJsonText(call: Call, { scope, compile }: Context): Compiled {
  const [operand, form] = call.args;
  if (operand === undefined) throw new Error('a JSON text of nothing');
  const { setup, value, isNull } = compile(operand);
  const isIso = form?.kind === 'literal' && form.value === true;
  const [writer, ...more] = writerOf(operand.type, isIso);
  const text = `${library(scope, writer)}(${[value, ...more, scope.idOf(call)].join(', ')})`;
  const name = scope.fresh('json');
  return { setup: [...setup, `const ${name}: u64 = ${isNull === 'false' ? text : `${not(isNull)} ? ${text} : 0`};`], value: name, isNull };
}

function writerOf(type: SqlType, isIso: boolean): readonly [keyof typeof LIBRARY, ...(readonly number[])] {
  switch (type.name) {
    case 'BOOLEAN': return ['jsonOfBool'];
    case 'TINYINT': case 'SMALLINT': case 'INT': case 'BIGINT': case 'INTERVAL': return ['jsonOfLong'];
    case 'FLOAT': return ['jsonOfFloat'];
    case 'DOUBLE': return ['jsonOfDouble'];
    case 'DECIMAL': return [type.precision <= 18 ? 'jsonOfNarrow' : 'jsonOfWide', type.scale];
    case 'STRING': case 'CHAR': case 'VARCHAR': return ['jsonOfText'];
    case 'BYTES': return ['jsonOfBytes'];
    case 'DATE': return ['jsonOfDate'];
    case 'TIME': return ['jsonOfTime'];
    case 'TIMESTAMP': return [isIso ? 'jsonOfTimestampIso' : 'jsonOfTimestamp'];
    case 'TIMESTAMP_LTZ': return [isIso ? 'jsonOfInstantIso' : 'jsonOfInstant'];
    case 'NULL': case 'ROW': throw new Error(`a JSON text of ${type.name}`);
    default: {
      const unreachable: never = type;
      return unreachable;
    }
  }
}
