import { useEffect, useRef } from 'react';
import type { EventHeadDto, PairExplanationDto } from '../../../app/contract/page.ts';
import { AnswerWaiting, LinkActions, SayButton } from '../../canvas/link-why.tsx';
import { usePairExplanation } from '../../state/link-edits.ts';
import { endPairing, startPicking, usePairing } from '../../state/pairing.ts';
import { Button, IconButton } from '../../widgets/button.tsx';
import { PairExplanation, refName } from '../../widgets/explanation.tsx';
import { ProblemNote } from '../../widgets/problem-note.tsx';
import { useKeys } from '../../widgets/use-keys.ts';
import { EventPicker } from './event-picker.tsx';
import './pair-section.css';

interface PairSectionProps {
  readonly head: EventHeadDto;
  readonly trace: string | undefined;
}

/** The selected event together with another: why they are linked, or are not, and the links that could be made. */
export function PairSection({ head, trace }: PairSectionProps) {
  const picking = usePairing((state) => state.picking);
  const other = usePairing((state) => state.other);
  useKeys({ w: startPicking });
  if (picking)
    return (
      <section className="pair" aria-label="Choose another event">
        <Head title="Choose another event" />
        <EventPicker except={head.id} />
      </section>
    );
  if (other === undefined) return null;
  return (
    <section className="pair" aria-label="Two events">
      <Head title="These two events" focus />
      <Pair key={other} a={head.id} b={other} trace={trace} />
    </section>
  );
}

/** Takes the focus where the two events were just chosen: the answer is what comes next. */
function Head({ title, focus = false }: { readonly title: string; readonly focus?: boolean }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (focus) heading.current?.focus({ preventScroll: true });
  }, [focus]);
  return (
    <header className="pair-head">
      <h3 ref={heading} tabIndex={-1}>
        {title}
      </h3>
      <IconButton
        icon="cross"
        label="Look at one event again"
        hint="Esc"
        className="small"
        onClick={endPairing}
      />
    </header>
  );
}

interface PairProps {
  readonly a: string;
  readonly b: string;
  readonly trace: string | undefined;
}

function Pair({ a, b, trace }: PairProps) {
  const { found, problem } = usePairExplanation(a, b, trace);
  if (problem)
    return (
      <ProblemNote problem={problem}>
        <Button onClick={startPicking}>Choose another</Button>
      </ProblemNote>
    );
  if (!found) return <AnswerWaiting />;
  const { from, to, link } = found;
  return (
    <>
      <p className="pair-names">
        <b>{refName(from)}</b> <span>{link ? 'caused' : 'is not linked to'}</span> <b>{refName(to)}</b>
      </p>
      <PairExplanation explanation={found} />
      <Says explanation={found} />
    </>
  );
}

/** What can be said of the two: of a link that there is, or that there should be one. */
function Says({ explanation: { from, to, link, edit } }: { readonly explanation: PairExplanationDto }) {
  const name = `${refName(from)} and ${refName(to)}`;
  if (link)
    return (
      <div className="link-actions">
        <LinkActions link={{ from: from.id, to: to.id, ...link }} name={name} />
      </div>
    );
  return (
    <div className="link-actions">
      {edit === 'cut' && (
        <SayButton said={{ from: from.id, to: to.id }} action="undo" word="Undo the cut" name={name} />
      )}
      <SayButton
        said={{ from: from.id, to: to.id }}
        action="add"
        word={`Link: ${from.type ?? 'the earlier'} caused ${to.type ?? 'the later'}`}
        name={name}
        look="plain"
      />
      <SayButton
        said={{ from: to.id, to: from.id }}
        action="add"
        word="Link the other way"
        name={name}
        look="plain"
      />
    </div>
  );
}
