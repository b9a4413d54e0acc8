import { useId, useState } from 'react';
import type { ReactNode } from 'react';
import { AnswerWaiting } from '../../canvas/link-why.tsx';
import { useMembership } from '../../state/link-edits.ts';
import { startPicking } from '../../state/pairing.ts';
import { Button } from '../../widgets/button.tsx';
import { DisclosureButton } from '../../widgets/disclosure-button.tsx';
import { MembershipExplanation } from '../../widgets/explanation.tsx';
import { ProblemNote } from '../../widgets/problem-note.tsx';

interface WhyHereProps {
  readonly event: string;
  readonly trace: string;
}

/** "Why is this here?" of an event in a trace, answered below it; with more that can be done beside it. */
export function WhyHere({ event, trace, children }: WhyHereProps & { readonly children?: ReactNode }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <div className="why-here">
      <div className="link-actions">
        <DisclosureButton open={open} controls={id} onToggle={setOpen}>
          Why is this here?
        </DisclosureButton>
        {children}
      </div>
      {open && (
        <div id={id}>
          <Answer event={event} trace={trace} />
        </div>
      )}
    </div>
  );
}

/** The way to a second event. */
export function PickOther() {
  return (
    <Button look="quiet" title="Choose another event (w)" onClick={startPicking}>
      Link to…, or why not?
    </Button>
  );
}

function Answer({ event, trace }: WhyHereProps) {
  const { found, problem } = useMembership(event, trace);
  if (problem) return <ProblemNote problem={problem} />;
  return found ? <MembershipExplanation explanation={found} /> : <AnswerWaiting />;
}
