import type { SendOptions } from '../sent.ts';
import { HOUR, type Beginning, type Handling, type MessageType, type Story } from '../story.ts';
import type { Data } from '../lines.ts';

const step = (instant: boolean): MessageType => ({ domain: 'jobs', kind: 'event', key: 'jobId', instant });
const HALVES = ['left', 'right'];

type Send = (type: string, data: Data, options?: SendOptions) => void;

/** Jobs of several queues with their life cycle: two children of a parent, jobs that jobs add, a job for later. */
export const renderJobs: Story = {
  types: {
    added: step(true),
    'waiting-children': step(true),
    delayed: step(true),
    waiting: step(false),
    active: step(false),
    completed: step(true),
    failed: step(true),
  },
  begin({ flow, rng, send }: Beginning) {
    const document = `DOC-${rng.int(1000, 9999)}`;
    flow.ids['document'] = document;
    add(
      (type, data, options) => send('web', type, data, options),
      'publish',
      { document, owner: flow.customer },
      { children: 'yes' },
    );
  },
  handlers: {
    added: { bullmq: queued },
    'waiting-children': { bullmq: () => undefined },
    delayed: {
      bullmq: ({ event, data, send }) => {
        const after = Number(event.options.extra?.['delay']);
        send('waiting', data, { after, extra: { ...event.options.extra, prev: 'delayed' } });
      },
    },
    waiting: {
      workers: ({ data, event, send }) =>
        send('active', data, { extra: { ...event.options.extra, prev: 'waiting' } }),
    },
    active: { workers: work },
    completed: { bullmq: completed },
    failed: { bullmq: () => undefined },
  },
};

function add(send: Send, queue: string, data: Data, extra: Record<string, string> = {}): void {
  send('added', data, { extra: { ...extra, queue } });
}

/** What the script that adds a job publishes after "added". */
function queued({ event, data, flow, send }: Handling): void {
  const { extra = {} } = event.options;
  if (extra['children']) {
    send('waiting-children', data, { extra });
    for (const half of HALVES)
      add(send, 'render', { document: flow.ids['document'], half }, { parent: event.meta['job'] ?? '' });
  } else send(extra['delay'] ? 'delayed' : 'waiting', data, { extra });
}

function work({ event, data, flow, rng, send }: Handling): void {
  const { extra = {} } = event.options;
  const retried = extra['attempt'] === '2';
  if (extra['queue'] === 'render' && !retried && rng.chance(0.1)) {
    return send('delayed', data, { extra: { ...extra, attempt: '2', delay: '1000' } });
  }
  if (extra['queue'] === 'publish') {
    add(send, 'mail', { to: flow.customer, template: 'published' });
    add(send, 'archive', { document: flow.ids['document'] }, { delay: String(rng.int(2, 20) * HOUR) });
  }
  send('completed', data, { extra: { ...extra, prev: 'active' }, after: 1 });
}

/** The last child to complete moves its parent on. */
function completed({ event, flow, together, send }: Handling): void {
  if (event.options.extra?.['queue'] !== 'render') return;
  const children = together('children', HALVES.length);
  const parent = { queue: 'publish', prev: 'waiting-children', job: event.options.extra['parent'] ?? '' };
  if (children) send('waiting', { document: flow.ids['document'] }, { causes: children, extra: parent });
}
