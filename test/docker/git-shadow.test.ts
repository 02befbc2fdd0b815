import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { planMove } from '../../runners/clients/git-folder.ts';
import { makeMove } from '../../runners/clients/git-move.ts';
import { castShadow } from '../../runners/clients/git-shadow.ts';
import { inItsPlace } from '../../runners/clients/shadow.ts';
import { docker } from '../support/docker.ts';
import { commitFiles, git } from '../support/git.ts';
import { withStack } from '../support/stack.ts';

const OLD = {
  'compose.yml': 'services: { web: { image: a, env_file: web.env } }\n',
  'web.env': 'A=1\n',
};

/** Everything that Compose reads or resolves beside the file itself. */
const NEW = {
  'compose.yml': `
include: [parts/db.yml]
services:
  web:
    extends: { file: parts/base.yml, service: base }
    build: ./web
    env_file: [web.env, own.env]
    environment: { TAG: '\${TAG}' }
    volumes: ['./greeting:/greeting:ro', '../beside:/beside', './data:/data']
    configs: [page]
    labels: { where: here }
configs: { page: { file: page.conf } }
`,
  'compose.override.yml': 'services: { web: { labels: { over: ridden } } }\n',
  'parts/db.yml': 'services: { db: { image: db, env_file: db.env, volumes: ["./data:/data"] } }\n',
  'parts/db.env': 'DB=new\n',
  'parts/base.yml': 'services: { base: { image: "web:${TAG}", volumes: ["./html:/html"] } }\n',
  'web.env': 'A=2\n',
  greeting: 'new\n',
  'page.conf': 'new\n',
};

test('Compose must make of a shadow what it makes of the folder on the commit', () =>
  withStack('shadow', { '.env': 'TAG=7\n', 'own.env': 'OWN=mine\n', 'data/x': 'x' }, async (stack) => {
    const base = join(stack.folder, '..');
    const [work, git_dir] = [join(base, 'work'), join(base, 'shop.git')];
    await git(base, 'init', '--quiet', '-b', 'main', work);
    const old = await commitFiles(work, OLD);
    const next = await commitFiles(work, NEW);
    await git(base, 'clone', '--quiet', '--bare', work, git_dir);
    const env = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent' };
    const move = { folder: stack.folder, git_dir, umask: 0o022 };
    await makeMove(await planMove({ ...move, to: old }, env), env);
    const root = await realpath(await mkdtemp(join(tmpdir(), 'playbook-shadow-')));
    try {
      await castShadow(root, { ...move, to: next }, env);
      // Without a name of its own the project has that of its folder.
      const options = { env: { COMPOSE_PROJECT_NAME: undefined } };
      const made = await docker(['compose', 'config', '--format', 'json'], {
        ...options,
        cwd: join(root, stack.folder),
      });
      await makeMove(await planMove({ ...move, to: next }, env), env);
      const real = await docker(['compose', 'config', '--format', 'json'], { ...options, cwd: stack.folder });
      expect(JSON.parse(inItsPlace({ shadow: root }, made))).toEqual(JSON.parse(real));
      expect(made).toContain(root);
      expect(JSON.parse(real)).toMatchObject({
        services: { web: { environment: { A: '2', OWN: 'mine', TAG: '7' } }, db: { environment: { DB: 'new' } } },
      });
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  }));
