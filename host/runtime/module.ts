/** Bytes of a .wasm -> compiled module, manifest and the hash that tells whether its code changed. */
import { ABI_VERSION } from '../../assembly/abi.ts';
import { MANIFEST_SECTION, type Manifest } from '../manifest.ts';
import { Refusal } from './errors.ts';

export interface JobModule {
  readonly wasm: WebAssembly.Module;
  readonly manifest: Manifest;
  /** Hash of everything but the custom sections: a new password or option leaves it as it is. 16 hexadecimal digits. */
  readonly codeHash: string;
}

const PREAMBLE_BYTES = 8;
const SECTION_CUSTOM = 0;

/** Throws Refusal when `bytes` is no module of this ABI. */
export function openModule(bytes: Uint8Array): JobModule {
  const rebuild = 'build the job again with this version of Millrace';
  const wasm = compiled(bytes, rebuild);
  const [section] = WebAssembly.Module.customSections(wasm, MANIFEST_SECTION);
  if (!section) throw new Refusal(`the module has no section ${MANIFEST_SECTION}`, rebuild);
  const manifest = JSON.parse(new TextDecoder().decode(new Uint8Array(section))) as Manifest;
  if (manifest.abi !== ABI_VERSION) throw new Refusal(`the module speaks ABI ${manifest.abi}, this host ${ABI_VERSION}`, rebuild);
  const imported = WebAssembly.Module.imports(wasm).map(({ module, name }) => `${module}.${name}`);
  if (imported.length > 0) throw new Refusal(`the module imports ${imported.join(', ')}; a job imports nothing`, rebuild);
  return { wasm, manifest, codeHash: hashOf(codeSections(bytes)) };
}

function compiled(bytes: Uint8Array, rebuild: string): WebAssembly.Module {
  try {
    return new WebAssembly.Module(bytes);
  } catch (error) {
    throw new Refusal(`no WebAssembly module: ${(error as Error).message}`, rebuild);
  }
}

/** The sections that are not custom, each a view. */
function codeSections(bytes: Uint8Array): Uint8Array[] {
  const sections: Uint8Array[] = [];
  for (let at = PREAMBLE_BYTES; at < bytes.length;) {
    const start = at;
    const id = bytes[at] as number;
    at += 1;
    let length = 0;
    for (let shift = 0; ; shift += 7) { // LEB128, as everywhere in WebAssembly
      const byte = bytes[at] as number;
      at += 1;
      length += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    at += length;
    if (id !== SECTION_CUSTOM) sections.push(bytes.subarray(start, at));
  }
  return sections;
}

/** Two independent multiply-and-xor lanes of 32 bits. It tells versions apart; it is not a defence against forgery. */
function hashOf(parts: readonly Uint8Array[]): string {
  let low = 0x9e3779b9;
  let high = 0x7f4a7c15;
  for (const part of parts) {
    for (const byte of part) {
      low = Math.imul(low ^ byte, 0x85ebca6b);
      low ^= low >>> 13;
      high = Math.imul(high + byte, 0xc2b2ae35);
      high = (high << 7) | (high >>> 25);
    }
  }
  return [low, high].map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
}
