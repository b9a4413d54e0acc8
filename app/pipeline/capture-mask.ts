import { eventMessage } from '../format/event-message.ts';
import type { WriteOptions } from '../format/write-capture.ts';
import type { Mask } from '../model/mask.ts';
import { maskerOf } from './masking-recorder.ts';
import { toEvent } from './to-event.ts';

/** Masks what was recorded unmasked, for a file that leaves this machine: events are understood anew from what is left. */
export function captureMask(mask: Mask): WriteOptions['mask'] {
  const masker = maskerOf(mask);
  return (
    masker && {
      event: (event) => toEvent(masker.message(eventMessage(event)), event.seq, event.connection),
      delivery: masker.delivery,
    }
  );
}
