import './marks.css';

const marks = {
  kafka: { letters: 'Kf', title: 'Kafka' },
  rabbitmq: { letters: 'Rb', title: 'RabbitMQ' },
  redis: { letters: 'Rd', title: 'Redis' },
  aws: { letters: 'Aw', title: 'AWS' },
  file: { letters: 'Fi', title: 'File' },
  demo: { letters: 'De', title: 'Demo' },
} as const;

export type MarkedSystem = keyof typeof marks;

/** The system's name as people write it. */
export function systemTitle(system: MarkedSystem): string {
  return marks[system].title;
}

/** Whose it is: a small mark with a hue and two letters. Read aloud as the system's name unless `silent`. */
export function SystemMark({ system, silent }: { readonly system: MarkedSystem; readonly silent?: boolean }) {
  const { letters, title } = marks[system];
  return (
    <span
      className={`system-mark ${system}`}
      title={title}
      role={silent ? undefined : 'img'}
      aria-label={silent ? undefined : title}
      aria-hidden={silent}
    >
      {letters}
    </span>
  );
}
