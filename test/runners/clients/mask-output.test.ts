import { describe, expect, test } from 'vitest';
import { maskOutput, passwordsIn } from '../../../runners/clients/mask-output.ts';

describe('output of programs', () => {
  test.each([
    ['login failed for hunter22', { DB_PASSWORD: 'hunter22' }, 'login failed for ***'],
    ['login failed for hunter22', { GREETING: 'hunter22' }, 'login failed for hunter22'],
    ['key abcdef', { AWS_SECRET_ACCESS_KEY: 'abcdef' }, 'key ***'],
    ['yes', { DB_PASSWORD: 'yes' }, 'yes'],
    ['at postgres://me:pw@db:5432/x', {}, 'at postgres://me:***@db:5432/x'],
    ['at http://db:5432/x', {}, 'at http://db:5432/x'],
    ['at redis://:pw@cache and amqp://u:p@w@mq', {}, 'at redis://:***@cache and amqp://u:***@mq'],
    ['at http://x/ and mail me:you@there', {}, 'at http://x/ and mail me:you@there'],
  ])('%j with %j must become %j', (text, env, masked) => {
    expect(maskOutput(text, env as unknown as Record<string, string>)).toBe(masked);
  });
});

test('passwords must be found where they end, and also where that is open', () => {
  expect(passwordsIn('{"a":"postgres://me:pw@db","b":"you@there"}')).toEqual(['pw']);
  expect(passwordsIn("['postgres://me:pw@db','you@there']")).toContain('pw');
  expect(passwordsIn('postgres://me:p@w@db')).toEqual(['p', 'p@w']);
  expect(passwordsIn('http://me@db:80/ and http://:@x')).toEqual([]);
});
