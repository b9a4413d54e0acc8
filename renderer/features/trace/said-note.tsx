import type { EventHeadDto } from '../../../app/contract/page.ts';
import { editLink, forgetSaid, useLinkEdits } from '../../state/link-edits.ts';
import type { LinkAction } from '../../state/link-edits.ts';
import { Button, IconButton } from '../../widgets/button.tsx';

const words: Record<LinkAction, string> = {
  confirm: 'You confirmed the link',
  add: 'You linked',
  cut: 'You cut the link',
  undo: 'You took back what you said of',
};

/** What was just said of a link, with the way back; or why it could not be kept. Read aloud when it changes. */
export function SaidNote({ events }: { readonly events: readonly EventHeadDto[] }) {
  const last = useLinkEdits((state) => state.last);
  const problem = useLinkEdits((state) => state.problem);
  const name = (id: string): string => events.find((event) => event.id === id)?.type ?? id;
  return (
    <div className="said-note" role="status">
      {problem && (
        <p>
          <span className="said-problem">{problem.message}</span> {problem.remedy}
        </p>
      )}
      {last && (
        <p className="ellipsis">
          {words[last.action]} {name(last.from)} → {name(last.to)}.
        </p>
      )}
      {last && last.action !== 'undo' && (
        <Button look="quiet" onClick={() => void editLink({ ...last, action: 'undo' })}>
          Undo
        </Button>
      )}
      {(last || problem) && <IconButton icon="cross" label="Close" className="small" onClick={forgetSaid} />}
    </div>
  );
}
