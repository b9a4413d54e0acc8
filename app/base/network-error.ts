/** What went wrong below the protocol of a broker; the words that connection errors use too. */
export type NetworkProblem = 'unreachable' | 'host-not-found' | 'timeout' | 'tls' | 'wrong-protocol';

const byCode: Readonly<Record<string, NetworkProblem>> = {
  ECONNREFUSED: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ENOTFOUND: 'host-not-found',
  EAI_AGAIN: 'host-not-found',
  ETIMEDOUT: 'timeout',
  ESOCKETTIMEDOUT: 'timeout',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls',
  UNABLE_TO_GET_ISSUER_CERT: 'tls',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls',
  CERT_HAS_EXPIRED: 'tls',
  CERT_NOT_YET_VALID: 'tls',
  CERT_REVOKED: 'tls',
};

/** What TLS says went wrong, without the advice that Node gives to those who start it. */
export function tlsReason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text
    .replace(/[;.,]? *if the root CA is installed.*$/i, '')
    .replace(/[;.,]? *try running Node.*$/i, '');
}

/** Tells a socket's or a TLS error by its code; undefined where it is none of these. */
export function networkProblem(error: unknown): NetworkProblem | undefined {
  if (!(error instanceof Error)) return undefined;
  // Several addresses were tried, and each failed.
  if (error instanceof AggregateError && error.errors.length > 0) return networkProblem(error.errors[0]);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const known = byCode[code];
  if (known) return known;
  // What OpenSSL says when the other side does not speak TLS at all.
  if (/wrong version number|packet length too long|record layer failure|http request/i.test(error.message)) {
    return 'wrong-protocol';
  }
  if (code.startsWith('ERR_TLS') || code.startsWith('ERR_SSL') || code === 'EPROTO') return 'tls';
  if (/ETIMEDOUT/.test(error.message)) return 'timeout';
  return undefined;
}
