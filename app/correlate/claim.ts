import type { Link } from '../model/trace.ts';
import type { EventNode } from './nodes.ts';

/** A link before it is accepted. */
export interface Claim extends Pick<Link, 'evidence' | 'confidence' | 'why'> {
  readonly cause: EventNode;
  readonly effect: EventNode;
}
