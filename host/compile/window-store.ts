/**
 * Where an operator with windows keeps a pane a window and key, in generated text: how a row comes to its panes, which pane
 * fires next, and what is done when it has. One entry a kind of window; the library's classes are in assembly/window.
 */
import type { WindowSpec } from '../plan/nodes.ts';
import type { Branch } from './nodes.ts';
import type { View } from './rows.ts';

/** Registers of one class of assembly/window. */
const REGISTER_BYTES = 64;
/** As assembly/window/windows.ts has it: a window, its directory, panes. */
const WINDOW_PAGES = 3;
/** As assembly/window/session.ts has it. */
const SESSION_PAGES = 4;

export interface StoreOptions {
  /** Constant of the keys' dictionary, '' without keys. */
  readonly keys: string;
  /** Class of the panes. */
  readonly pane: string;
  /** Whether windows that overlap may share panes as slices. */
  readonly isShared: boolean;
}

export interface Entering {
  readonly view: View;
  readonly watermark: string;
  /** Expression for the address of the key's entry, undefined without keys. */
  readonly entry: string | undefined;
  /** Statements that add the row to the pane of this expression, of the panes' class. */
  readonly add: (pane: string) => readonly string[];
}

export interface WindowStore {
  /** Statements of the function that takes a row; a late one is counted. */
  readonly enter: (entering: Entering) => readonly string[];
  /** Pages that a row may take beside its key, and in how many windows it may be added to a pane. */
  readonly pages: number;
  readonly windowsPerRow: number;
  readonly isDue: (watermark: string) => string;
  /** Statements before the first pane of each call. */
  readonly begin?: readonly string[];
  /** Expression for the address `at` of what fires next, 0 when no pane of the firing window is left. */
  readonly next: (watermark: string) => string;
  /** Expressions over `at`: the pane's address, the window's bounds, the key's entry. */
  readonly pane: string;
  readonly start: string;
  readonly end: string;
  readonly entry: string;
  /** Statements when the pane is done. */
  readonly leave: readonly string[];
  /** Statements when all panes of a window are done. */
  readonly close: readonly string[];
  /** Words for the state's layout. */
  readonly shape: Readonly<Record<string, string | number>>;
}

/** Adds the registers of windows as `spec` says. */
export function windowStore(branch: Branch, spec: WindowSpec, options: StoreOptions): WindowStore {
  switch (spec.kind) {
    case 'tumble': return tumbles(branch, spec, options);
    case 'attached': return attached(branch, spec, options);
    case 'hop': return options.isShared ? hopSlices(branch, spec, options) : hops(branch, spec, options);
    case 'cumulate': return options.isShared ? cumulationSlices(branch, spec, options) : cumulations(branch, spec, options);
    case 'session': return sessions(branch, spec, options);
    default: { const unreachable: never = spec; return unreachable; }
  }
}

type Spec<K> = Extract<WindowSpec, { kind: K }>;

/** Adds a constant for one class of the library. @returns its name */
function registersOf({ circuit: { job, init }, name }: Branch, what: string, module: string, className: string, argument: number | '' = ''): string {
  const constant = job.name(name, what);
  job.use(module, className);
  job.add('constants', `const ${constant} = changetype<${className}>(0x${job.registers.take(REGISTER_BYTES).toString(16)});`);
  init.push(`${constant}.init(${argument});`);
  return constant;
}

/** The row's pane in the window, or slice, at hand. */
function paneAtHand(windows: string, { keys, pane }: StoreOptions, entry: string | undefined): string {
  return entry === undefined ? `${windows}.solePane<${pane}>()` : `${windows}.keyedPane<${pane}>(${keys}, ${entry})`;
}

// ------------------------------------------------------------------------------------------- windows with panes of their own

function tumbles(branch: Branch, { timeColumn, sizeMs, offsetMs }: Spec<'tumble'>, options: StoreOptions): WindowStore {
  const windows = registersOf(branch, 'Windows', 'window/windows', 'Windows', 1);
  return {
    ...ownPanes(windows, options, 1),
    shape: { window: 'tumble', size: sizeMs, offset: offsetMs },
    enter: ({ view, watermark, entry, add }) => [
      `if (!${windows}.enterAt(${view.column(timeColumn).value}, ${sizeMs}, ${offsetMs}, ${watermark})) return;`,
      ...add(paneAtHand(windows, options, entry)),
    ],
  };
}

