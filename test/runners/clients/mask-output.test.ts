import { describe, expect, test } from 'vitest';
import { maskOutput } from '../../../runners/clients/mask-output.ts';

describe('output of programs', () => {
  test.each([
    ['login failed for hunter22', { DB_PASSWORD: 'hunter22' }, 'login failed for ***'],
    ['login failed for hunter22', { GREETING: 'hunter22' }, 'login failed for hunter22'],
    ['key abcdef', { AWS_SECRET_ACCESS_KEY: 'abcdef' }, 'key ***'],
    ['yes', { DB_PASSWORD: 'yes' }, 'yes'],
    ['at postgres://me:pw@db:5432/x', {}, 'at postgres://me:***@db:5432/x'],
    ['at http://db:5432/x', {}, 'at http://db:5432/x'],
  ])('%j with %j must become %j', (text, env, masked) => {
    expect(maskOutput(text, env as unknown as Record<string, string>)).toBe(masked);
  });
});
