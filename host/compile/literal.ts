/** Constant bytes in generated AssemblyScript: compared with, or stored into, linear memory in words as wide as they fit. */

const WIDTHS = [8, 4, 2, 1] as const;

interface Word { readonly type: 'u64' | 'u32' | 'u16' | 'u8'; readonly offset: number; readonly value: string }

/** Text of a condition that holds when `bytes` stand at address `base`. Reads those bytes and no others. */
export function bytesEqual(base: string, bytes: Uint8Array): string {
  return words(bytes, true).map(({ type, offset, value }) => `load<${type}>(${base}${at(offset)}) == ${value}`).join(' && ');
}

/** Text of statements, one a line, that store `bytes` at address `base`. Writes those bytes and no others. */
export function bytesStored(base: string, bytes: Uint8Array): string[] {
  return words(bytes, false).map(({ type, offset, value }) => `store<${type}>(${base}, ${value}${at(offset)});`);
}

function at(offset: number): string { return offset === 0 ? '' : `, ${offset}`; }

/** Cuts `bytes` into little-endian words; the last one may overlap its neighbour, when that saves another. */
function words(bytes: Uint8Array, mayOverlap: boolean): Word[] {
  const found: Word[] = [];
  for (let offset = 0; offset < bytes.length;) {
    const left = bytes.length - offset;
    const fitting = WIDTHS.find((width) => width <= left) ?? 1;
    const wider = WIDTHS.find((width) => width < left * 2 && width >= left && width <= bytes.length);
    const width = mayOverlap && wider !== undefined && wider > fitting ? wider : fitting;
    const start = Math.min(offset, bytes.length - width);
    found.push({ type: `u${width * 8}` as Word['type'], offset: start, value: littleEndian(bytes.subarray(start, start + width)) });
    offset = start + width;
  }
  return found;
}

function littleEndian(bytes: Uint8Array): string {
  return `0x${[...bytes].reverse().map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