function attached(branch: Branch, { startColumn, endColumn }: Spec<'attached'>, options: StoreOptions): WindowStore {
  const windows = registersOf(branch, 'Windows', 'window/windows', 'Windows', 1);
  return {
    ...ownPanes(windows, options, 1),
    shape: { window: 'attached' },
    enter: ({ view, watermark, entry, add }) => [
      `if (!${windows}.enterWindow(${view.column(startColumn).value}, ${view.column(endColumn).value}, ${watermark})) return;`,
      ...add(paneAtHand(windows, options, entry)),
    ],
  };
}

/** A row goes into a pane of each of its windows. */
function hops(branch: Branch, { timeColumn, sizeMs, slideMs, offsetMs }: Spec<'hop'>, options: StoreOptions): WindowStore {
  const { circuit: { job } } = branch;
  const count = Math.ceil(sizeMs / slideMs);
  const windows = registersOf(branch, 'Windows', 'window/windows', 'Windows', count);
  job.use('window/bounds', 'firstHop', 'windowStart');
  job.use('time/late', 'countLate');
  return {
    ...ownPanes(windows, options, count),
    shape: { window: 'hop', size: sizeMs, slide: slideMs, offset: offsetMs },
    enter: ({ view, watermark, entry, add }) => [
      `const time = ${view.column(timeColumn).value};`,
      `let start = firstHop(time, ${sizeMs}, ${slideMs}, ${offsetMs}, ${watermark});`,
      'if (start > time) {', `  if (windowStart(time, ${slideMs}, ${offsetMs}) + ${sizeMs} > time) countLate();`, '  return;', '}',
      ...entry === undefined ? [] : [`const entry = ${entry};`],
      `for (; start <= time; start += ${slideMs}) {`,
      `  ${windows}.enter(start, start + ${sizeMs});`,
      ...add(paneAtHand(windows, options, entry === undefined ? undefined : 'entry')).map((line) => `  ${line}`),
      '}',
    ],
  };
}

/** A row goes into a pane of each of its windows. */
function cumulations(branch: Branch, { timeColumn, sizeMs, stepMs, offsetMs }: Spec<'cumulate'>, options: StoreOptions): WindowStore {
  const { circuit: { job } } = branch;
  const count = sizeMs / stepMs;
  const windows = registersOf(branch, 'Windows', 'window/windows', 'Windows', count);
  job.use('window/bounds', 'firstCumulation', 'windowStart');
  job.use('time/late', 'countLate');
  return {
    ...ownPanes(windows, options, count),
    shape: { window: 'cumulate', size: sizeMs, step: stepMs, offset: offsetMs },
    enter: ({ view, watermark, entry, add }) => [
      `const time = ${view.column(timeColumn).value};`,
      `const start = windowStart(time, ${sizeMs}, ${offsetMs});`,
      `let end = firstCumulation(time, ${stepMs}, ${offsetMs}, ${watermark});`,
      `if (end > start + ${sizeMs}) return countLate();`,
      ...entry === undefined ? [] : [`const entry = ${entry};`],
      `for (; end <= start + ${sizeMs}; end += ${stepMs}) {`,
      `  ${windows}.enter(start, end);`,
      ...add(paneAtHand(windows, options, entry === undefined ? undefined : 'entry')).map((line) => `  ${line}`),
      '}',
    ],
  };
}

/** @param count windows that one row may enter */
function ownPanes(windows: string, { keys, pane }: StoreOptions, count: number): Omit<WindowStore, 'enter' | 'shape'> {
  return {
    pages: WINDOW_PAGES * count, windowsPerRow: count,
    isDue: (watermark) => `${windows}.isDue(${watermark})`,
    next: () => `${windows}.nextPane<${pane}>()`,
    pane: 'at', start: `${windows}.firing().start`, end: `${windows}.firing().end`, entry: `${keys}.entryAt(${windows}.firingId)`,
    leave: [...keys === '' ? [] : [`${keys}.release(${keys}.entryAt(${windows}.firingId));`], `${windows}.leavePane();`],
    close: [`${windows}.close();`],
  };
}

// ------------------------------------------------------------------------------------------------ windows made of slices

