import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { registryAuth } from '../../../runners/clients/credentials.ts';
import type { Look } from '../../../src/runner/contract.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const login = (text: string) => Buffer.from(text).toString('base64');

async function authFor(reference: string, config: unknown, helper?: string): Promise<unknown> {
  const folder = await tempFolder('config');
  await writeFile(join(folder, 'config.json'), typeof config === 'string' ? config : JSON.stringify(config));
  if (helper !== undefined) {
    await writeFile(join(folder, 'docker-credential-test'), `#!/bin/sh\n${helper}\n`);
    await chmod(join(folder, 'docker-credential-test'), 0o755);
  }
  const look = {
    env: { DOCKER_CONFIG: folder, PATH: `${folder}:${process.env['PATH'] ?? ''}` },
    signal: new AbortController().signal,
  } as unknown as Look;
  const auth = await registryAuth(reference, look);
  return auth === undefined ? undefined : JSON.parse(Buffer.from(auth, 'base64url').toString());
}

describe('registry logins', () => {
  test('an entry of `auths` must be used for its registry, a colon in the password included', async () => {
    const config = { auths: { 'registry.example': { auth: login('me:pass:word') } } };
    expect(await authFor('registry.example/app:1', config)).toEqual({
      username: 'me',
      password: 'pass:word',
      serveraddress: 'registry.example',
    });
    expect(await authFor('other.example/app:1', config)).toBeUndefined();
    expect(await authFor('app:1', config)).toBeUndefined();
  });

  test('an entry with a scheme and a path must be found by its host, Docker Hub by its old address', async () => {
    const auths = {
      'https://registry.example/v2/': { auth: login('a:b') },
      'https://index.docker.io/v1/': { auth: login('c:d') },
    };
    expect(await authFor('registry.example/app', { auths })).toMatchObject({ username: 'a' });
    expect(await authFor('nginx', { auths })).toMatchObject({
      username: 'c',
      serveraddress: 'https://index.docker.io/v1/',
    });
  });

  test('a credential helper must beat `auths`', async () => {
    const config = { credsStore: 'test', auths: { 'registry.example': { auth: login('old:old') } } };
    const helper =
      'read -r server; echo "{\\"ServerURL\\":\\"$server\\",\\"Username\\":\\"$1\\",\\"Secret\\":\\"s3cret\\"}"';
    expect(await authFor('registry.example/app', config, helper)).toMatchObject({
      username: 'get',
      password: 's3cret',
    });
    const token = 'echo \'{"Username":"<token>","Secret":"t0ken"}\'';
    expect(await authFor('registry.example/app', config, token)).toMatchObject({ identitytoken: 't0ken' });
  });

  test('a helper for another registry must not be asked, one that knows nothing must not stop anything', async () => {
    expect(
      await authFor('registry.example/app', { credHelpers: { 'other.example': 'test' } }, 'exit 1'),
    ).toBeUndefined();
    expect(await authFor('registry.example/app', { credsStore: 'test' }, 'echo not found; exit 1')).toBeUndefined();
    expect(await authFor('registry.example/app', { credsStore: 'absent' })).toBeUndefined();
  });

  test('a configuration that is no JSON must be named', async () => {
    await expect(authFor('app', '{ not json')).rejects.toMatchObject({
      reason: 'unavailable',
      message: expect.stringContaining('config.json is not valid JSON'),
    });
  });
});
