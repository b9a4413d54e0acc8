import { useConnections } from '../../state/connections.ts';
import { counted } from '../../widgets/format.ts';
import { Note } from '../../widgets/problem-note.tsx';

/** While a file is read the list is only a part of it: says of how much. */
export function FilesBeingRead() {
  const byId = useConnections((state) => state.byId);
  const files = [...byId.values()].filter(
    ({ system, phase }) => system === 'file' && (phase === 'connecting' || phase === 'live'),
  );
  return files.map(({ id, name, capture, progress }) => (
    <Note key={id}>
      {capture
        ? `${name} is being read: ${percent(progress)} of ${counted(capture.events, 'event')}. ` +
          `Its ${counted(capture.traces, 'trace')} are here in part until then.`
        : `${name} is being read: ${counted(progress?.read ?? 0, 'event')} so far.`}
    </Note>
  ));
}

function percent(progress: { readonly read: number; readonly total?: number } | undefined): string {
  return `${Math.floor((100 * (progress?.read ?? 0)) / Math.max(1, progress?.total ?? 1))} %`;
}
