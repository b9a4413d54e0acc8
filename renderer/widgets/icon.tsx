const paths = {
  traces: 'M2 4h5M2 8h3m3 0h6M2 12h8m1-8h3',
  events: 'M2.5 4h.01M5.5 4H14M2.5 8h.01M5.5 8H14M2.5 12h.01M5.5 12H11',
  map: 'M1.8 6h4.4v4H1.8zM9.8 2h4.4v4H9.8zM9.8 10h4.4v4H9.8zM6.2 8H8m1.8-4H8v8h1.8',
  plug: 'M6 2v3M10 2v3M4 5h8v3a4 4 0 0 1-8 0zM8 12v2.5',
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9M10.4 10.4 14 14',
  check: 'm3 8.5 3.2 3.2L13 4.8',
  cross: 'm4 4 8 8m0-8-8 8',
  clock: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2m0 3v3.2l2.2 1.6',
  alert: 'M8 2.2 14.6 13.6H1.4zM8 6.6v3M8 11.6v.2',
  info: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2m0 5.2v3.6M8 5v.2',
  again: 'M13 8a5 5 0 1 1-1.6-3.7M13 2v3h-3',
  tomb: 'M3.5 14V7a4.5 4.5 0 0 1 9 0v7zM1.5 14h13M8 5.5v5M6.2 7.5h3.6',
  command:
    'M5.5 5.5h5v5h-5zM5.5 5.5H4A1.75 1.75 0 1 1 5.5 4zM10.5 5.5H12A1.75 1.75 0 1 0 10.5 4zM5.5 10.5H4A1.75 1.75 0 1 0 5.5 12zM10.5 10.5H12a1.75 1.75 0 1 1-1.5 1.5z',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  right: 'm6 3.5 4.5 4.5L6 12.5',
  down: 'm3.5 6 4.5 4.5L12.5 6',
  left: 'M10 3.5 5.5 8l4.5 4.5',
  up: 'M3.5 10 8 5.5l4.5 4.5',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  fit: 'M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10',
  file: 'M4 1.8h5.2L12.5 5v9.2H4zM9 2v3.2h3.3',
  sun: 'M8 5.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6M8 1.2v1.6M8 13.2v1.6M1.2 8h1.6M13.2 8h1.6M3.2 3.2l1.1 1.1M11.7 11.7l1.1 1.1M3.2 12.8l1.1-1.1M11.7 4.3l1.1-1.1',
  moon: 'M13 9.6A5.6 5.6 0 0 1 6.4 3 5.6 5.6 0 1 0 13 9.6z',
  half: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2m0 0v12',
  keyboard: 'M1.5 4h13v8h-13zM4 6.6h.2M6.6 6.6h.2M9.2 6.6h.2M11.8 6.6h.2M5 9.6h6',
  key: 'M5.2 7.2a3 3 0 1 1 0 6 3 3 0 0 1 0-6M7.4 8 13.5 2M11 4.5l2 2M8.8 6.6l1.4 1.4',
  link: 'M6.8 9.2a2.6 2.6 0 0 0 3.7 0l2-2a2.6 2.6 0 0 0-3.7-3.7l-.9.9M9.2 6.8a2.6 2.6 0 0 0-3.7 0l-2 2a2.6 2.6 0 0 0 3.7 3.7l.9-.9',
  dot: 'M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6',
  ring: 'M8 3.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9',
  pulse: 'M1.5 8.5h3L6.5 3l3 10 2-4.5h3',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  stop: 'M4.5 4.5h7v7h-7z',
  play: 'M5 3.2v9.6L12.6 8z',
  arrange: 'M2 3h4v3.5H2zM2 9.5h4V13H2zM10 6.2h4v3.6h-4zM6 4.8h2v6.4H6m2-3.2h2',
  unplugged: 'M6 2v3M10 2v3M4 5h8v3a4 4 0 0 1-8 0zM8 12v2.5M2 14 14 2',
  silent: 'M2 8h2.5M7 8h2M11.5 8H14',
  queue: 'M3 12V9M8 12V6M13 12V3',
  gap: 'M2 8h3.5M10.5 8H14M6.5 5v6M9.5 5v6',
  arrow: 'M2 8h11M9.5 4.5 13 8l-3.5 3.5',
  save: 'M8 2v7.5M5 6.8l3 3 3-3M2.5 10.5v3h11v-3',
  history: 'M2.6 8a5.4 5.4 0 1 0 1.7-3.9M2.4 2.4v2.8h2.8M8 5v3.2l2 1.4',
} as const;

export type IconName = keyof typeof paths;

const filled: ReadonlySet<IconName> = new Set(['dot', 'stop']);

/** A 16-px line drawing. It says nothing to screen readers: the word beside it does. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill={filled.has(name) ? 'currentColor' : 'none'}
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  );
}
