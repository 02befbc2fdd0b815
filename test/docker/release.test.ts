import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { recordFound } from '../../runners/release/found.ts';
import { releaseRecord } from '../../runners/release/record.ts';
import { storeReleases } from '../../src/history/releases.ts';
import { openStore } from '../../src/history/sqlite.ts';
import type { Releases, RunContext } from '../../src/runner/contract.ts';
import { bench } from '../support/action-context.ts';
import { docker } from '../support/docker.ts';
import { imageId } from '../support/images.ts';
import { type TestStack, withStack } from '../support/stack.ts';

const files = {
  'compose.yml': `
services:
  web:
    image: $PROJECT/web:1
    environment: { PASSWORD: hunter22 }
    configs: [page]
    secrets: [key]
  Api_2: { image: '$PROJECT/web:1', deploy: { replicas: 2 } }
configs: { page: { file: ./page.html } }
secrets: { key: { file: ./key } }
`,
  'page.html': '<h1>hello</h1>',
  key: 'very secret',
};

type Ground = { stack: TestStack; releases: Releases; dir: string };

async function withGround(name: string, body: (ground: Ground) => Promise<void>): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'playbook-releases-'));
  const store = openStore(dir);
  try {
    await withStack(name, files, async (stack) => {
      await stack.image('web:1', '1');
      const engine_id = await docker(['info', '--format', '{{.ID}}']);
      await body({ stack, dir, releases: storeReleases(store, dir, { engine_id, project: stack.project }) });
    });
  } finally {
    store.close();
    await rm(dir, { recursive: true, force: true });
  }
}

/** What the engine gives to the steps of one run. */
async function contextOf({ stack, releases }: Ground, run: string, changed = true) {
  const one = await bench(stack.folder, { project: stack.project });
  const look = { ...one.look, releases };
  const context: RunContext = { ...one.context, look, releases, run, changed };
  return { context, receipts: one.receipts };
}

describe('release.record', () => {
  test('a release must hold all that it takes to restore the stack, and no secret outside of 0600 files', async () => {
    await withGround('record', async (ground) => {
      const { stack, releases } = ground;
      await stack.compose(['up', '-d']);
      const { context } = await contextOf(ground, 'k3f9');
      expect(await releaseRecord.run({ keep: 5 }, context)).toMatchObject({ release: 'r1' });
      const [release] = await releases.list();
      if (!release) throw new Error('there is no release');
      const id = await imageId(`${stack.project}/web:1`);
      expect(release).toMatchObject({ id: 'r1', run: 'k3f9', project: stack.project, compose_version: '2.26.1' });
      expect(release.services).toMatchObject({
        web: {
          image: `${stack.project}/web:1`,
          image_id: id,
          containers: 1,
          config_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
        Api_2: { image_id: id, containers: 2, keep_tag: `playbook/${stack.project}/x---41pi-5f2:r1` },
      });
      for (const { keep_tag } of Object.values(release.services)) expect(await imageId(keep_tag)).toBe(id);
      expect(Object.keys(release.fingerprints)).toEqual(
        expect.arrayContaining(['config page', 'secret key', 'env web PASSWORD']),
      );
      expect(JSON.stringify(release)).not.toMatch(/hunter22|very secret/);
      const contents = JSON.parse(Buffer.from(await releases.read(release, 'contents')).toString()) as Record<
        string,
        string
      >;
      expect(Buffer.from(contents[join(stack.folder, 'key')] ?? '', 'base64').toString()).toBe('very secret');
      for (const file of Object.values(release.files)) expect((await stat(file)).mode & 0o777).toBe(0o600);

      const frozen = join(stack.folder, 'frozen.json');
      await writeFile(frozen, await releases.read(release, 'config'));
      const before = await stack.state();
      await stack.compose([
        '-f',
        frozen,
        '--project-directory',
        stack.folder,
        'up',
        '-d',
        '--no-build',
        '--pull',
        'never',
      ]);
      expect(await stack.state()).toEqual(before);
    });
  });

  test('a run that changed nothing must record nothing', async () => {
    await withGround('unchanged', async (ground) => {
      const { context, receipts } = await contextOf(ground, 'k3f9', false);
      expect(await releaseRecord.run({ keep: 5 }, context)).toMatchObject({ release: null });
      expect([receipts, await ground.releases.list()]).toEqual([[], []]);
    });
  });

  test('undo must take the record and its keep tags away, and resume must not record twice', async () => {
    await withGround('undo', async (ground) => {
      const { stack, releases } = ground;
      await stack.compose(['up', '-d']);
      const before = await stack.state();
      const { context, receipts } = await contextOf(ground, 'k3f9');
      await releaseRecord.run({ keep: 5 }, context);
      expect(await releaseRecord.run({ keep: 5 }, context)).toMatchObject({ release: 'r1' });
      expect(await releases.list()).toHaveLength(1);
      const { undo } = releaseRecord;
      if (typeof undo !== 'function') throw new Error('there is no undo');
      for (const receipt of receipts.toReversed()) await undo(receipt as never, context);
      expect(await releases.list()).toEqual([]);
      expect(await stack.state()).toEqual(before);
    });
  });

  test('F55 older releases must go when the run is settled, but never an image that a container or a kept one needs', async () => {
    await withGround('keep', async (ground) => {
      const { stack, releases } = ground;
      await stack.compose(['up', '-d']);
      const first = await imageId(`${stack.project}/web:1`);
      for (const [n, version] of (['1', '2', '3'] as const).entries()) {
        if (n > 0) {
          await stack.image('web:1', version);
          await stack.compose(['up', '-d', '--no-deps', 'Api_2']);
        }
        const { context, receipts } = await contextOf(ground, `run${n}`);
        await releaseRecord.run({ keep: 1 }, context);
        for (const receipt of receipts) await releaseRecord.settle?.(receipt as never, context);
      }
      // web still runs the first image: nothing else names it but the sample's own tag and r1.
      expect((await releases.list()).map(({ id }) => id)).toEqual(['r3']);
      const kept = Object.keys((await stack.state()).keepTags);
      expect(kept.every((tag) => tag.endsWith(':r3'))).toBe(true);
      expect(await docker(['image', 'inspect', '--format', '{{.Id}}', first])).toBe(first);
    });
  });
});

describe('release found', () => {
  test('what runs before the first run must be kept as it is, whatever the files say now', async () => {
    await withGround('found', async (ground) => {
      const { stack, releases } = ground;
      await stack.compose(['up', '-d']);
      const id = await imageId(`${stack.project}/web:1`);
      await stack.image('web:1', '2');
      await stack.write('compose.yml', 'services: { other: { image: playbook-fixture/app:3 } }');
      const { context } = await contextOf(ground, 'k3f9');
      expect(await recordFound(context)).toBe('found');
      expect(await recordFound(context)).toBeUndefined();
      const [found] = await releases.list();
      if (!found) throw new Error('there is no release');
      expect(found.services).toMatchObject({
        web: { image_id: id, containers: 1 },
        Api_2: { image_id: id, containers: 2 },
      });
      expect(await imageId(found.services['web']?.keep_tag ?? '')).toBe(id);
      const inspects = JSON.parse(Buffer.from(await releases.read(found, 'inspects')).toString()) as {
        containers: unknown[];
      };
      expect(inspects.containers).toHaveLength(3);
    });
  });

  test('a stack of which nothing runs must not be recorded', async () => {
    await withGround('none', async (ground) => {
      expect(await recordFound((await contextOf(ground, 'k3f9')).context)).toBeUndefined();
      expect(await ground.releases.list()).toEqual([]);
    });
  });
});