function hopSlices(branch: Branch, spec: Spec<'hop'>, options: StoreOptions): WindowStore {
  const { timeColumn, sizeMs, slideMs, offsetMs } = spec;
  const { keys, pane } = options;
  const slices = registersOf(branch, 'Slices', 'window/windows', 'Windows', 1);
  const hop = registersOf(branch, 'Windows', 'window/hop', 'Hop');
  const step = commonDivisor(sizeMs, slideMs);
  const periods = `${sizeMs}, ${slideMs}, ${step}, ${offsetMs}`;
  return {
    pages: WINDOW_PAGES, windowsPerRow: 1,
    shape: { window: 'hop slices', size: sizeMs, slide: slideMs, offset: offsetMs },
    enter: ({ view, watermark, entry, add }) => [
      `if (!${hop}.enterAt(${slices}, ${view.column(timeColumn).value}, ${periods}, ${watermark})) return;`,
      ...add(paneAtHand(slices, options, entry)),
    ],
    isDue: (watermark) => `${hop}.isDue(${watermark})`,
    begin: [`${hop}.begin();`],
    next: () => `${hop}.nextPane<${pane}>(${slices})`,
    pane: 'at', start: `${hop}.firingEnd() - ${sizeMs}`, end: `${hop}.firingEnd()`, entry: `${keys}.entryAt(${hop}.firingId)`,
    leave: [`${hop}.leavePane();`],
    close: [`${hop}.close<${pane}>(${slices}, ${addressOf(keys)}, ${periods});`],
  };
}

function cumulationSlices(branch: Branch, spec: Spec<'cumulate'>, options: StoreOptions): WindowStore {
  const { circuit: { job } } = branch;
  const { timeColumn, sizeMs, stepMs, offsetMs } = spec;
  const { keys, pane } = options;
  const slices = registersOf(branch, 'Slices', 'window/windows', 'Windows', 1);
  const cumulate = registersOf(branch, 'Windows', 'window/cumulate', 'Cumulate');
  const periods = `${sizeMs}, ${stepMs}, ${offsetMs}`;
  job.use('full', 'isFull');
  return {
    pages: WINDOW_PAGES, windowsPerRow: 1,
    shape: { window: 'cumulate slices', size: sizeMs, step: stepMs, offset: offsetMs },
    enter: ({ view, watermark, entry, add }) => [
      `if (!${cumulate}.enterAt(${slices}, ${view.column(timeColumn).value}, ${periods}, ${watermark})) return;`,
      ...add(paneAtHand(slices, options, entry)),
    ],
    isDue: (watermark) => `${cumulate}.isDue(${watermark})`,
    next: () => `${cumulate}.nextPane<${pane}>(${slices}, ${addressOf(keys)}, ${periods})`,
    pane: 'at', start: `${cumulate}.firingStart(${sizeMs}, ${offsetMs})`, end: `${cumulate}.firingEnd()`, entry: `${keys}.entryAt(${cumulate}.firingId)`,
    leave: [`${cumulate}.leavePane();`],
    close: ['if (isFull()) return false;', `${cumulate}.close<${pane}>(${slices}, ${addressOf(keys)}, ${periods});`],
  };
}

// ---------------------------------------------------------------------------------------------------------------- sessions

function sessions(branch: Branch, { timeColumn, gapMs }: Spec<'session'>, options: StoreOptions): WindowStore {
  const { circuit: { job } } = branch;
  const { keys, pane } = options;
  const table = registersOf(branch, 'Table', 'state/table', 'Table');
  const open = registersOf(branch, 'Sessions', 'window/session', 'Sessions');
  job.use('window/session', 'Session');
  return {
    pages: SESSION_PAGES, windowsPerRow: 1,
    shape: { window: 'session', gap: gapMs },
    enter: ({ view, watermark, entry, add }) => [
      `const at = ${open}.enter<${pane}>(${table}, ${addressOf(keys)}, ${entry ?? '0'}, ${view.column(timeColumn).value}, ${gapMs}, ${watermark});`,
      'if (at == 0) return;',
      ...add(`changetype<${pane}>(at)`),
    ],
    isDue: (watermark) => `${open}.isDue(${watermark})`,
    next: (watermark) => `${open}.nextSession<${pane}>(${watermark})`,
    pane: 'changetype<Session>(at).pane()', start: 'changetype<Session>(at).start', end: 'changetype<Session>(at).end',
    entry: '<usize>changetype<Session>(at).entry',
    leave: [`${open}.leave<${pane}>(${table}, ${addressOf(keys)});`],
    close: [],
  };
}

/** The dictionary as an address, 0 without keys. */
function addressOf(keys: string): string { return keys === '' ? '0' : `changetype<usize>(${keys})`; }

function commonDivisor(a: number, b: number): number { return b === 0 ? a : commonDivisor(b, a % b); }
