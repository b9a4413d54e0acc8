import { useEffect, useState } from 'react';
import { create } from 'zustand';
import type { MembershipExplanationDto, PairExplanationDto, Problem } from '../../app/contract/page.ts';
import { engine } from '../rpc/engine.ts';
import type { PageClient } from '../rpc/link.ts';
import { asProblem } from '../rpc/problem.ts';
import { refreshEvent } from './events.ts';
import { refreshTrace } from './trace.ts';

export type LinkAction = Parameters<PageClient['links']['edit']>[0]['action'];

/** What the reader said of a link. */
export interface Said {
  readonly from: string;
  readonly to: string;
  readonly action: LinkAction;
}

interface LinkEditsState {
  /** Grows with each thing said: explanations that are open are asked again. */
  readonly version: number;
  readonly busy?: Said;
  /** What was said last, so that it can be taken back. */
  readonly last?: Said;
  /** Why what was said last could not be kept. */
  readonly problem?: Problem;
}

export const useLinkEdits = create<LinkEditsState>(() => ({ version: 0 }));

/** Says something of a link; all that shows it is asked again. */
export async function editLink(said: Said): Promise<void> {
  useLinkEdits.setState({ busy: said, problem: undefined, last: undefined });
  try {
    await engine().links.edit(said);
    useLinkEdits.setState({ last: said });
  } catch (error) {
    useLinkEdits.setState({ problem: asProblem(error) });
  }
  useLinkEdits.setState(({ version }) => ({ version: version + 1, busy: undefined }));
  refreshTrace();
  refreshEvent();
}

/** Lets go of what was said last. */
export function forgetSaid(): void {
  useLinkEdits.setState({ last: undefined, problem: undefined });
}

/** An answer of the engine, or why there is none; neither while it is waited for. */
export interface Answer<T> {
  readonly found?: T;
  readonly problem?: Problem;
}

/** Why two events are linked, or are not. */
export function usePairExplanation(
  a: string,
  b: string,
  trace: string | undefined,
): Answer<PairExplanationDto> {
  const question = JSON.stringify([a, b, trace]);
  return useAnswer(question, () => engine().links.explain({ a, b, trace }));
}

/** Why an event is in a trace. */
export function useMembership(event: string, trace: string): Answer<MembershipExplanationDto> {
  return useAnswer(JSON.stringify([event, trace]), () => engine().links.membership({ event, trace }));
}

/** Asks when the question changes, and when something was said of links; the old answer stays until the new one is there. */
function useAnswer<T>(question: string, ask: () => Promise<T>): Answer<T> {
  const version = useLinkEdits((state) => state.version);
  const [answer, setAnswer] = useState<Answer<T> & { readonly question: string }>({ question });
  useEffect(() => {
    let stale = false;
    ask().then(
      (found) => !stale && setAnswer({ question, found }),
      (error: unknown) => !stale && setAnswer({ question, problem: asProblem(error) }),
    );
    return () => {
      stale = true;
    };
    // What is asked follows from the question.
    // eslint-disable-next-line react/exhaustive-deps
  }, [question, version]);
  return answer.question === question ? answer : {};
}
