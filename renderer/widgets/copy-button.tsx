import { useEffect, useState } from 'react';
import { Icon } from './icon.tsx';
import './button.css';

interface CopyButtonProps {
  /** What is copied is "Copy <what>". */
  readonly what: string;
  readonly text: string | (() => string | Promise<string>);
  /** Shows the words beside the icon. */
  readonly words?: boolean;
}

/** Copies, and says whether it did. */
export function CopyButton({ what, text, words }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<'copied' | 'failed'>();
  useEffect(() => {
    if (!outcome) return undefined;
    const timer = setTimeout(() => setOutcome(undefined), 1600);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(typeof text === 'string' ? text : await text());
      setOutcome('copied');
    } catch {
      setOutcome('failed');
    }
  };
  const said = outcome === 'copied' ? 'Copied' : outcome === 'failed' ? 'Not copied' : undefined;
  return (
    <button
      type="button"
      className={words ? 'button quiet' : 'icon-button small'}
      aria-label={`Copy ${what}`}
      title={said ?? `Copy ${what}`}
      onClick={() => void copy()}
    >
      <Icon name={outcome === 'copied' ? 'check' : outcome === 'failed' ? 'cross' : 'copy'} size={14} />
      {words && (said ?? `Copy ${what}`)}
      <span className="visually-hidden" role="status">
        {words ? '' : said}
      </span>
    </button>
  );
}
