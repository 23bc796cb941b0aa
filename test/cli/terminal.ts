/** Millrace on a terminal: a pseudo terminal of util-linux's `script`, and what a person sees on its screen. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';

export interface Size { readonly columns: number; readonly lines: number }

export interface Terminal {
  /** Types, as in `\u0003` for Ctrl-C. */
  type(keys: string): void;
  /** Lines of the screen as they stand, without trailing spaces and empty lines at the end. */
  screen(): readonly string[];
  resize(size: Size): void;
  readonly ended: Promise<number | null>;
}

export const hasTerminal: boolean = spawnSync('script', ['--version']).status === 0;

const SEQUENCE = /\u001b\[([\d;?]*)([A-Za-z])|\r|\n|[^\u001b]/gu;

/** Runs a shell command line on a terminal of this size. */
export function openTerminal(command: string, size: Size, env: Readonly<Record<string, string>> = {}): Terminal {
  const place = (to: Size): string => `stty -echoctl cols ${to.columns} rows ${to.lines}`;
  // The device's name comes first, because resizing needs it from outside.
  const child: ChildProcess = spawn('script', ['-qefc', `${place(size)}; tty; exec ${command}`, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...env } });
  const screen = createScreen(size);
  let device = '';
  let isNamed = false;
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    if (isNamed) { screen.write(chunk); return; }
    device += chunk;
    const end = device.indexOf('\n');
    if (end === -1) return;
    isNamed = true;
    screen.write(device.slice(end + 1));
    device = device.slice(0, end).trim();
  });
  return {
    type(keys) { child.stdin?.write(keys); },
    screen: screen.lines,
    resize(to) {
      screen.resize(to);
      spawnSync('sh', ['-c', `${place(to)} < ${device}`]);
    },
    ended: new Promise((resolve) => { child.on('close', resolve); }),
  };
}

interface Screen { write(text: string): void; resize(size: Size): void; lines(): readonly string[] }

/** As much of a terminal as Millrace uses: wrapping, scrolling, cursor up and down, erase below. Throws at any other sequence. */
function createScreen(size: Size): Screen {
  let { columns, lines: height } = size;
  let rows: string[] = [''];
  let row = 0;
  let column = 0;
  function lineFeed(): void {
    row += 1;
    if (row >= height) {
      rows.shift();
      row -= 1;
    }
    rows[row] ??= '';
  }
  function put(character: string): void {
    if (column >= columns) {
      column = 0;
      lineFeed();
    }
    const line = (rows[row] ?? '').padEnd(column);
    rows[row] = line.slice(0, column) + character + line.slice(column + 1);
    column += 1;
  }
  function control(parameters: string, final: string): void {
    const count = Number(parameters || 1);
    switch (final) {
      case 'A': row = Math.max(0, row - count); break;
      case 'B': for (let step = 0; step < count && row < height - 1; step += 1) rows[row += 1] ??= ''; break;
      case 'J': rows = [...rows.slice(0, row), (rows[row] ?? '').slice(0, column)]; break;
      case 'm': break;
      default: throw new Error(`a sequence that this screen does not know: ${parameters}${final}`);
    }
  }
  return {
    write(text) {
      for (const [character, parameters, final] of text.matchAll(SEQUENCE)) {
        if (final !== undefined) control(parameters ?? '', final);
        else if (character === '\r') column = 0;
        else if (character === '\n') lineFeed();
        else if (character >= ' ') put(character);
      }
    },
    resize(to) {
      ({ columns, lines: height } = to);
      // Terminals drop lines above when they get lower, as long as the cursor is below.
      const dropped = Math.max(0, row - (height - 1));
      rows = rows.slice(dropped, dropped + height).map((line) => line.slice(0, columns));
      row -= dropped;
    },
    lines: () => rows.map((line) => line.trimEnd()).join('\n').trimEnd().split('\n'),
  };
}
