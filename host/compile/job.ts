/**
 * The module under construction: texts, imports, names, addresses. The parts of the generator add to it; source.ts puts
 * its pieces in order.
 */
import { SCRATCH } from '../../assembly/abi.ts';
import { expressionImports, scratchReserve } from './expression.ts';
import { operatorRegisters, type Registers } from './registers.ts';
import type { GeneratedSource } from './serialize.ts';

/** Where rows begin in SCRATCH; as assembly/scratch.ts has it. */
const SCRATCH_ROWS = SCRATCH + 256 + 16384;

export interface Job {
  /** Notes that the text calls library functions of `module` (below millrace/assembly/). */
  readonly use: (module: string, ...names: readonly string[]) => void;
  /** Names of library functions that expressions call. */
  readonly used: Set<string>;
  /** Adds a class, a constant or a function. */
  readonly add: (section: Section, text: string) => void;
  /** Adds a function: its docstring, `name(parameters): type`, its statements. */
  readonly addFunction: (comment: string, signature: string, lines: readonly string[]) => void;
  /** Adds a generated function with its imports. */
  readonly addSource: (source: GeneratedSource) => void;
  /** An identifier that nothing else of the module has, made of words. */
  readonly name: (...words: readonly string[]) => string;
  /** Address in SCRATCH. */
  readonly reserve: (sizeBytes: number) => number;
  readonly registers: Registers;
  /** Number of a place in the job that can fail, with the words that the dead letters use for it. */
  readonly place: (words: string) => number;
  readonly places: readonly string[];
  /** Describes a part of the saved state; all parts together make the layout's hash. */
  readonly describeState: (part: unknown) => void;
  readonly stateParts: readonly unknown[];
  /** The whole text. */
  readonly text: () => string;
}

/** Parts of the text, in this order. */
export type Section = 'classes' | 'constants' | 'functions' | 'exports';
const SECTIONS: readonly Section[] = ['classes', 'constants', 'functions', 'exports'];

/** Names that AssemblyScript or the library has at hand in every module. */
const TAKEN = ['step', 'drain', 'init', 'run', 'memory', 'load', 'store', 'min', 'max', 'select', 'row', 'pane', 'at', 'entry'];

export function createJob(): Job {
  const imports = new Map<string, Set<string>>();
  const sections = new Map<Section, string[]>(SECTIONS.map((section) => [section, []]));
  const names = new Set(TAKEN);
  const used = new Set<string>();
  const places: string[] = [];
  const stateParts: unknown[] = [];
  const use: Job['use'] = (module, ...wanted) => {
    const known = imports.get(module) ?? new Set<string>();
    for (const name of wanted) known.add(name);
    imports.set(module, known);
  };
  const add: Job['add'] = (section, text) => { sections.get(section)?.push(text); };
  return {
    use, used, add, places, stateParts,
    addFunction: (comment, signature, lines) => { add('functions', `/** ${comment} */\nfunction ${signature} {\n${block(lines)}}`); },
    addSource: ({ text, imports: needed }) => {
      add('functions', text.trimEnd());
      for (const { names: wanted, from } of needed) use(from.replace('millrace/assembly/', ''), ...wanted);
    },
    name: (...words) => uniqueName(names, words),
    reserve: scratchReserve(SCRATCH_ROWS),
    registers: operatorRegisters(),
    place: (words) => places.push(words) - 1,
    describeState: (part) => { stateParts.push(part); },
    text: () => {
      for (const { names: wanted, from } of expressionImports(used)) use(from.replace('millrace/assembly/', ''), ...wanted);
      return [importText(imports), ...SECTIONS.flatMap((section) => joined(section, sections.get(section) ?? []))].join('\n\n');
    },
  };
}

/** Constants stand close together, everything else with a blank line between. */
function joined(section: Section, texts: readonly string[]): string[] {
  return section === 'constants' && texts.length > 0 ? [texts.join('\n')] : [...texts];
}

function importText(imports: ReadonlyMap<string, ReadonlySet<string>>): string {
  return [...imports].sort(([a], [b]) => (a < b ? -1 : 1)).map(([module, names]) => {
    const line = `import { ${[...names].sort().join(', ')} } from "millrace/assembly/${module}";`;
    return line.length <= 140 ? line : line.replace(/^import \{ (.*) \} from/, (_, list: string) => `import {\n${wrapped(list)}\n} from`);
  }).join('\n');
}

function wrapped(list: string): string {
  const lines: string[] = [];
  for (const name of list.split(', ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + name.length < 118) lines[lines.length - 1] = `${last} ${name},`;
    else lines.push(`  ${name},`);
  }
  return lines.join('\n');
}

/** Words to camelCase, the first letter as the first word has it. */
function uniqueName(taken: Set<string>, words: readonly string[]): string {
  const parts = words.join(' ').split(/[^A-Za-z0-9]+/).filter((part) => part !== '');
  const camel = parts.map((part, index) => (index === 0 ? part : capital(part))).join('');
  const plain = camel.replace(/^(?=[0-9])/, '_') || '_';
  let unique = plain;
  for (let suffix = 2; taken.has(unique); suffix += 1) unique = `${plain}${suffix}`;
  taken.add(unique);
  return unique;
}

/** The first letter upper case, for classes and for names behind a verb. */
export function capital(name: string): string { return name.charAt(0).toUpperCase() + name.slice(1); }

/** Lines of a body, indented, as one text. */
export function block(lines: readonly string[], depth: number = 1): string {
  return lines.map((line) => `${'  '.repeat(depth)}${line}\n`).join('');
}
