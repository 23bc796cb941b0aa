/**
 * Everything the core may use of its host beyond ECMAScript; all else comes in through ports.ts.
 * This is the honest list of what a JavaScript engine must have to run Millrace.
 */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: ArrayBufferView | ArrayBuffer);
    static customSections(module: Module, name: string): ArrayBuffer[];
    static imports(module: Module): { module: string; name: string; kind: string }[];
  }
  class Memory { readonly buffer: ArrayBuffer; grow(pages: number): number }
  class Instance { readonly exports: Record<string, unknown>; constructor(module: Module, imports?: object) }
  class RuntimeError extends Error {}
}
declare class TextDecoder { constructor(label?: string, options?: { fatal?: boolean }); decode(bytes?: Uint8Array): string }
declare class TextEncoder { encode(text?: string): Uint8Array }
interface AbortSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
}
declare class AbortController { readonly signal: AbortSignal; abort(): void }
