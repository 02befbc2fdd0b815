import { mkdir } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { composeReader } from '../../runners/clients/compose.ts';
import { dockerChanger, dockerReader } from '../../runners/clients/docker.ts';
import { sshAgent } from '../../runners/clients/ssh-agent.ts';
import { compose as family } from '../../runners/compose/index.ts';
import type { Problems } from '../../src/errors.ts';
import type { AnyAction, Look } from '../../src/runner/contract.ts';
import { bench } from '../support/action-context.ts';
import { clientLook } from '../support/client-look.ts';
import { docker } from '../support/docker.ts';
import { getOnly, withFaultProxy } from '../support/fault-proxy.ts';
import { withStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

const env = () =>
  Object.fromEntries(Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined));

const web = 'services:\n  web:\n    image: playbook-fixture/app:1\n    labels: { playbook.test: clients }\n';

describe('the Engine client on a real engine', () => {
  test('a container must be found, read, watched and changed', async () => {
    await withStack('client', { 'compose.yml': web }, async (stack) => {
      await stack.compose(['up', '-d']);
      const { look, context, close } = clientLook(env());
      const reader = await dockerReader(look);
      const changer = await dockerChanger(context);
      const [found] = await reader.containers({ project: stack.project, service: 'web' });
      const id = found?.Id ?? '';
      expect(id).toBe((await stack.ids('web'))[0]);
      expect((await reader.container(id))?.State.Running).toBe(true);
      expect((await reader.stats(id))?.memory_stats.usage).toBeGreaterThan(0);
      await until('it has logged', async () => (await reader.logs(id, { tail: 5 })).length > 0);

      const stop = new AbortController();
      const seen: string[] = [];
      const watching = (async () => {
        const since = String(Math.floor(Date.now() / 1000) - 1);
        for await (const event of reader.events({ project: stack.project, types: ['container'], since }, stop.signal)) {
          seen.push(event.action);
          expect(event.time_nano).toMatch(/^\d{19}$/);
          if (event.action === 'rename') break;
        }
      })();
      await changer.restartPolicy(id, { Name: 'no' });
      await changer.stop(id, 1);
      await changer.stop(id, 1);
      await changer.start(id);
      await changer.start(id);
      await changer.rename(id, `${stack.project}-other`);
      await changer.rename(id, `${stack.project}-other`);
      await watching;
      stop.abort();
      expect(seen).toEqual(expect.arrayContaining(['stop', 'start', 'rename']));
      const network = `${stack.project}_default`;
      await changer.disconnect(network, id);
      await changer.disconnect(network, id);
      await changer.connect(network, id, { Aliases: ['www'] });
      await changer.connect(network, id, { Aliases: ['www'] });
      const endpoint = (await reader.container(id))?.NetworkSettings.Networks[network];
      expect(endpoint?.Aliases).toContain('www');
      close();
    });
  });

  test('an image must be named and lose its name again, and one in use must keep its last', async () => {
    await withStack('tags', { 'compose.yml': web }, async (stack) => {
      const { context, close } = clientLook(env());
      const changer = await dockerChanger(context);
      const name = `${stack.project}/x:1`;
      await changer.tag('playbook-fixture/app:1', name);
      expect((await changer.image(name))?.RepoTags).toContain(name);
      await changer.untag(name);
      await changer.untag(name);
      expect(await changer.image(name)).toBeUndefined();

      await docker(['build', '-q', '-t', name, '-'], {
        input: `FROM playbook-fixture/app:1\nLABEL playbook.test=${name}\n`,
      });
      await stack.write('compose.yml', web.replace('playbook-fixture/app:1', name));
      await stack.compose(['create']);
      await expect(changer.untag(name)).rejects.toMatchObject({ class: 'conflict' });
      expect(await changer.image(name)).toBeDefined();
      close();
    });
  });
});

