/** A certificate for a broker on 127.0.0.1 that signs itself. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Makes cert.pem, which clients are to trust, in `folder`. @returns the file with key and certificate, for the broker */
export function makeCertificate(folder: string): string {
  const [key, certificate, both] = ['key.pem', 'cert.pem', 'broker.pem'].map((name) => join(folder, name)) as [string, string, string];
  execFileSync('openssl', [
    'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=broker', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', certificate,
  ], { stdio: 'ignore' });
  writeFileSync(both, readFileSync(key, 'utf8') + readFileSync(certificate, 'utf8'));
  return both;
}
