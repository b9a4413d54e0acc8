export { eventPayload, getEvent } from './get-event.ts';
export { getTrace } from './get-trace.ts';
export { listTraces } from './list-traces.ts';
export { statusOf } from './rows.ts';
export { topology } from './topology.ts';
