import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dockerChanger } from '../../runners/clients/docker.ts';
import { up } from '../../runners/compose/up.ts';
import { desiredStack } from '../../runners/stack/desired.ts';
import { addMissingContents, copiedInto, copiesAtCreate } from '../../runners/stack/make/copied-contents.ts';
import type { Up } from '../../runners/stack/make/create.ts';
import { observedStack } from '../../runners/stack/observed.ts';
import { bench } from '../support/action-context.ts';
import { docker } from '../support/docker.ts';
import { withStack } from '../support/stack.ts';

const file = (name: string, note: string) => `
services:
  web:
    image: $PROJECT/app:1
    environment: { NAME: ${name} }
    stop_grace_period: 1s
    configs: [{ source: inline, target: /etc/inline }, { source: note, target: /etc/note }]
    secrets: [spoken]
configs: { inline: { content: 'costs 5$$' }, note: { file: note-${note}.txt } }
secrets: { spoken: { environment: SPOKEN } }
`;

test('F09 a changed file of a config must replace its service, once a release knows what it was', async () => {
  await withStack('content', { 'compose.yml': file('a', '1'), 'note-1.txt': 'one' }, async (stack) => {
    process.env['SPOKEN'] = 'friend';
    await stack.image('app:1', '1');
    await stack.compose(['up', '-d'], { env: { SPOKEN: 'friend' } });
    const one = await bench(stack.folder, { project: stack.project });
    const { services } = await desiredStack(one.look);
    const release = { fingerprints: services['web']?.contents ?? {} } as never;
    expect(Object.keys(services['web']?.contents ?? {}).toSorted()).toEqual(['config inline', 'config note']);
    await stack.write('note-1.txt', 'two');
    const two = await bench(stack.folder, { project: stack.project, releases: [release] });
    expect(await two.plan(up, { orphans: 'keep' })).toMatchObject([
      { verb: 'recreate', because: ['the content of config note differs'] },
    ]);
    expect(await two.run(up, { orphans: 'keep' })).toMatchObject({ replaced: ['web'] });
  });
});

test('F09 contents edited since a stack was started by hand must replace their service, and the same ones must not', async () => {
  const files = { 'compose.yml': file('a', '1'), 'note-1.txt': 'one' };
  await withStack('by-hand-content', files, async (stack) => {
    process.env['SPOKEN'] = 'friend';
    await stack.image('app:1', '1');
    await stack.compose(['up', '-d'], { env: { SPOKEN: 'friend' } });
    const same = await bench(stack.folder, { project: stack.project });
    expect(await same.plan(up, { orphans: 'keep' })).toMatchObject([{ verb: 'keep' }]);
    await stack.write('compose.yml', files['compose.yml'].replace('costs 5$$', 'costs 6$$'));
    const inline = await bench(stack.folder, { project: stack.project });
    expect(await inline.plan(up, { orphans: 'keep' })).toMatchObject([
      { verb: 'recreate', because: ['the content of config inline differs'] },
    ]);
    await stack.write('compose.yml', files['compose.yml']);
    await rename(join(stack.folder, 'note-1.txt'), join(stack.folder, 'note-0.txt'));
    await stack.write('note-1.txt', 'two');
    const replaced = await bench(stack.folder, { project: stack.project });
    expect(await replaced.plan(up, { orphans: 'keep' })).toMatchObject([
      { verb: 'recreate', because: ['the content of config note differs'] },
    ]);
  });
});

test('what Compose did not copy into a container that it made must be added before the start', async () => {
  await withStack('copied', { 'compose.yml': file('a', '1'), 'note-1.txt': 'one' }, async (stack) => {
    process.env['SPOKEN'] = 'friend';
    await stack.image('app:1', '1');
    const label = `com.docker.compose.project=${stack.project}`;
    const id = await docker(['create', '--label', label, `${stack.project}/app:1`]);
    const { look, context } = await bench(stack.folder, { project: stack.project });
    const desired = await desiredStack(look);
    const changer = await dockerChanger(context);
    const observed = await observedStack(look, stack.project);
    const all: Up = { desired, observed, works: [], context, docker: changer, uncut: changer };
    expect(copiedInto('web', all).map(({ path }) => path)).toEqual(['/etc/inline', '/run/secrets/spoken']);
    await addMissingContents('web', id, all);
    await addMissingContents('web', id, all);
    await docker(['start', id]);
    expect(await docker(['exec', id, 'cat', '/etc/inline', '/run/secrets/spoken'])).toBe('costs 5$friend');
  });
});

test('only the Compose that was seen to copy at create may be trusted to', () => {
  expect(['2.26.1', '2.31.0', '5.0.0'].map(copiesAtCreate)).toEqual([true, false, false]);
});
