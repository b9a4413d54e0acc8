import type { Kind } from '../sent.ts';
import { HOUR, type Handling, type MessageType, type Story } from '../story.ts';

const of = (domain: string, kind: Kind = 'event', key = 'videoId'): MessageType => ({ domain, kind, key });
const FORMATS = ['480p', '720p', '1080p'];

/** An uploaded video: one task a rendition, publishing once all are there, followers, a takedown check hours later. */
export const media: Story = {
  types: {
    VideoUploaded: of('videos'),
    TranscodeVideo: of('transcode', 'command'),
    RenditionReady: of('transcode'),
    VideoScanned: of('scan'),
    VideoPublished: of('videos'),
    ThumbnailMade: of('thumbnails'),
    SearchIndexed: of('search'),
    FollowersNotified: of('notify', 'event', 'channelId'),
    RightsRechecked: of('scan'),
  },
  begin({ flow, rng, send }) {
    const videoId = (flow.ids['videoId'] = rng.code(11));
    send('upload-api', 'VideoUploaded', {
      videoId,
      channelId: flow.customer,
      bytes: rng.int(2e6, 9e8),
      bucket: 'uploads-eu',
    });
  },
  handlers: {
    VideoUploaded: {
      coordinator: ({ data, rng, send }) => {
        for (const format of FORMATS) {
          send('TranscodeVideo', { videoId: data['videoId'] ?? '', format, taskId: rng.int(1, 1e6) });
        }
      },
      scanner: ({ data, rng, send }) =>
        send('VideoScanned', { videoId: data['videoId'] ?? '', score: rng.int(0, 40) }),
    },
    TranscodeVideo: {
      transcoder: ({ data, fails, rng, send }) => {
        if (fails(0.07, 'ffmpeg exited with code 137')) return;
        const { videoId = '', format = '' } = data;
        send(
          'RenditionReady',
          { videoId, format, seconds: rng.int(20, 900) },
          { after: rng.latency(300, 4000) },
        );
      },
    },
    RenditionReady: { coordinator: publish },
    VideoScanned: { coordinator: publish },
    VideoPublished: {
      thumbnailer: ({ data, send }) => send('ThumbnailMade', { videoId: data['videoId'] ?? '', width: 320 }),
      indexer: ({ data, send }) =>
        send('SearchIndexed', { videoId: data['videoId'] ?? '', index: 'videos-v3' }),
      notifier: ({ flow, rng, send }) =>
        send('FollowersNotified', { channelId: flow.customer, followers: rng.int(2, 900) }),
      scanner: ({ data, rng, send }) =>
        send(
          'RightsRechecked',
          { videoId: data['videoId'] ?? '', claims: 0 },
          { after: rng.int(3, 20) * HOUR },
        ),
    },
  },
};

function publish({ flow, together, send }: Handling): void {
  const parts = together('parts', FORMATS.length + 1);
  if (parts)
    send('VideoPublished', { videoId: flow.ids['videoId'] ?? '', visibility: 'PUBLIC' }, { causes: parts });
}
