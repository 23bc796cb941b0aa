/**
 * Newline-delimited JSON in files. Source: bounded, exactly-once (the position is file and byte). Sink: exactly-once by
 * offset-verified append: progress names the length that counts, what stands behind it after a crash is cut off on open.
 * THE FILE TO COPY when adding a connector.
 */
import type { FileHandle } from 'node:fs/promises';
import {
  type Arrival, type Connector, type ConnectorContext, FLAG_TRUNCATED, type Intake, IoError, type Progress, type Result, type Sink, type Source,
} from '../host/ports.ts';

const READ_BYTES = 256 * 1024; // one batch of the log; larger reads gain nothing (page cache)
const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const NONE = new Uint8Array(0);
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const filesystem: Connector = {
  description: {
    name: 'filesystem',
    description: 'JSON lines in a file or in all files of a folder',
    options: [
      {
        name: 'path', type: 'string', required: true,
        description: 'File, or folder: a source reads its files in order of name, a sink writes part-0.jsonl in it',
      },
    ],
    source: {
      guarantee: () => ({ level: 'exactly-once' }),
      isBounded: () => true,
      metadata: { 'file.path': 'topic' },
    },
    sink: {
      guarantee: () => ({ level: 'exactly-once', note: 'readers may see the newest rows before they count; after a crash the same bytes stand there again' }),
      changelog: 'append',
    },
  },
  createSource: fileSource,
  createSink: fileSink,
};

function pathOf(context: ConnectorContext): string {
  return (context.options['path'] ?? '').replace(/^file:\/\//, '');
}

function ioError(error: unknown, what: string, remedy: string): IoError {
  const code = (error as NodeJS.ErrnoException).code;
  return new IoError(`${what}: ${(error as Error).message}`, { retry: code === 'EMFILE' || code === 'ENOSPC' || code === 'EIO', remedy, cause: error });
}

// ---------------------------------------------------------------------------------------------------------------- source

/** Where to go on. `file` is the index in the sorted list; its name is kept to notice a changed folder. */
interface Position { name: string; file: number; byte: number }

function fileSource(context: ConnectorContext): Source {
  const path = pathOf(context);
  const position: Position = { name: '', file: 0, byte: 0 };
  let resumed: (() => void) | undefined;
  let isStopped = false;
  let running: Promise<void> = Promise.resolve();

  async function read(intake: Intake, files: readonly string[]): Promise<void> {
    for (; position.file < files.length; Object.assign(position, { name: '', file: position.file + 1, byte: 0 })) {
      position.name = files[position.file] as string;
      await readFile(intake);
      if (isStopped) return;
    }
    intake.end();
  }

  async function readFile(intake: Intake): Promise<void> {
    const { open } = await import('node:fs/promises');
    const file = await open(position.name, 'r');
    const topic = encoder.encode(position.name);
    const arrival: Arrival = { bytes: NONE, start: 0, end: 0, topic, topicStart: 0, topicEnd: topic.length, packetId: 0, flags: 0, client: '' };
    const lines = lineSplitter(context.payloadMaxBytes);
    try {
      for (let at = position.byte, isLast = false; !isLast;) {
        const buffer = new Uint8Array(READ_BYTES);
        const { bytesRead } = await file.read(buffer, 0, READ_BYTES, at);
        isLast = bytesRead === 0;
        for (const line of lines.split(buffer.subarray(0, bytesRead), at, isLast)) {
          arrival.bytes = line.bytes;
          arrival.start = line.start;
          arrival.end = line.end;
          arrival.flags = line.isTruncated ? FLAG_TRUNCATED : 0;
          position.byte = line.nextByte; // before push: a batch sealed by it must say where to go on after it
          if (!intake.push(arrival)) await new Promise<void>((resolve) => { resumed = resolve; });
          if (isStopped) return;
        }
        at += bytesRead;
      }
    } finally {
      await file.close();
    }
  }

  function resume(): void {
    const call = resumed;
    resumed = undefined;
    call?.();
  }
  async function stop(): Promise<void> {
    isStopped = true;
    resume();
    await running;
  }
  const saved = (): Uint8Array => encoder.encode(JSON.stringify(position));
  return {
    restore(snapshot) { if (snapshot) Object.assign(position, JSON.parse(decoder.decode(snapshot))); },
    replay(batch) { Object.assign(position, JSON.parse(decoder.decode(batch.position))); },
    async open(intake) {
      const files = await listFiles(path);
      if (position.name !== '' && files[position.file] !== position.name) {
        throw new IoError(`filesystem: ${position.name} is no longer file ${position.file + 1} of ${path}`, {
          retry: false, remedy: 'put the files back, or start with a new data directory',
        });
      }
      running = read(intake, files).catch((error: unknown) => {
        intake.failed(ioError(error, `filesystem: reading ${path}`, 'check that the file is readable'));
      });
    },
    position: saved,
    snapshot: saved,
    committed() { /* a file needs no acknowledgement */ },
    resume,
    stop,
    close: stop,
  };
}

async function listFiles(path: string): Promise<string[]> {
  const { readdir, stat } = await import('node:fs/promises');
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const names = (await readdir(path)).filter((name) => !name.startsWith('.') && !name.startsWith('_'));
    return names.sort().map((name) => `${path.replace(/\/$/, '')}/${name}`);
  } catch (error) {
    throw ioError(error, `filesystem: cannot open ${path}`, `check option 'path'; relative paths start at the working directory`);
  }
}

interface Line { bytes: Uint8Array; start: number; end: number; nextByte: number; isTruncated: boolean }

