import { expect, test } from 'vitest';
import { secretsAmong } from '../../../runners/stack/secret-values.ts';

const model = (environment: Record<string, string | null>, args: Record<string, string> = {}) => ({
  name: 'shop',
  services: { db: { image: 'postgres:16', environment, build: { args } } },
});

test('values of variables and build arguments whose names tell must count as secret', () => {
  const found = secretsAmong(
    model({ DB_PASSWORD: 'hunter22', GREETING: 'good day', API_KEY: null }, { NPM_TOKEN: 'npm_abc' }),
  );
  expect(found).toEqual(['hunter22', 'npm_abc']);
});

test('a password in an address must count whatever the variable is called, and a doubled dollar sign is one', () => {
  expect(secretsAmong(model({ DATABASE_URL: 'postgres://me:pa$$word@db/x' }))).toEqual(['pa$word']);
});

test('what is short, or part of a name of the stack, hides nothing and must not', () => {
  expect(secretsAmong(model({ DB_PASSWORD: 'postgres', API_TOKEN: 'abc' }), ['x', 'spoken'])).toEqual(['spoken']);
});
