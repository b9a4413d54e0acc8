import { useId, useState } from 'react';
import type { LinkDto } from '../../app/contract/page.ts';
import { editLink, useLinkEdits, usePairExplanation } from '../state/link-edits.ts';
import type { LinkAction } from '../state/link-edits.ts';
import { Button } from '../widgets/button.tsx';
import { DisclosureButton } from '../widgets/disclosure-button.tsx';
import { PairExplanation } from '../widgets/explanation.tsx';
import { ProblemNote } from '../widgets/problem-note.tsx';
import './link-why.css';

interface LinkWhyProps {
  readonly link: Pick<LinkDto, 'from' | 'to' | 'evidence' | 'confidence'>;
  /** The trace that it is looked at in. */
  readonly trace: string | undefined;
  /** What the buttons are about, for who does not see where they stand. */
  readonly name: string;
}

/** "Why?" of a link, answered below it, and what can be said of it. */
export function LinkWhy({ link, trace, name }: LinkWhyProps) {
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <div className="link-why">
      <div className="link-actions">
        <DisclosureButton open={open} controls={id} onToggle={setOpen} aria-label={`Why? ${name}`}>
          Why?
        </DisclosureButton>
        <LinkActions link={link} name={name} />
      </div>
      {open && (
        <div id={id}>
          <PairAnswer key={`${link.evidence} ${link.confidence}`} a={link.from} b={link.to} trace={trace} />
        </div>
      )}
    </div>
  );
}

/** What the reader can say of a link that there is. */
export function LinkActions({ link, name }: Pick<LinkWhyProps, 'link' | 'name'>) {
  const { from, to, evidence, confidence } = link;
  if (evidence === 'user') return <SayButton said={{ from, to }} action="undo" word="Undo" name={name} />;
  return (
    <>
      {confidence < 1 && <SayButton said={{ from, to }} action="confirm" word="Confirm" name={name} />}
      <SayButton said={{ from, to }} action="cut" word="Cut" name={name} />
    </>
  );
}

interface SayButtonProps {
  readonly said: { readonly from: string; readonly to: string };
  readonly action: LinkAction;
  readonly word: string;
  readonly name: string;
  readonly look?: 'plain' | 'quiet';
}

const hints: Record<LinkAction, string> = {
  confirm: 'It is so: shown as yours, and no longer as a guess',
  add: 'The first caused the second: kept as yours',
  cut: 'It is not so: never shown again',
  undo: 'Take back what you said of it',
};

/** Says one thing of one link. */
export function SayButton({ said: { from, to }, action, word, name, look = 'quiet' }: SayButtonProps) {
  const busy = useLinkEdits(({ busy: at }) => at?.from === from && at.to === to && at.action === action);
  return (
    <Button
      look={look}
      busy={busy}
      title={hints[action]}
      aria-label={`${word}: ${name}`}
      onClick={() => void editLink({ from, to, action })}
    >
      {word}
    </Button>
  );
}

interface PairAnswerProps {
  readonly a: string;
  readonly b: string;
  readonly trace: string | undefined;
}

/** Why two events are linked, or are not; while it is looked for, and where it cannot be said. */
export function PairAnswer({ a, b, trace }: PairAnswerProps) {
  const { found, problem } = usePairExplanation(a, b, trace);
  if (problem) return <ProblemNote problem={problem} />;
  return found ? <PairExplanation explanation={found} /> : <AnswerWaiting />;
}

/** While the engine looks. */
export function AnswerWaiting() {
  return (
    <div className="explanation-waiting" aria-busy="true" aria-label="Looking for the reasons">
      {[85, 60, 70].map((width) => (
        <span key={width} className="skeleton" style={{ width: `${width}%` }} />
      ))}
    </div>
  );
}
