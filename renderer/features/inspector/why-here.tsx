import { useId, useState } from 'react';
import { AnswerWaiting } from '../../canvas/link-why.tsx';
import { useMembership } from '../../state/link-edits.ts';
import { startPicking } from '../../state/pairing.ts';
import { Button } from '../../widgets/button.tsx';
import { MembershipExplanation } from '../../widgets/explanation.tsx';
import { ProblemNote } from '../../widgets/problem-note.tsx';

interface WhyHereProps {
  readonly event: string;
  readonly trace: string;
}

/** Why the event is in the trace that it is looked at in, and the way to a second event. */
export function WhyHere({ event, trace }: WhyHereProps) {
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <div className="why-here">
      <div className="link-actions">
        <Button
          look="quiet"
          aria-expanded={open}
          aria-controls={open ? id : undefined}
          onClick={() => setOpen(!open)}
        >
          Why is this here?
        </Button>
        <Button look="quiet" title="Choose another event (w)" onClick={startPicking}>
          Link to…, or why not?
        </Button>
      </div>
      {open && (
        <div id={id}>
          <Answer event={event} trace={trace} />
        </div>
      )}
    </div>
  );
}

function Answer({ event, trace }: WhyHereProps) {
  const { found, problem } = useMembership(event, trace);
  if (problem) return <ProblemNote problem={problem} />;
  return found ? <MembershipExplanation explanation={found} /> : <AnswerWaiting />;
}
