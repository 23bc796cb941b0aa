/** JSON_VALUE, JSON_EXISTS and IS JSON, as parse-json.ts has read them. */
import type { Expression } from '../plan/nodes.ts';
import { parseJsonPath } from '../plan/json-path.ts';
import { bindArgs, bindArgument, type Rewrite } from './bind-call.ts';
import { call, castTo, type Environment } from './bind-expression.ts';
import type { Bound } from './job.ts';
import { textLiteral } from './literals.ts';
import type { Call } from './syntax.ts';

const isJson = (kind: string): Rewrite => (syntax, environment) => {
  const [text] = bindArgs(syntax, { least: 1, most: 1 }, environment) ?? [];
  if (text === undefined || bindArgument(text, 'text', 'IS JSON', environment) === undefined) return undefined;
  return call('isJson', [text, textLiteral(kind, syntax.span)], { name: 'BOOLEAN', isNullable: false }, syntax.span);
};

export const JSON_REWRITES: Readonly<Record<string, Rewrite>> = {
  'IS JSON VALUE': isJson('VALUE'), 'IS JSON OBJECT': isJson('OBJECT'), 'IS JSON ARRAY': isJson('ARRAY'), 'IS JSON SCALAR': isJson('SCALAR'),
  JSON_EXISTS(syntax, environment) {
    const args = bindDocument(syntax, environment, 3);
    return args && call('jsonExists', args, { name: 'BOOLEAN', isNullable: true }, syntax.span);
  },
  JSON_VALUE(syntax, environment): Bound {
    const args = bindDocument(syntax, environment, 6);
    if (args === undefined) return undefined;
    const typed = args.map((arg, index) => {
      if (index !== 3 && index !== 5) return arg;
      if (arg.type.name === 'NULL') return castTo(arg, { name: 'STRING', isNullable: true });
      const text = bindArgument(arg, 'text', 'DEFAULT of JSON_VALUE', environment);
      return text && castTo(text, { name: 'STRING', isNullable: true });
    });
    return typed.includes(undefined) ? undefined : call('jsonValue', typed as Expression[], { name: 'STRING', isNullable: true }, syntax.span);
  },
};

/** The arguments, the first of them text and the second a path that can be walked. */
function bindDocument(syntax: Call, environment: Environment, count: number): readonly Expression[] | undefined {
  const args = bindArgs(syntax, { least: count, most: count }, environment);
  const [text, path] = args ?? [];
  const name = syntax.name.text.toUpperCase();
  if (text === undefined || path === undefined || bindArgument(text, 'text', name, environment) === undefined) return undefined;
  if (path.kind !== 'literal' || typeof path.value !== 'string') {
    environment.report('unsupported', path.span, 'a path that is not a constant is not supported', "write it in quotes: '$.name'");
    return undefined;
  }
  const parsed = parseJsonPath(path.value);
  if (typeof parsed !== 'string') return args;
  environment.report('unsupported', path.span, `in this path ${parsed}`, "write it as in '$.list[0].name'");
  return undefined;
}
