/**
 * Readings for the benchmarks, made from a seed: 1,000 devices of which few send much, a second and a half of disorder, one
 * in a thousand 15 s late, one in ten not OK. About 90 bytes a payload.
 */
import { randomWords } from '../test/json/seed.ts';

export const DEVICE_COUNT = 1000;

export interface ReadingOptions {
  readonly rowCount: number;
  /** Keys in another order for every other device, and blanks. */
  readonly isShuffled?: boolean;
}

/** Payloads as JSON text. */
export function readingPayloads({ rowCount, isShuffled = false }: ReadingOptions): string[] {
  const word = randomWords(0x12345678);
  const chance = (): number => word() / 2 ** 32;
  const weights = Float64Array.from({ length: DEVICE_COUNT }, (_, rank) => 1 / (rank + 1));
  const total = weights.reduce((sum, weight) => sum + weight);
  let sum = 0;
  const shares = weights.map((weight) => (sum += weight) / total);
  const pick = (): number => {
    const wanted = chance();
    let low = 0;
    let high = DEVICE_COUNT - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((shares[middle] ?? 1) < wanted) low = middle + 1;
      else high = middle;
    }
    return (low * 617) % DEVICE_COUNT; // spreads the busy ones over the names
  };
  return Array.from({ length: rowCount }, (_, row) => {
    const id = pick();
    const device = `dev-${String(id).padStart(4, '0')}`;
    const ts = 1_700_000_000_000 + row - Math.floor(chance() * 1500) - (chance() < 0.001 ? 15_000 : 0);
    const temperature = Math.round((15 + 20 * chance() - (chance() < 0.1 ? 25 : 0)) * 100) / 100;
    const humidity = Math.round((30 + 50 * chance()) * 10) / 10;
    const luck = chance();
    const status = luck < 0.9 ? 'OK' : luck < 0.97 ? 'WARN' : 'ERROR';
    if (!isShuffled) return JSON.stringify({ device, ts, temperature, humidity, status });
    return id % 2 === 0 ? `{"device": "${device}", "ts": ${ts}, "temperature": ${temperature}, "humidity": ${humidity}, "status": "${status}"}`
      : JSON.stringify({ ts, status, humidity, device, temperature });
  });
}
