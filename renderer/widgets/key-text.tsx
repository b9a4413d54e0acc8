import './marks.css';

interface KeyTextProps {
  readonly name: string;
  readonly value: string;
}

/** A correlation key as the user types it into the search. */
export function KeyText({ name, value }: KeyTextProps) {
  return (
    <span className="key-text">
      <span className="name">{name}=</span>
      <span className="value">{value}</span>
    </span>
  );
}
