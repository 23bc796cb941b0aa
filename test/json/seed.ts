/** One seed a test run, printed so that a failing random test can be repeated: MILLRACE_SEED=7 npm test -- test/json. */

/** The seed of this run. */
export const SEED: number = Number(process.env['MILLRACE_SEED'] ?? 20201230);

/** Random 32-bit numbers: equal seeds, equal numbers (a 32-bit xorshift-multiply generator). */
export function randomWords(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let word = state;
    word = Math.imul(word ^ (word >>> 16), 0x21f0aaad);
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
    return (word ^ (word >>> 15)) >>> 0;
  };
}
