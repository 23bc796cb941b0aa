/** Looks into a module's bytes: its globals must be immutable, and the manifest goes into a custom section at its end. */

const PREAMBLE_BYTES = 8;
const SECTION_CUSTOM = 0;
const SECTION_IMPORT = 2;
const SECTION_GLOBAL = 6;

interface Section { readonly id: number; readonly start: number; readonly end: number }

/** Throws when the module imports anything or has a global that outlives a call; both are errors of Millrace. */
export function assertPure(wasm: Uint8Array): void {
  for (const section of sectionsOf(wasm)) {
    if (section.id === SECTION_IMPORT && wasm[section.start] !== 0) throw new Error('a compiled job imports nothing');
    if (section.id === SECTION_GLOBAL && hasMutableGlobal(wasm, section.start)) {
      throw new Error('a compiled job has no mutable globals; its state lies in memory');
    }
  }
}

/** The module with a custom section of JSON at its end. */
export function withSection(wasm: Uint8Array, name: string, content: unknown): Uint8Array {
  const encoder = new TextEncoder();
  const nameBytes = encoder.encode(name);
  const body = encoder.encode(JSON.stringify(content));
  const length = lebBytes(nameBytes.length).length + nameBytes.length + body.length;
  const parts = [wasm, Uint8Array.of(SECTION_CUSTOM), lebBytes(length), lebBytes(nameBytes.length), nameBytes, body];
  const joined = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function sectionsOf(wasm: Uint8Array): Section[] {
  const sections: Section[] = [];
  for (let at = PREAMBLE_BYTES; at < wasm.length;) {
    const id = wasm[at] ?? 0;
    const [length, start] = readLeb(wasm, at + 1);
    sections.push({ id, start, end: start + length });
    at = start + length;
  }
  return sections;
}

/** Globals are a type, a byte that tells whether they are mutable, and an expression that ends in 0x0b. */
function hasMutableGlobal(wasm: Uint8Array, start: number): boolean {
  let [count, at] = readLeb(wasm, start);
  for (; count > 0; count -= 1) {
    if (wasm[at + 1] === 1) return true;
    at = afterConstant(wasm, at + 2);
  }
  return false;
}

/** Skips one constant instruction and the end behind it. */
function afterConstant(wasm: Uint8Array, at: number): number {
  const opcode = wasm[at];
  if (opcode === 0x43) return at + 6; // f32.const
  if (opcode === 0x44) return at + 10; // f64.const
  if (opcode === 0xfd) return at + 19; // v128.const
  const [, end] = readLeb(wasm, at + 1); // i32.const, i64.const, global.get
  return end + 1;
}

function readLeb(wasm: Uint8Array, at: number): [value: number, end: number] {
  let value = 0;
  let end = at;
  for (let factor = 1; ; factor *= 128) {
    const byte = wasm[end] ?? 0;
    end += 1;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return [value, end];
  }
}

function lebBytes(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let left = value; ; left = Math.floor(left / 128)) {
    if (left < 128) { bytes.push(left); return Uint8Array.from(bytes); }
    bytes.push((left % 128) | 0x80);
  }
}
