/** WITH (…): the connector and its options against the catalog, with "did you mean". */
import type { Catalog, CatalogConnector, CatalogOption } from '../plan/catalog.ts';
import type { Problem } from '../plan/problem.ts';
import { suggestion } from '../plan/similar.ts';
import type { CreateTable, OptionSyntax } from './syntax.ts';

/** Options of every table, whatever its connector. */
const COMMON: readonly CatalogOption[] = [
  { name: 'connector', type: 'string', description: '' },
  { name: 'format', type: 'choice', choices: ['json'], description: '' },
  { name: 'json.ignore-parse-errors', type: 'boolean', description: '' },
  { name: 'json.timestamp-format.standard', type: 'choice', choices: ['SQL', 'ISO-8601'], description: '' },
  { name: 'payload.max-bytes', type: 'integer', description: '' },
  { name: 'dead-letter.table', type: 'string', description: '' },
  { name: 'key.fields', type: 'string', description: '' },
  { name: 'key.format', type: 'choice', choices: ['json'], description: '' },
];

export interface CheckedOptions { readonly connector: CatalogConnector | undefined; readonly options: Readonly<Record<string, string>> }

export function checkOptions({ name, options }: CreateTable, catalog: Catalog, problems: Problem[]): CheckedOptions {
  const values = Object.fromEntries(options.map(({ key, value }) => [key.text, value.text]));
  const report = (code: string, span: OptionSyntax['key']['span'], message: string, remedy?: string): void => {
    problems.push({ severity: 'error', code, message, ...(remedy === undefined ? {} : { remedy }), span });
  };
  const chosen = options.find(({ key }) => key.text === 'connector');
  const names = catalog.connectors.map((connector) => connector.name);
  if (!chosen) {
    report('connector', name.span, `table ${name.text} has no connector`, `add WITH ('connector' = '…'): ${names.join(', ')}`);
    return { connector: undefined, options: values };
  }
  const connector = catalog.connectors.find((candidate) => candidate.name === chosen.value.text);
  if (!connector) {
    report('connector', chosen.value.span, `there is no connector '${chosen.value.text}'`, suggestion(chosen.value.text, names) ?? `there are: ${names.join(', ')}`);
    return { connector: undefined, options: values };
  }
  const known = [...COMMON, ...connector.options];
  for (const { key, value } of options) {
    const option = known.find((candidate) => matches(candidate.name, key.text));
    if (!option) report('unknown-option', key.span, `connector '${connector.name}' has no option '${key.text}'`, suggestion(key.text, known.map((candidate) => candidate.name)));
    else if (!isOfType(option, value.text)) report('option', value.span, `'${key.text}' takes ${expected(option)}`);
  }
  for (const option of connector.options) {
    if (option.required && !(option.name in values)) report('missing-option', name.span, `connector '${connector.name}' needs the option '${option.name}'`, option.description);
  }
  return { connector, options: values };
}

function matches(pattern: string, key: string): boolean {
  if (!pattern.includes('#')) return pattern === key;
  const [head = '', tail = ''] = pattern.split('#');
  return key.startsWith(head) && key.endsWith(tail) && key.length > head.length + tail.length;
}

function isOfType(option: CatalogOption, value: string): boolean {
  if (value.includes('${')) return true; // known only where the job runs
  switch (option.type) {
    case 'integer': return /^-?\d+$/.test(value);
    case 'boolean': return value === 'true' || value === 'false';
    case 'choice': return option.choices?.includes(value) ?? true;
    case 'duration': return /^\d+\s*[a-z]+$/i.test(value);
    case 'bytes': return /^\d+\s*[a-z]*$/i.test(value);
    case 'string': return true;
    default: {
      const unreachable: never = option.type;
      return unreachable;
    }
  }
}

function expected({ type, choices }: CatalogOption): string {
  return type === 'choice' ? `one of ${choices?.join(', ')}` : type === 'integer' ? 'a whole number' : `a ${type}`;
}
