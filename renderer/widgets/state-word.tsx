import { Icon } from './icon.tsx';
import type { IconName } from './icon.tsx';
import './marks.css';

export type Tone = 'plain' | 'good' | 'bad' | 'warn' | 'accent';

interface StateWordProps {
  readonly icon: IconName;
  readonly word: string;
  readonly tone: Tone;
  readonly busy?: boolean;
  readonly title?: string;
}

/** How something fares: icon and word always together, so that colour never carries it alone. */
export function StateWord({ icon, word, tone, busy, title }: StateWordProps) {
  return (
    <span className={`state-word ${tone} ${busy ? 'busy' : ''}`} title={title}>
      <Icon name={icon} size={14} />
      {word}
    </span>
  );
}
