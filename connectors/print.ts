/**
 * Results for people and pipes: JSON lines on stdout, or on a terminal a live table of the newest rows of every printing
 * query. Logs never go here; they go to stderr.
 */
import { writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import type { Connector, ConnectorContext, Result, Sink } from '../host/ports.ts';

const STDOUT = 1;
const REPAINT_MS = 100; // ten pictures a second are as many as an eye follows
const ROWS_SHOWN = 12;
const CELL_MAX = 28;
const WIDTH_DEFAULT = 120;
const decoder = new TextDecoder();

export const print: Connector = {
  description: {
    name: 'print',
    description: 'JSON lines on stdout; a live table on a terminal',
    options: [
      { name: 'print-identifier', type: 'string', description: 'Text before each line' },
      { name: 'live', type: 'choice', choices: ['auto', 'true', 'false'], defaultText: 'auto', description: 'Live table: auto is on for a terminal' },
      { name: 'rows', type: 'integer', defaultText: String(ROWS_SHOWN), description: 'Rows the live table shows' },
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
      await writeAll(results.map((result) => `${prefix}${lineOf(result)}\n`).join(''));
    },
    close: () => Promise.resolve(),
  };
}

/** The row as the module wrote it; rows of updating queries say what they do to it. */
function lineOf({ kind, value }: Result): string {
  const line = decoder.decode(value);
  if (kind === '+I') return line;
  return line === '{}' ? `{"$op":"${kind}"}` : `{"$op":"${kind}",${line.slice(1)}`;
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

interface Panel { readonly title: string; readonly columns: readonly string[]; readonly rows: string[][]; seen: number; readonly shown: number }

/** One screen for all tables of the process, because they share the terminal. */
const screen = { panels: [] as Panel[], height: 0, timer: undefined as NodeJS.Timeout | undefined };

function liveTable(context: ConnectorContext): Sink {
  const shown = Number(context.options['rows'] ?? ROWS_SHOWN);
  const panel: Panel = { title: context.table, columns: context.columns.map(({ name }) => name), rows: [], seen: 0, shown };
  screen.panels.push(panel);
  return {
    open: () => Promise.resolve(undefined),
    deliver(results) {
      for (const result of results.slice(-shown)) {
        const row = JSON.parse(decoder.decode(result.value)) as Record<string, unknown>;
        panel.rows.push(panel.columns.map((name) => cell(row[name])));
      }
      panel.rows.splice(0, Math.max(0, panel.rows.length - shown));
      panel.seen += results.length;
      screen.timer ??= setTimeout(repaint, REPAINT_MS);
      return Promise.resolve();
    },
    close() {
      clearTimeout(screen.timer);
      repaint();
      return Promise.resolve();
    },
  };
}

function cell(value: unknown): string {
  const text = value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  // Control characters in a device's name must not steer the terminal.
  const plain = text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?');
  return plain.length > CELL_MAX ? `${plain.slice(0, CELL_MAX - 1)}…` : plain;
}

function repaint(): void {
  screen.timer = undefined;
  const lines = screen.panels.flatMap(panelLines);
  const up = screen.height > 0 ? `\u001b[${screen.height}A` : '';
  writeSync(STDOUT, `${up}\r\u001b[J${lines.join('\n')}\n`);
  screen.height = lines.length;
}

function panelLines({ title, columns, rows, seen }: Panel): string[] {
  const widths = columns.map((name, at) => Math.max(name.length, ...rows.map((row) => (row[at] ?? '').length)));
  const isNumeric = columns.map((_, at) => rows.length > 0 && rows.every((row) => /^-?[\d.]*(?:e[+-]?\d+)?$/i.test(row[at] ?? '')));
  // A line that wraps would put the next picture in the wrong place.
  const width = Number(process.env['COLUMNS'] ?? WIDTH_DEFAULT);
  const line = (cells: readonly string[]): string => cells
    .map((text, at) => (isNumeric[at] ? text.padStart(widths[at] ?? 0) : text.padEnd(widths[at] ?? 0))).join('  ').slice(0, width);
  return [`\u001b[1m${title}\u001b[0m  ${seen} rows`, `\u001b[2m${line(columns)}\u001b[0m`, ...rows.map(line), ''];
}
