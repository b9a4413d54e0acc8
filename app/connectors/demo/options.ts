import { z } from 'zod';
import { ConnectionError } from '../../model/source.ts';
import { faults, type StoryKind } from './stories.ts';

/** Query parameters of a demo URL. */
export const demoOptions = z.strictObject({
  seed: z.coerce
    .number()
    .int()
    .min(0)
    .max(0xffff_ffff)
    .default(1)
    .describe('The same seed plays the same orders'),
  rate: z.coerce
    .number()
    .min(0)
    .max(50)
    .default(2)
    .describe('Orders a second; with 0 only what is in the past'),
  fault: z
    .string()
    .default('all')
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(['all', 'none', ...faults])))
    .describe('What goes wrong: all, none, or names with commas between'),
  at: z.iso
    .datetime({ offset: true })
    .optional()
    .describe(
      'The moment that the play takes for now when it is opened, for pictures that are always the same',
    ),
});

/** How the shop is played. */
export interface DemoSettings {
  readonly seed: number;
  readonly rate: number;
  readonly faults: ReadonlySet<StoryKind>;
  /** Epoch ms. */
  readonly at: number | undefined;
  /** On no broker: a name that no real one has. */
  readonly cluster: string;
}

const remedy = 'Use the form demo://?seed=1&rate=2&fault=all.';

/**
 * Reads a URL such as `demo://?seed=1&rate=3&fault=poison,retry`.
 * @throws ConnectionError `invalid-options`, naming what is wrong.
 */
export function parseDemoUrl(text: string): DemoSettings {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'demo:')
    throw new ConnectionError('invalid-options', 'That is not a demo URL.', remedy);
  if (url.host !== '' || !['', '/'].includes(url.pathname)) {
    throw new ConnectionError(
      'invalid-options',
      'The demo plays in Headwater itself and has no host.',
      remedy,
    );
  }
  const parsed = demoOptions.safeParse(Object.fromEntries(url.searchParams));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const where = [issue?.path[0], issue?.message].filter((part) => part !== undefined).join(': ');
    throw new ConnectionError('invalid-options', `The URL has a wrong option: ${where}.`, remedy);
  }
  const { seed, rate, fault, at } = parsed.data;
  const named = fault.filter((name) => name !== 'all' && name !== 'none');
  return {
    seed,
    rate,
    faults: new Set(fault.includes('all') ? faults : named),
    at: at === undefined ? undefined : Date.parse(at),
    cluster: seed === 1 ? 'live-demo' : `live-demo-${seed}`,
  };
}
