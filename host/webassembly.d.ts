/** The part of WebAssembly's JavaScript interface that Millrace uses; @types/node has none of it without the whole DOM. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: ArrayBufferView | ArrayBuffer);
    static customSections(module: Module, name: string): ArrayBuffer[];
    static imports(module: Module): { module: string; name: string; kind: string }[];
    static exports(module: Module): { name: string; kind: string }[];
  }
  class Memory { readonly buffer: ArrayBuffer; grow(pages: number): number }
  class Instance { readonly exports: Record<string, unknown>; constructor(module: Module, imports?: object) }
  class RuntimeError extends Error {}
}
