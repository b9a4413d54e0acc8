import type { RuleSet } from './rule.ts';

export const traceContext: RuleSet = {
  framework: 'W3C trace context',
  source: 'https://www.w3.org/TR/trace-context/',
  headers: {
    traceparent: { as: 'traceparent' },
    traceid: { as: 'ignored' },
    spanid: { as: 'ignored' },
  },
};