describe('an engine behind ssh', () => {
  test("must be reached by docker's own dialling, several calls at a time", async () => {
    // The address only matters to the program that dials: here it is the engine at hand.
    const host = process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock';
    const agent = sshAgent(host, env());
    const ping = () =>
      new Promise<string>((resolve, reject) => {
        const asked = get({ agent, host: 'docker.invalid', path: '/_ping' }, (answer) => {
          answer.setEncoding('utf8').on('data', resolve);
        });
        asked.on('error', reject);
      });
    try {
      expect(await Promise.all([ping(), ping()])).toEqual(['OK', 'OK']);
      expect(await ping()).toBe('OK');
    } finally {
      agent.destroy();
    }
  });
});

describe('the Compose client', () => {
  test('files that are merged, extended and included must be read, and a mistake be found in the one that has it', async () => {
    const files = {
      'compose.yml':
        'include: [more/included.yml]\nservices:\n  web:\n    extends: { file: base.yml, service: base }\n    env_file: web.env\n',
      'compose.override.yml': 'services:\n  web:\n    command: sleep ${SECONDS:-600}\n',
      'base.yml': "services:\n  base:\n    image: playbook-fixture/app:1\n    environment: { PRICE: '5$$' }\n",
      'web.env': 'GREETING="hello $$ there"\n',
    };
    await withStack('files', files, async (stack) => {
      await mkdir(join(stack.folder, 'more'));
      await stack.write('more/included.yml', 'services:\n  db: { image: db:1, profiles: [data] }\n');
      const { look } = clientLook(env(), { directory: stack.folder, project: stack.project });
      const compose = await composeReader(look);
      const { model, text } = await compose.config();
      expect(model.name).toBe(stack.project);
      expect(model.services['web']).toMatchObject({ environment: { PRICE: '5$$' }, command: ['sleep', '600'] });
      expect(await compose.variables()).toEqual(['SECONDS']);
      expect((await compose.files()).map((file) => file.slice(stack.folder.length + 1)).toSorted()).toEqual([
        'base.yml',
        'compose.override.yml',
        'compose.yml',
        'more/included.yml',
      ]);
      const label = async () => {
        await stack.compose(['create']);
        const [id = ''] = await stack.ids('web');
        return docker(['inspect', '--format', '{{index .Config.Labels "com.docker.compose.config-hash"}}', id]);
      };
      expect((await compose.hashes(text))['web']).toBe(await label());

      await stack.write('base.yml', 'services:\n  base:\n    imagee: x\n');
      const broken = await compose.config().catch((error: Problems) => error.problems[0]);
      expect(broken).toMatchObject({
        code: 'invalid-compose-file',
        place: { file: join(stack.folder, 'base.yml'), line: 3 },
      });
    });
  });
});

describe('F73 a plan', () => {
  test('of any action of the compose family must do nothing but GET and HEAD', async () => {
    const files = {
      'compose.yml': `${web}    build: .\n  db: { image: 'playbook-fixture/app:2', depends_on: [web] }\n`,
      Dockerfile: 'FROM scratch\n',
    };
    await withStack('getonly', files, async (stack) => {
      await stack.compose(['create', '--no-build']);
      const before = await stack.state();
      await withFaultProxy(getOnly, async (proxy) => {
        const one = await bench(stack.folder, { project: stack.project });
        const look: Look = { ...one.look, env: { ...one.look.env, DOCKER_HOST: proxy.host } };
        const params: Record<string, unknown> = {
          'compose.run': { service: 'web' },
          'compose.up': { orphans: 'keep' },
        };
        for (const [name, runner] of Object.entries(family.offers)) {
          const planned = await (runner as AnyAction).plan(params[name] ?? {}, look, []);
          expect([name, planned.length > 0]).toEqual([name, true]);
        }
        expect(proxy.refused).toEqual([]);
        expect(proxy.calls.length).toBeGreaterThan(0);
      });
      expect(await stack.state()).toEqual(before);
    });
  });
});
