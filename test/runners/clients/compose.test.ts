import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { composeChanger, composeReader } from '../../../runners/clients/compose.ts';
import type { Target } from '../../../src/runner/contract.ts';
import { clientLook } from '../../support/client-look.ts';
import { tempFolder } from '../../support/temp-folder.ts';

type Stub = Awaited<ReturnType<typeof stub>>;

/** Programs of our own in place of docker: each call is written down with its arguments, one a line. */
async function stub(script: string, target: Partial<Target> = {}, program = 'docker', env = {}) {
  const folder = await tempFolder('stub');
  const file = join(folder, program);
  const calls = join(folder, 'calls');
  await writeFile(file, `#!/bin/sh\nfor a in "$@"; do echo "$a" >>${calls}; done; echo == >>${calls}\n${script}\n`);
  await chmod(file, 0o755);
  const client = clientLook({ PATH: `${folder}:/usr/bin:/bin`, ...env }, { directory: folder, ...target });
  const called = async () =>
    (await readFile(calls, 'utf8'))
      .split('==\n')
      .slice(0, -1)
      .map((call) => call.split('\n').slice(0, -1).filter(notStyle));
  return { ...client, folder, called };
}

/** `--ansi never` says nothing about what is asked. */
const notStyle = (word: string, at: number, call: string[]) => word !== '--ansi' && call[at - 1] !== '--ansi';

const version = 'case "$*" in *version*) echo 2.26.1-4; exit 0;; esac';
const lastCall = async ({ called }: Stub) => (await called()).at(-1);

describe('docker compose', () => {
  test('the version must come without what a distribution adds, asked once', async () => {
    const one = await stub(version);
    const compose = await composeReader(one.look);
    expect(await compose.version()).toBe('2.26.1');
    expect(await compose.version()).toBe('2.26.1');
    expect(await one.called()).toHaveLength(1);
  });

  test('the stand-alone program must be used where docker has no plugin', async () => {
    const { look, folder, called } = await stub(version, {}, 'docker-compose');
    const compose = await composeReader({ ...look, env: { PATH: folder } });
    expect(await compose.version()).toBe('2.26.1');
    expect(await called()).toEqual([['version', '--short']]);
  });

  test('no Compose at all must be a refusal that says what is missing', async () => {
    const { look } = await stub('exit 1');
    const none = { ...look, env: { PATH: '/nowhere' } };
    await expect((await composeReader(none)).version()).rejects.toMatchObject({
      reason: 'unavailable',
      message: 'Docker Compose is not here: neither `docker compose` nor `docker-compose` answers.',
    });
  });

  test("the target's words must go to Compose as one argument each", async () => {
    const one = await stub(`${version}\necho '{"name":"shop","services":{}}'`, {
      project: 'shop',
      files: ['a b.yml', 'c.yml'],
      env_files: ['x.env'],
      profiles: ['debug'],
      context: 'far',
    });
    for (const file of ['a b.yml', 'c.yml']) await writeFile(join(one.folder, file), '');
    expect((await (await composeReader(one.look)).config()).model).toEqual({ name: 'shop', services: {} });
    expect((await lastCall(one))?.join('|')).toBe(
      `--context|far|compose|--project-directory|${one.folder}|-f|a b.yml|-f|c.yml|-p|shop|--env-file|x.env|--profile|debug|config|--format|json`,
    );
  });

  test('once there is a frozen file nothing else may be resolved', async () => {
    const one = await stub(
      `${version}\necho "$COMPOSE_FILE$COMPOSE_PROJECT_NAME" >>calls-env\ncat frozen.json`,
      {},
      'docker',
      {
        COMPOSE_FILE: 'other.yml',
        COMPOSE_PROJECT_NAME: 'other',
      },
    );
    const frozen = join(one.folder, 'frozen.json');
    await writeFile(frozen, '{"name":"shop","services":{}}');
    const compose = await composeReader({ ...one.look, frozen });
    await compose.config();
    expect((await lastCall(one))?.join('|')).toBe(
      `compose|--project-directory|${one.folder}|-f|${frozen}|-p|shop|config|--format|json`,
    );
    expect(await readFile(join(one.folder, 'calls-env'), 'utf8')).toBe('\n');
    expect(await compose.variables()).toEqual([]);
  });

  test('hashes must be asked of text that goes in by standard input', async () => {
    const one = await stub(`${version}\ncat >stdin; echo "web abc"; echo "db def"`);
    const text = '{"name":"shop","services":{}}';
    expect(await (await composeReader(one.look)).hashes(text)).toEqual({ web: 'abc', db: 'def' });
    expect(await readFile(join(one.folder, 'stdin'), 'utf8')).toBe(text);
    expect((await lastCall(one))?.slice(3, 5)).toEqual(['-f', '-']);
  });

  test('an invalid file must be a problem with its place, a missing one must say where was looked', async () => {
    const said = 'validating /x: services.web Additional property imagee is not allowed';
    const one = await stub(`${version}\necho '${said}' >&2; exit 15`);
    const compose = await composeReader(one.look);
    await expect(compose.config()).rejects.toMatchObject({
      problems: [{ code: 'no-compose-file', message: expect.stringContaining(one.folder) }],
    });
    const file = join(one.folder, 'compose.yaml');
    await writeFile(file, 'services:\n  web:\n    imagee: a\n');
    await expect(compose.config()).rejects.toMatchObject({
      problems: [{ code: 'invalid-compose-file', place: { file, line: 3, column: 5 } }],
    });
  });

  test('a failing call must carry its last lines, without secrets of the environment', async () => {
    const one = await stub(`${version}\necho "one"; echo "password hunter22 is wrong" >&2; exit 3`, {}, 'docker', {
      DB_PASSWORD: 'hunter22',
    });
    const file = join(one.folder, 'rendered.json');
    await writeFile(file, '{"name":"shop","services":{}}');
    const compose = await composeChanger(one.context);
    await expect(compose.create(file, { web: 2, db: 1 }, ['web'])).rejects.toMatchObject({
      name: 'StepFailure',
      class: 'exit',
      message: 'docker compose create failed: password *** is wrong',
      lines: expect.arrayContaining(['one', 'password *** is wrong']),
    });
    const call = (await lastCall(one)) ?? [];
    expect(call.slice(call.indexOf('create')).join('|')).toBe(
      'create|--no-build|--pull|never|--no-recreate|--scale|web=2|--scale|db=1|--|web',
    );
  });

  test('a cancelled call must end with the reason of the cancel', async () => {
    const one = await stub(`${version}\necho begun; exec sleep 600`);
    const compose = await composeChanger(one.context);
    const running = compose.docker(['pull', 'x'], (line) => line === 'begun' && one.abort(new Error('enough')));
    await expect(running).rejects.toThrow('enough');
  });

  test.each([
    ['manifest unknown', 'not-found'],
    ['pull access denied for x', 'auth'],
    ['net/http: TLS handshake timeout', 'transient'],
  ])('a pull that says "%s" must be a failure of class %s', async (said, failureClass) => {
    const one = await stub(`echo "Error response from daemon: ${said}" >&2; exit 1`);
    const compose = await composeChanger(one.context);
    await expect(compose.pull('x:1', () => undefined)).rejects.toMatchObject({ class: failureClass });
  });
});
