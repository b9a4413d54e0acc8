import { expect, test } from 'vitest';
import { ConnectionError } from '../../model/source.ts';
import { mustSee, type Means } from './means.ts';
import type { RabbitmqSettings } from './options.ts';

const settings = { management: new URL('http://127.0.0.1:1') } as unknown as RabbitmqSettings;
const blind: Means = {
  kind: 'taps',
  enable: false,
  problem: new ConnectionError('unreachable', 'The management API cannot be used.', 'Check the option.'),
};

test('does not count as connected what would see nothing', () => {
  expect(() => mustSee(blind, settings, 'all')).toThrow(
    expect.objectContaining({
      code: 'unreachable',
      retryable: true,
      message: 'The management API cannot be used.',
      remedy: expect.stringMatching(/Check the option\. .*name the exchanges/) as string,
    }),
  );
  const none = { ...settings, management: undefined };
  expect(() => mustSee({ kind: 'taps', enable: false }, none, 'all')).toThrow(/nothing would be seen/);
});

test('exchanges that are named can be read without the management API', () => {
  expect(() => mustSee(blind, settings, ['orders'])).not.toThrow();
  expect(() => mustSee({ kind: 'firehose', enable: true }, settings, 'all')).not.toThrow();
});