/** Cuts chunks at line breaks; keeps at most `lineMaxBytes` of a line that spans chunks. The yielded object is reused. */
function lineSplitter(lineMaxBytes: number): { split(chunk: Uint8Array, at: number, isLast: boolean): Generator<Line> } {
  let rest: Uint8Array = NONE;
  const line: Line = { bytes: NONE, start: 0, end: 0, nextByte: 0, isTruncated: false };
  function cut(bytes: Uint8Array, start: number, end: number, nextByte: number): boolean {
    const stop = end > start && bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end;
    line.bytes = bytes;
    line.start = start;
    line.end = Math.min(stop, start + lineMaxBytes);
    line.isTruncated = line.end < stop;
    line.nextByte = nextByte;
    return stop > start;
  }
  return {
    * split(chunk, at, isLast) {
      let start = 0;
      for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
        if (rest.length > 0) {
          const whole = concat(rest, chunk.subarray(0, end));
          rest = NONE;
          if (cut(whole, 0, whole.length, at + end + 1)) yield line;
        } else if (cut(chunk, start, end, at + end + 1)) yield line;
        start = end + 1;
      }
      // One byte beyond the limit is enough to know that the line is too long.
      if (start < chunk.length) rest = concat(rest, chunk.subarray(start)).subarray(0, lineMaxBytes + 2);
      if (isLast && rest.length > 0 && cut(rest, 0, rest.length, at)) yield line;
    },
  };
}

function concat(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const whole = new Uint8Array(head.length + tail.length);
  whole.set(head);
  whole.set(tail, head.length);
  return whole;
}

// ------------------------------------------------------------------------------------------------------------------ sink

/** Written by rename beside the file: the first `lengthBytes` bytes of it hold the results up to `progress.sequence`. */
interface FileProgress { readonly writer: string; readonly lengthBytes: number; readonly progress: Progress }

function fileSink(context: ConnectorContext): Sink {
  let file: FileHandle | undefined;
  let path = '';
  let writer = '';
  let lengthBytes = 0;

  async function writeProgress(progress: Progress): Promise<void> {
    const { open, rename } = await import('node:fs/promises');
    const { dirname } = await import('node:path');
    const record: FileProgress = { writer, lengthBytes, progress };
    const temporary = `${progressPath(path)}.new`;
    const handle = await open(temporary, 'w');
    await handle.writeFile(JSON.stringify(record));
    await handle.sync();
    await handle.close();
    await rename(temporary, progressPath(path));
    const folder = await open(dirname(path), 'r'); // the rename itself must survive a power cut
    await folder.sync();
    await folder.close();
  }

  return {
    async open(identity) {
      path = await sinkPath(pathOf(context));
      writer = `${identity.gateway}/${identity.job}/${identity.sink}`;
      const { open } = await import('node:fs/promises');
      try {
        file = await open(path, 'a+');
      } catch (error) {
        throw ioError(error, `filesystem: cannot write ${path}`, `check option 'path' of table ${context.table} and its permissions`);
      }
      const sizeBytes = (await file.stat()).size;
      const known = await readProgress(path);
      lengthBytes = known?.lengthBytes ?? sizeBytes;
      if (sizeBytes < lengthBytes) {
        throw new IoError(`filesystem: ${path} has ${sizeBytes} bytes, but ${lengthBytes} were delivered: somebody cut or replaced it`, {
          retry: false, remedy: `put the file back, or move it and ${progressPath(path)} away and start with a new data directory`,
        });
      }
      await file.truncate(lengthBytes);
      if (known) return known.progress;
      // Without this, a crash in the first delivery would leave a tail that nobody could tell from older content.
      await writeProgress({ incarnation: identity.incarnation, sequence: 0, offset: 0, digest: '0000000000000000' });
      return undefined;
    },
    async deliver(results, progress) {
      if (!file) throw new IoError('filesystem: deliver before open', { retry: true });
      try {
        const bytes = joinLines(results);
        await file.appendFile(bytes);
        await file.datasync();
        lengthBytes += bytes.length;
        await writeProgress(progress);
      } catch (error) {
        throw ioError(error, `filesystem: writing ${path}`, 'free some space; delivery goes on by itself');
      }
    },
    async close() { await file?.close(); file = undefined; },
  };
}

function joinLines(results: readonly Result[]): Uint8Array {
  let sizeBytes = 0;
  for (const { value } of results) sizeBytes += value.length + 1;
  const bytes = new Uint8Array(sizeBytes);
  let at = 0;
  for (const { value } of results) {
    bytes.set(value, at);
    at += value.length;
    bytes[at] = NEWLINE;
    at += 1;
  }
  return bytes;
}

async function sinkPath(path: string): Promise<string> {
  const { mkdir, stat } = await import('node:fs/promises');
  const { dirname, join } = await import('node:path');
  const isFolder = path.endsWith('/') || await stat(path).then((found) => found.isDirectory(), () => false);
  const file = isFolder ? join(path, 'part-0.jsonl') : path;
  await mkdir(dirname(file), { recursive: true });
  return file;
}

function progressPath(path: string): string {
  return path.replace(/([^/]+)$/, '.$1.progress');
}

async function readProgress(path: string): Promise<FileProgress | undefined> {
  const { readFile } = await import('node:fs/promises');
  try {
    return JSON.parse(await readFile(progressPath(path), 'utf8')) as FileProgress;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw ioError(error, `filesystem: cannot read ${progressPath(path)}`, 'check its permissions');
  }
}
