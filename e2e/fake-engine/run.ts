/**
 * A made-up engine behind the built page, for looking at it and for screenshots:
 * `node e2e/fake-engine/run.ts [--port 4600] [--traces 100000] [--empty] [--live] [--rate 1000] [--refuse]`
 */
import { parseArgs } from 'node:util';
import { startFakeEngine } from './server.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4600' },
    traces: { type: 'string', default: '100000' },
    empty: { type: 'boolean', default: false },
    /** Events a second. */
    rate: { type: 'string', default: '0' },
    live: { type: 'boolean', default: false },
    refuse: { type: 'boolean', default: false },
  },
});
const { empty, live, refuse } = values;
const engine = await startFakeEngine({
  port: Number(values.port),
  traces: Number(values.traces),
  empty,
  refuse,
});
if (live) setInterval(() => engine.grow(), 900);
const perTenth = Number(values.rate) / 10;
if (perTenth > 0) setInterval(() => engine.burst(perTenth), 100);
console.log(engine.url);
