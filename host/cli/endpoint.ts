/**
 * `--metrics HOST:PORT`: `/metrics` for Prometheus and `/health` for whoever restarts gateways, over plain HTTP from the
 * main thread, so that they answer while a job is stuck. No authentication: keep it on loopback or behind a proxy.
 */
import { createServer } from 'node:http';
import { Refusal } from '../runtime/errors.ts';
import { usageError } from './arguments.ts';

/** Behind the worker's 200 ms: a job silent for this long is stuck in something. */
const SILENT_MAX_MS = 5000;

export interface Address { readonly host: string; readonly port: number }

export interface EndpointParts {
  readonly address: Address;
  /** The page of `/metrics`. */
  page(): string;
  state(): { readonly isRunning: boolean; readonly silentMs: number };
}

export interface Endpoint { readonly url: string; close(): void }

/** `127.0.0.1:9464`, `[::1]:9464` or `:9464`, which is on loopback too. */
export function parseAddress(text: string, command: string): Address {
  const match = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (!match || port > 65535) throw usageError(`--metrics takes HOST:PORT, as in 127.0.0.1:9464; ${text} is none`, command);
  return { host: match[1] ?? (match[2] || '127.0.0.1'), port };
}

/** Listens; throws Refusal when it cannot. */
export function openEndpoint({ address, page, state }: EndpointParts): Promise<Endpoint> {
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    const answer = (status: number, text: string, type = 'text/plain; charset=utf-8'): void => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(text);
    };
    if (request.method !== 'GET' && request.method !== 'HEAD') answer(405, 'GET only\n');
    else if (path === '/metrics') answer(200, page(), 'text/plain; version=0.0.4; charset=utf-8');
    else if (path === '/health') {
      const { isRunning, silentMs } = state();
      if (!isRunning) answer(503, 'the job does not run\n');
      else if (silentMs > SILENT_MAX_MS) answer(503, `the job has not answered for ${Math.round(silentMs / 1000)} s\n`);
      else answer(200, 'ok\n');
    } else answer(404, '/metrics or /health\n');
  });
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? 'the port is in use' : error.message;
      reject(new Refusal(`no metrics on ${address.host}:${address.port}: ${reason}`, 'give --metrics another HOST:PORT'));
    });
    server.listen(address.port, address.host, () => {
      const bound = server.address();
      const port = typeof bound === 'object' && bound ? bound.port : address.port;
      const host = address.host.includes(':') ? `[${address.host}]` : address.host;
      resolve({
        url: `http://${host}:${port}`,
        close() {
          server.close();
          server.closeAllConnections();
        },
      });
    });
  });
}
