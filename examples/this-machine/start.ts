/**
 * `npm start`: runs job.sql on this computer's live telemetry. Arguments go to `millrace run` (for example --for 10s).
 * With KAFKA_BROKERS set, the windows go to Kafka too.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const typescript = ['--import', 'tsx'];
const port = process.env['MILLRACE_DEMO_PORT'] ?? '18830';

function jobFile(): string {
  if (!process.env['KAFKA_BROKERS']) return here('job.sql');
  mkdirSync('.millrace', { recursive: true });
  writeFileSync('.millrace/this-machine.sql', readFileSync(here('job.sql'), 'utf8') + readFileSync(here('kafka.sql'), 'utf8'));
  return '.millrace/this-machine.sql';
}

process.stderr.write(`telemetry of this computer, 2-second windows; results also in .millrace/out/ (Ctrl-C ends)\n`);
const gateway = spawn(process.execPath, [...typescript, here('../../host/cli/main.ts'), 'run', jobFile(), ...process.argv.slice(2)], { stdio: 'inherit' });
const publisher = spawn(process.execPath, [...typescript, here('publisher.ts'), port], { stdio: ['ignore', 'ignore', 'inherit'] });

// Ctrl-C reaches the whole process group; the gateway decides when the demo is over.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => { if (signal === 'SIGTERM') gateway.kill(signal); });
}
gateway.on('exit', (code) => {
  publisher.kill('SIGTERM');
  process.exitCode = code ?? 1;
});
