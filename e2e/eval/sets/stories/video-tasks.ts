import type { Kind } from '../sent.ts';
import { HOUR, type Handling, type MessageType, type Story } from '../story.ts';

const of = (domain: string, kind: Kind = 'command'): MessageType => ({ domain, kind, key: 'videoId' });
const FORMATS = ['480p', '720p', '1080p'];

/** Background tasks as a canvas: a group with a callback when all of it is done, a chain, a task with an ETA. */
export const videoTasks: Story = {
  types: {
    'videos.ingest': of('media'),
    'videos.transcode': of('transcode'),
    'videos.publish': of('media'),
    'thumbnails.make': of('media'),
    'search.index': of('search'),
    'notify.followers': of('notify'),
    'rights.recheck': of('media'),
    'rights.report': of('search'),
    result: of('result', 'reply'),
  },
  begin({ flow, rng, send }) {
    const videoId = (flow.ids['videoId'] = rng.code(11));
    send('api', 'videos.ingest', { videoId, channel: flow.customer }, { extra: { wantsResult: 'yes' } });
  },
  handlers: {
    'videos.ingest': {
      'worker-media': ({ data, flow, rng, send }) => {
        const group = rng.uuid();
        const chord = (flow.ids['chord'] = rng.uuid());
        for (const format of FORMATS) {
          send('videos.transcode', { videoId: data['videoId'], format }, { extra: { group, chord } });
        }
        send('result', { status: 'SUCCESS' });
      },
    },
    'videos.transcode': { 'worker-transcode': transcode },
    'videos.publish': {
      'worker-media': ({ data, flow, rng, send }) => {
        const { videoId } = data;
        // The rest of a chain travels with its head.
        send(
          'thumbnails.make',
          { videoId, width: 320 },
          { extra: { chain: 'search.index,notify.followers' } },
        );
        send('rights.recheck', { videoId, owner: flow.customer }, { holds: rng.int(2, 20) * HOUR });
      },
    },
    'thumbnails.make': {
      'worker-media': ({ data, send }) =>
        send(
          'search.index',
          { videoId: data['videoId'], index: 'v3' },
          { extra: { chain: 'notify.followers' } },
        ),
    },
    'search.index': {
      'worker-search': ({ fails, flow, send }) => {
        if (!fails(0.05, 'ConnectionTimeout'))
          send('notify.followers', { channel: flow.customer, limit: 500 });
      },
    },
    'notify.followers': { 'worker-notify': () => undefined },
    'rights.recheck': {
      'worker-media': ({ data, send }) => send('rights.report', { videoId: data['videoId'], claims: 0 }),
    },
    'rights.report': { 'worker-search': () => undefined },
  },
};

function transcode({ fails, flow, together, send }: Handling): void {
  if (fails(0.08, 'ffmpeg exited with code 137')) return;
  const parts = together('parts', FORMATS.length);
  if (parts)
    send(
      'videos.publish',
      { videoId: flow.ids['videoId'] },
      { causes: parts, extra: { id: flow.ids['chord'] ?? '' } },
    );
}
