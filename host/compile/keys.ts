/** The dictionary of an operator's keys in generated text. */
import type { Job } from './job.ts';

/** Registers of a dictionary. */
const REGISTER_BYTES = 64;

/** Adds the dictionary's constant. @returns the statement that lays it out */
export function keysText(job: Job, keys: string): string {
  const registers = job.registers.take(REGISTER_BYTES);
  job.use('state/dictionary', 'Dictionary');
  job.add('constants', `const ${keys} = changetype<Dictionary>(0x${registers.toString(16)});`);
  return `${keys}.init(0x${registers.toString(16)}9e3779b97);`;
}
