import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { engineFacts, gitFacts, hostFacts, stackFacts } from '../../runners/compose/facts.ts';
import { stackHeader } from '../../runners/stack/header.ts';
import { bench } from '../support/action-context.ts';
import { program } from '../support/docker.ts';
import { withStack } from '../support/stack.ts';

const file = `
services:
  web: { image: $PROJECT/app:1, scale: 2, stop_grace_period: 1s }
  once: { image: $PROJECT/app:1, entrypoint: ['true'], x-playbook: { job: true } }
  later: { image: $PROJECT/later:1, profiles: [later] }
`;

test('the facts must be what their schemas promise, and true', async () => {
  await withStack('facts', { 'compose.yml': file }, async (stack) => {
    await stack.image('app:1', '1');
    const { look } = await bench(stack.folder, { project: stack.project });
    const valid = new Ajv2020({ strict: false });
    for (const facts of [stackFacts, engineFacts, hostFacts, gitFacts]) {
      valid.validate(facts.schema, await facts.read(look));
      expect(valid.errors).toBeNull();
    }
    expect(await stackFacts.read(look)).toMatchObject({ name: stack.project, running: false, orphans: [] });
    await stack.compose(['up', '-d']);
    expect(await stackFacts.read(look)).toMatchObject({
      running: true,
      services: [
        { name: 'once', job: true, replicas: 1 },
        { name: 'web', job: false, replicas: 2, running: 2, state: 'running', restarts: 0 },
      ],
    });
    expect(await gitFacts.read(look)).toEqual({ dirty: false });
  });
});

test('the header must name stack, engine and commit', async () => {
  await withStack('header', { 'compose.yml': file }, async (stack) => {
    const git = (...args: string[]) =>
      program('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd: stack.folder });
    await git('init', '-b', 'main');
    await git('add', '.');
    await git('commit', '-m', 'first');
    const commit = (await git('rev-parse', 'HEAD')).stdout.trim();
    const { look } = await bench(stack.folder, { project: stack.project });
    expect(await stackHeader(look)).toMatchObject({
      project: stack.project,
      directory: stack.folder,
      files: [`${stack.folder}/compose.yml`],
      services: 2,
      commit,
      compose_version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      rendered: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(await gitFacts.read(look)).toEqual({ commit, branch: 'main', dirty: false });
    await stack.write('compose.yml', `${file}\n# changed\n`);
    expect(await gitFacts.read(look)).toEqual({ commit, branch: 'main', dirty: true });
  });
});
