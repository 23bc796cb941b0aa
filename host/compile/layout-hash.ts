/** Hash of a description of saved state. Equal hashes can open each other's state, so it must tell any two layouts apart. */

/** FNV-1a of the description as JSON, twice with different starts. @returns 32 hexadecimal digits */
export function layoutHash(parts: readonly unknown[]): string {
  const bytes = new TextEncoder().encode(JSON.stringify(parts));
  return [0xcbf29ce484222325n, 0x6c62272e07bb0142n].map((start) => {
    let hash = start;
    for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
    return hash.toString(16).padStart(16, '0');
  }).join('');
}
