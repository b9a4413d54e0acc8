import { useId, useState } from 'react';
import type { LinkDto } from '../../../app/contract/page.ts';
import { evidenceWords } from '../../canvas/link-edge.tsx';
import { LinkActions, PairAnswer } from '../../canvas/link-why.tsx';
import { DisclosureButton } from '../../widgets/disclosure-button.tsx';
import { Icon } from '../../widgets/icon.tsx';

interface LinkRowProps {
  readonly link: LinkDto;
  /** What cause and effect are called. */
  readonly names: readonly [string, string];
  /** Time between them. */
  readonly wait: string;
  readonly trace: string;
  /** The selected event is one of the two. */
  readonly touched: boolean;
  /** Shows it on the canvas while it is pointed at. */
  onShow(shown: boolean): void;
  onSelect(event: string): void;
}

/** One link in words; "Why?" answers below it. */
export function LinkRow({
  link,
  names: [cause, effect],
  wait,
  trace,
  touched,
  onShow,
  onSelect,
}: LinkRowProps) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const known = evidenceWords(link);
  const name = `${cause} → ${effect}`;
  const line = link.evidence === 'user' ? 'yours' : link.confidence >= 1 ? '' : 'dashed';
  return (
    <li>
      <div className="links-item">
        <button
          type="button"
          className={`links-row ${touched ? 'touched' : ''}`}
          title={link.why}
          onFocus={() => onShow(true)}
          onBlur={() => onShow(false)}
          onPointerEnter={() => onShow(true)}
          onPointerLeave={() => onShow(false)}
          onClick={() => onSelect(link.to)}
        >
          <span className="visually-hidden">{`${name}: ${known}`}</span>
          <span className={`links-line ${line}`} aria-hidden="true" />
          <span className="ellipsis" aria-hidden="true">
            {cause}
          </span>
          <Icon name="arrow" size={12} />
          <span className="ellipsis" aria-hidden="true">
            {effect}
          </span>
          <span className="links-wait" aria-hidden="true">
            {wait}
          </span>
          <span className="links-evidence" aria-hidden="true">
            {known}
          </span>
          <span className="links-why ellipsis" aria-hidden="true">
            {link.why}
          </span>
        </button>
        <DisclosureButton open={open} controls={id} onToggle={setOpen} aria-label={`Why? ${name}`}>
          Why?
        </DisclosureButton>
      </div>
      {open && (
        <div id={id} className="links-answer">
          <PairAnswer key={`${link.evidence} ${link.confidence}`} a={link.from} b={link.to} trace={trace} />
          <div className="link-actions">
            <LinkActions link={link} name={name} />
          </div>
        </div>
      )}
    </li>
  );
}
