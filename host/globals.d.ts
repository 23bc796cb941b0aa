/**
 * With webassembly.d.ts, everything the core may use of its host beyond ECMAScript; all else comes in through ports.ts.
 * This is the honest list of what a JavaScript engine must have to run Millrace.
 */
declare class TextDecoder { constructor(label?: string, options?: { fatal?: boolean }); decode(bytes?: Uint8Array): string }
declare class TextEncoder { encode(text?: string): Uint8Array }
interface AbortSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
}
declare class AbortController { readonly signal: AbortSignal; abort(): void }
