import { expect, test } from 'vitest';
import { tlsReason } from './network-error.ts';

test('keeps what TLS says and not how Node would be started', () => {
  const thrown = new Error(
    'self-signed certificate; if the root CA is installed locally, try running Node.js with --use-system-ca',
  );
  expect(tlsReason(thrown)).toBe('self-signed certificate');
  expect(tlsReason(new Error('certificate has expired'))).toBe('certificate has expired');
});
