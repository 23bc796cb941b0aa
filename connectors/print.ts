/**
 * Results for people and pipes: JSON lines on stdout, or on a terminal a live table of the newest rows of every printing
 * query. Logs never go here; they go to stderr.
 */
import { writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import type { Connector, ConnectorContext, RowKind, Sink } from '../host/ports.ts';

const STDOUT = 1;
const REPAINT_MS = 100; // ten pictures a second are as many as an eye follows
const ROWS_SHOWN = 20;
/** Lines of a table beside its rows: title, names of the columns, and an empty one. */
const PANEL_FRAME_LINES = 3;
/** Changes of one delivery that the table looks at, the last ones. */
const CHANGES_READ = 200;
const CELL_MAX = 28;
const WIDTH_DEFAULT = 120;
const HEIGHT_DEFAULT = 24;
const decoder = new TextDecoder();

export const print: Connector = {
  description: {
    name: 'print',
    description: 'JSON lines on stdout; a live table on a terminal',
    options: [
      { name: 'print-identifier', type: 'string', description: 'Text before each line' },
      { name: 'live', type: 'choice', choices: ['auto', 'true', 'false'], defaultText: 'auto', description: 'Live table: auto is on for a terminal' },
      { name: 'rows', type: 'integer', defaultText: String(ROWS_SHOWN), description: 'Rows the live table shows, where the terminal is high enough' },
    ],
    sink: { guarantee: () => ({ level: 'at-least-once', note: 'after a crash the last lines may come again' }), changelog: 'all' },
  },
  createSink: (context) => (isLive(context) ? liveTable(context) : jsonLines(context)),
};

function isLive({ options }: ConnectorContext): boolean {
  const live = options['live'] ?? 'auto';
  return live === 'auto' ? isatty(STDOUT) : live === 'true';
}

function jsonLines(context: ConnectorContext): Sink {
  const identifier = context.options['print-identifier'];
  const prefix = identifier === undefined ? '' : `${identifier}> `;
  return {
    open: () => Promise.resolve(undefined),
    async deliver(results) {
      await writeAll(results.map((result) => `${prefix}${decoder.decode(result.value)}\n`).join(''));
    },
    close: () => Promise.resolve(),
  };
}

/** Blocks while the reader of a pipe is slow: that is the back-pressure of a pipe. */
async function writeAll(text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(STDOUT, bytes, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') return; // the reader has seen enough, as `head` does
      if (code !== 'EAGAIN') throw error;
      await new Promise((resolve) => { setTimeout(resolve, 5); });
    }
  }
}

// ------------------------------------------------------------------------------------------------------------ live table

interface Panel {
  readonly title: string; readonly columns: readonly string[]; readonly rows: string[][]; readonly shown: number;
  seen: number; isOpen: boolean;
}

/**
 * One screen for all tables of the process, because they share the terminal. Between two pictures the cursor waits at the
 * top of the tables: a line for people that comes meanwhile takes their place, and they are drawn anew below it.
 */
const screen = { panels: [] as Panel[], timer: undefined as NodeJS.Timeout | undefined };

function liveTable(context: ConnectorContext): Sink {
  const shown = Number(context.options['rows'] ?? ROWS_SHOWN);
  const panel: Panel = { title: context.table, columns: context.columns.map(({ name }) => name), rows: [], seen: 0, shown, isOpen: true };
  return {
    open() {
      screen.panels.push(panel);
      repaintTables();
      return Promise.resolve(undefined);
    },
    deliver(results) {
      for (const { kind, value } of results.slice(-CHANGES_READ)) {
        const row = JSON.parse(decoder.decode(value)) as Record<string, unknown>;
        change(panel, kind, panel.columns.map((name) => cell(row[name])));
      }
      panel.seen += results.length;
      screen.timer ??= setTimeout(repaintTables, REPAINT_MS);
      return Promise.resolve();
    },
    close() {
      panel.isOpen = false;
      repaintTables();
      if (screen.panels.some(({ isOpen }) => isOpen)) return Promise.resolve();
      // The last picture stays; what comes next stands below it.
      const { length } = screenLines();
      if (length > 0) writeSync(STDOUT, `\u001b[${length}B\r`);
      screen.panels = [];
      return Promise.resolve();
    },
  };
}

/** A row comes, or the one that it takes back goes, so that a table of an updating query shows what is valid. */
function change({ rows, shown }: Panel, kind: RowKind, cells: string[]): void {
  if (kind === '+I' || kind === '+U') {
    rows.push(cells);
    if (rows.length > shown) rows.shift();
    return;
  }
  const text = cells.join('\n');
  const at = rows.findLastIndex((row) => row.join('\n') === text);
  if (at !== -1) rows.splice(at, 1);
}

function cell(value: unknown): string {
  const text = value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  // Control characters in a device's name must not steer the terminal.
  const plain = text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?');
  return plain.length > CELL_MAX ? `${plain.slice(0, CELL_MAX - 1)}…` : plain;
}

/** Draws all tables anew: their rows, the terminal's size (COLUMNS, LINES) or the place of the cursor have changed. */
export function repaintTables(): void {
  clearTimeout(screen.timer);
  screen.timer = undefined;
  const lines = screenLines();
  if (lines.length > 0) writeSync(STDOUT, `\r\u001b[J${lines.join('\n')}\n\r\u001b[${lines.length}A`);
}

/** A picture higher than the terminal could not be drawn over: all tables together get its height less the cursor's line. */
function screenLines(): string[] {
  const height = Number(process.env['LINES'] ?? HEIGHT_DEFAULT) - 1;
  const rowsMax = Math.max(1, Math.floor(height / Math.max(1, screen.panels.length)) - PANEL_FRAME_LINES);
  return screen.panels.flatMap((panel) => panelLines(panel, panel.rows.slice(-rowsMax))).slice(0, Math.max(1, height));
}

function panelLines({ title, columns, seen }: Panel, rows: readonly string[][]): string[] {
  const widths = columns.map((name, at) => Math.max(name.length, ...rows.map((row) => (row[at] ?? '').length)));
  const isNumeric = columns.map((_, at) => rows.length > 0 && rows.every((row) => /^-?[\d.]*(?:e[+-]?\d+)?$/i.test(row[at] ?? '')));
  // A line that wraps would put the next picture in the wrong place.
  const width = Number(process.env['COLUMNS'] ?? WIDTH_DEFAULT);
  const line = (cells: readonly string[]): string => cells
    .map((text, at) => (isNumeric[at] ? text.padStart(widths[at] ?? 0) : text.padEnd(widths[at] ?? 0))).join('  ').slice(0, width).trimEnd();
  const count = seen === 0 ? 'waiting for the first row' : `${seen.toLocaleString('en-US')} ${seen === 1 ? 'row' : 'rows'}`;
  const head = `${title}  ${count}`.slice(0, width);
  return [`\u001b[1m${head.slice(0, title.length)}\u001b[0m${head.slice(title.length)}`, `\u001b[2m${line(columns)}\u001b[0m`, ...rows.map(line), ''];
}
