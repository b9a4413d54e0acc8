import type { ConnectionDto } from '../../../app/contract/page.ts';
import { isBeingRead } from '../../state/announced.ts';
import { useConnections } from '../../state/connections.ts';
import { counted } from '../../widgets/format.ts';
import { Note } from '../../widgets/problem-note.tsx';

/**
 * While a file is read the list is only a part of it: says of how much.
 * @param announced the list is what the capture says of itself.
 */
export function FilesBeingRead({ announced }: { readonly announced: boolean }) {
  const byId = useConnections((state) => state.byId);
  return [...byId.values()]
    .filter(isBeingRead)
    .map((file) => <Note key={file.id}>{words(file, announced)}</Note>);
}

function words({ name, capture, progress }: ConnectionDto, announced: boolean): string {
  const read = progress?.read ?? 0;
  if (!capture) return `${name} is being read: ${counted(read, 'event')} so far.`;
  const traces = counted(capture.traces, 'trace');
  if (read >= capture.events) {
    return `${name}: all ${counted(capture.events, 'event')} are read, and its ${traces} are being worked out.`;
  }
  const percent = Math.floor((100 * read) / capture.events);
  return (
    `${name} is being read: ${percent} % of ${counted(capture.events, 'event')}. ` +
    (announced
      ? `Its ${traces} are known from what it says of itself; each can be opened once it is read.`
      : `Its ${traces} are here in part until then.`)
  );
}
