import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { scrubbedEnv } from '../../src/cli/scrubbed-env.ts';
import { createSecrets, missingSecrets } from '../../src/cli/secrets.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'secrets-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const secretsOf = (value: string) =>
  createSecrets({ declared: { hook: { environment: 'HOOK' } }, env: { HOOK: value }, directory });

describe('a secret that was read must be taken out of every text', () => {
  const cases: [string, string, string, string][] = [
    ['as it is', 's3cret!', 'token s3cret! sent', 'token *** sent'],
    ['escaped as JSON', 'a"b\\c', '{"token":"a\\"b\\\\c"}', '{"token":"***"}'],
    ['escaped for an address', 'a b&c', 'http://x/?t=a%20b%26c', 'http://x/?t=***'],
    ['line by line', 'first line\nsecond line', 'at second line', 'at ***'],
  ];
  test.each(cases)('%s', async (_how, value, text, masked) => {
    const secrets = secretsOf(value);
    await secrets.value({ secret: 'hook' });
    expect(secrets.mask(text)).toBe(masked);
  });

  test('the longer of two first, so that no end of it stays', async () => {
    const secrets = createSecrets({
      declared: { short: { environment: 'A' }, long: { environment: 'B' } },
      env: { A: 'abc', B: 'abcdef' },
      directory,
    });
    await secrets.value({ secret: 'short' });
    await secrets.value({ secret: 'long' });
    expect(secrets.mask('abcdef abc')).toBe('*** ***');
  });

  test('but one of two letters would only garble the text', async () => {
    const secrets = secretsOf('ab');
    await secrets.value({ secret: 'hook' });
    expect(secrets.mask('table')).toBe('table');
  });
});

describe('a secret must be taken out before a step asks for it', () => {
  test('where it lies in a variable or a file; what is missing is no trouble yet', async () => {
    writeFileSync(join(directory, 'token'), 'v4lue\n');
    const declared = { hook: { environment: 'HOOK' }, token: { file: 'token' }, gone: { file: 'gone' } };
    const secrets = createSecrets({ declared, env: { HOOK: 's3cret' }, directory });
    await secrets.learn();
    expect(secrets.mask('s3cret and v4lue')).toBe('*** and ***');
  });

  test('but a pipe must not be waited for', async () => {
    execFileSync('mkfifo', [join(directory, 'pipe')]);
    const secrets = createSecrets({ declared: { pipe: { file: 'pipe' } }, env: {}, directory });
    expect(await secrets.learn()).toBeUndefined();
  });
});

test('half a letter in a value must not end what masks it', () => {
  const secrets = secretsOf('x');
  secrets.hide(['abc\ud800']);
  expect(secrets.mask('an abc\ud800 b')).toBe('an *** b');
});

describe('a secret must be had', () => {
  test('from a file, without the line feed at its end', async () => {
    writeFileSync(join(directory, 'token'), 'v4lue\n');
    const secrets = createSecrets({ declared: { token: { file: 'token' } }, env: {}, directory });
    expect(await secrets.value({ secret: 'token' })).toBe('v4lue');
  });

  test('or the sentence must say what is missing, without a value', async () => {
    const declared = { hook: { environment: 'HOOK' }, token: { file: 'none' } };
    const secrets = createSecrets({ declared, env: {}, directory });
    await expect(secrets.value({ secret: 'hook' })).rejects.toThrow('the variable HOOK is not set');
    await expect(secrets.value({ secret: 'token' })).rejects.toThrow('cannot be read');
    await expect(secrets.value({ secret: 'other' })).rejects.toThrow('does not declare it');
  });
});

test('an undo must get only what reaches the engine, and the named variables of secrets', () => {
  const kept = { PATH: '/bin', HOME: '/root', DOCKER_HOST: 'x', https_proxy: 'y', SSH_AUTH_SOCK: 's', HOOK: 'h' };
  const dropped = { TAG: '2', COMPOSE_FILE: 'a.yml', COMPOSE_PROJECT_NAME: 'b' };
  expect(scrubbedEnv({ ...kept, ...dropped }, { hook: { environment: 'HOOK' } })).toEqual(kept);
});

test('secrets that cannot be had must be named before anything is done, without being read', () => {
  const declared = { a: { environment: 'A' }, b: { environment: 'B' }, c: { file: 'c' }, d: { file: 'd' } };
  writeFileSync(join(directory, 'c'), 'x');
  expect(missingSecrets({ declared, env: { A: '' }, directory })).toEqual([
    'the secret b cannot be had: B is not set',
    `the secret d cannot be had: ${join(directory, 'd')} cannot be read`,
  ]);
});
