/** Where the listener listens, from option 'listen'; what stands in the way, with the remedy. */
import { type ConnectorOptions, IoError } from '../../host/ports.ts';

const LOOPBACK = /^(?:127\.|localhost$|::1$)/;

export interface Address { readonly host: string; readonly port: number }

/** Throws IoError for no address, and for one that other machines reach when that was not asked for. */
export function addressOf(options: ConnectorOptions): Address {
  const listen = options['listen'] ?? '';
  const match = /^(?:mqtt:\/\/)?(.*):(\d+)$/.exec(listen.trim());
  if (!match) throw new IoError(`mqtt: 'listen' = '${listen}' is no address`, { retry: false, remedy: "write 'listen' = '127.0.0.1:1883'" });
  const host = (match[1] === '' || match[1] === '*' ? '0.0.0.0' : match[1] ?? '').replace(/^\[|\]$/g, '');
  if (!LOOPBACK.test(host) && options['listen.allow-remote'] !== 'true') {
    throw new IoError(`mqtt: 'listen' = '${listen}' is open to other machines`, {
      retry: false, remedy: "say 'listen.allow-remote' = 'true' (and set 'username' and 'password'), or listen on 127.0.0.1",
    });
  }
  return { host, port: Number(match[2]) };
}

export function listenError(error: NodeJS.ErrnoException, { host, port }: Address): IoError {
  const remedy = error.code === 'EADDRINUSE' ? 'stop the other program (a broker?) or choose another port'
    : error.code === 'EACCES' ? 'choose a port above 1023' : "check option 'listen'";
  return new IoError(`mqtt: cannot listen on ${host}:${port}: ${error.message}`, { retry: false, remedy, cause: error });
}
