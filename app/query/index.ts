export { eventPayload, getEvent } from './get-event.ts';
export { getTrace, getTraces } from './get-trace.ts';
export { eventHistogram, listEvents } from './list-events.ts';
export { announcedTraces, listTraces } from './list-traces.ts';
export { activeMs } from './rows.ts';
export { topology } from './topology.ts';
export { waiting } from './waiting.ts';
