import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.ts';
import { BrokerError } from './errors.ts';

/** Files of a certificate authority made for one run, and of a server certificate for loopback signed by it. */
export interface TlsFiles {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  /** Key and certificates in one file, as Kafka wants them. */
  readonly keystore: string;
}

/** Makes a throw-away authority and a server certificate for 127.0.0.1 and localhost. */
export async function makeTlsFiles(dir: string): Promise<TlsFiles> {
  const file = (name: string): string => join(dir, name);
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  writeFileSync(file('san.ext'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
  const sign = [
    '-CA',
    file('ca.pem'),
    '-CAkey',
    file('ca.key'),
    '-CAcreateserial',
    '-extfile',
    file('san.ext'),
  ];
  await openssl([
    [
      'req',
      '-x509',
      ...ec,
      '-days',
      '30',
      '-subj',
      '/CN=Test authority',
      '-keyout',
      file('ca.key'),
      '-out',
      file('ca.pem'),
    ],
    ['req', ...ec, '-subj', '/CN=localhost', '-keyout', file('server.key'), '-out', file('server.csr')],
    ['x509', '-req', '-in', file('server.csr'), ...sign, '-days', '30', '-out', file('server.pem')],
  ]);
  const parts = ['server.key', 'server.pem', 'ca.pem'].map((name) => readFileSync(file(name), 'utf8'));
  writeFileSync(file('keystore.pem'), parts.join(''));
  return {
    ca: file('ca.pem'),
    cert: file('server.pem'),
    key: file('server.key'),
    keystore: file('keystore.pem'),
  };
}

async function openssl(calls: readonly (readonly string[])[]): Promise<void> {
  for (const args of calls) {
    const { code, output } = await run('openssl', args, { timeoutMs: 30_000 });
    if (code !== 0)
      throw new BrokerError(`openssl ${args[0]} failed: ${output.trim()}. Is openssl installed?`);
  }
}
