import './notes.css';

interface ProgressProps {
  /** 0 to 1; without it nobody knows how much is left. */
  readonly part?: number;
  readonly label: string;
}

/** How far something is. */
export function Progress({ part, label }: ProgressProps) {
  const percent = part === undefined ? undefined : Math.round(Math.min(1, Math.max(0, part)) * 100);
  return (
    <div
      className={`progress ${percent === undefined ? 'unknown' : ''}`}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <span style={percent === undefined ? undefined : { width: `${percent}%` }} />
    </div>
  );
}
