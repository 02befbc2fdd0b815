import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { composePull } from '../../runners/compose/pull.ts';
import { Refusal, StepFailure } from '../../src/errors.ts';
import { bench } from '../support/action-context.ts';
import { docker } from '../support/docker.ts';
import { imageId, nameApp } from '../support/images.ts';
import { type Registry, withRegistry } from '../support/registry.ts';
import { type TestStack, withStack } from '../support/stack.ts';

const one = (registry: Registry, more = '') => `
services:
  web: { image: '${registry.host}/$PROJECT/web:1' ${more} }
`;

async function withPulled(
  name: string,
  body: (stack: TestStack, registry: Registry, image: string) => Promise<void>,
): Promise<void> {
  await withRegistry(async (registry) => {
    await withStack(name, { 'compose.yml': one(registry) }, async (stack) => {
      await body(stack, registry, `${registry.host}/${stack.project}/web:1`);
    });
  });
}

const here = (image: string) => docker(['image', 'inspect', '--format', '{{.Id}}', image]).catch(() => undefined);

describe('compose.pull', () => {
  test('a missing image must be pulled by the digest of the plan, and be gone again after undo', async () => {
    await withPulled('pull', async (stack, registry, image) => {
      const first = await registry.publish(`${stack.project}/web:1`, '1', `${stack.project}-a`);
      const run = await bench(stack.folder, { project: stack.project });
      const planned = await run.plan(composePull, {});
      expect(planned).toMatchObject([
        { verb: 'pull', target: `image ${image}`, certainty: 'certain', binds: { digest: first } },
      ]);
      // As the registry tells it: nothing of the image is here.
      const said = planned[0]?.diff?.[0]?.to;
      expect(said).toMatch(/^[0-9a-f]{4}… of 20\d\d-\d\d-\d\d, up to \d+(\.\d)? [kM]B to pull$/);
      expect(await here(image)).toBeUndefined();

      // F06: someone pushes another image under the same tag before the run gets there.
      await registry.publish(`${stack.project}/web:1`, '2', `${stack.project}-b`);
      expect(await run.run(composePull, {})).toMatchObject({ pulled: [image] });
      expect(await docker(['image', 'inspect', '--format', '{{join .RepoDigests " "}}', image])).toContain(first);

      await run.undo(composePull);
      expect(await here(image)).toBeUndefined();
      expect(await here(`${registry.host}/${stack.project}/web@${first}`)).toBeUndefined();
    });
  });

  test('a name moves only with a receipt, the former image stays kept until settled, and undo moves it back', async () => {
    await withPulled('move', async (stack, registry, image) => {
      await registry.publish(`${stack.project}/web:1`, '1', `${stack.project}-a`);
      await docker(['pull', '-q', image]);
      const former = await imageId(image);
      await registry.publish(`${stack.project}/web:1`, '2', `${stack.project}-b`);
      const run = await bench(stack.folder, { project: stack.project });
      await run.run(composePull, {});
      const now = await imageId(image);
      const kept = `playbook/${stack.project}/web:before-test`;
      expect(now).not.toBe(former);
      expect(await imageId(kept)).toBe(former);
      expect(run.receipts).toMatchObject([{ did: 'pull' }, { did: 'move', name: image, from: former, to: now }]);

      expect(await run.undo(composePull)).toContainEqual(expect.stringContaining(`${image} is `));
      expect(await imageId(image)).toBe(former);
      expect(await here(kept)).toBeUndefined();
      expect(await here(now)).toBeUndefined();

      const again = await bench(stack.folder, { project: stack.project });
      await again.run(composePull, {});
      await again.settle(composePull);
      expect(await imageId(image)).toBe(now);
      expect(await here(kept)).toBeUndefined();
      const third = await bench(stack.folder, { project: stack.project });
      expect(await third.plan(composePull, {})).toMatchObject([
        { verb: 'keep', because: ['the registry has the same'] },
      ]);
      await third.run(composePull, {});
      expect(third.receipts).toEqual([]);
    });
  });

  test('F03 a pull that fails half-way must end with nothing changed, moved tags included', async () => {
    await withRegistry(async (registry) => {
      const files = {
        'compose.yml': `
services:
  a: { image: '${registry.host}/$PROJECT/a:1' }
  b: { image: '${registry.host}/$PROJECT/b:1' }
`,
      };
      await withStack('half', files, async (stack) => {
        const names = ['a', 'b'].map((name) => `${stack.project}/${name}:1`);
        for (const name of names) await registry.publish(name, '1', `${stack.project}-${name.at(-3)}`);
        await stack.compose(['pull', '-q']);
        const before = await stack.state();
        for (const name of names) await registry.publish(name, '2', `${stack.project}-${name.at(-3)}-2`);
        const run = await bench(stack.folder, { project: stack.project });
        expect((await run.plan(composePull, {})).map(({ verb }) => verb)).toEqual(['pull', 'pull']);

        // The registry knows the manifest of b, but not its content any more.
        const manifests = join(registry.folder, 'data/docker/registry/v2/repositories', stack.project, 'b/_manifests');
        await rm(join(manifests, 'revisions'), { recursive: true });
        await expect(run.run(composePull, {})).rejects.toThrow(StepFailure);
        expect((await stack.state()).tags).toEqual(before.tags);
        await run.undo(composePull);
        expect(await stack.state()).toEqual(before);
        const left = await docker(['images', '-q', `${registry.host}/${stack.project}/a`]);
        expect(left.split('\n')).toHaveLength(1);
      });
    });
  });

  test('F48 a registry out of reach keeps an image that is here, with a word; a missing one is a no-go', async () => {
    await withPulled('away', async (stack, registry, image) => {
      await registry.publish(`${stack.project}/web:1`, '1', `${stack.project}-a`);
      await docker(['pull', '-q', image]);
      await registry.stop();
      const run = await bench(stack.folder, { project: stack.project });
      const [kept] = await run.plan(composePull, {});
      expect(kept).toMatchObject({ verb: 'keep', certainty: 'certain' });
      expect(kept?.because[0]).toMatch(
        /^it is here, but whether it is the newest is unknown: the registry cannot be reached/,
      );
      expect(await run.run(composePull, {})).toMatchObject({ pulled: [] });
      expect(run.receipts).toEqual([]);

      await docker(['rmi', image]);
      const other = await bench(stack.folder, { project: stack.project });
      const refusal = await other.plan(composePull, {}).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(Refusal);
      expect(refusal).toMatchObject({ reason: 'no-go', message: expect.stringContaining(image) });
    });
  });

  test('an image that was built or loaded here must never be replaced from a registry', async () => {
    await withPulled('local', async (stack, registry, image) => {
      await registry.publish(`${stack.project}/web:1`, '2', `${stack.project}-a`);
      await nameApp(image, '1');
      const run = await bench(stack.folder, { project: stack.project });
      expect(await run.plan(composePull, {})).toMatchObject([
        { verb: 'keep', because: ['built or loaded here, so not pulled'] },
      ]);
    });
  });

  test('an image pinned by digest must be pulled when it is missing, and never be tagged', async () => {
    await withPulled('pinned', async (stack, registry, image) => {
      const digest = await registry.publish(`${stack.project}/web:1`, '1', `${stack.project}-a`);
      await stack.write('compose.yml', `services: { web: { image: '${image}@${digest}' } }`);
      const run = await bench(stack.folder, { project: stack.project });
      expect(await run.run(composePull, {})).toMatchObject({ pulled: [`${image}@${digest}`] });
      expect(run.receipts).toMatchObject([{ did: 'pull' }]);
      expect(await here(image)).toBeUndefined();
      const again = await bench(stack.folder, { project: stack.project });
      expect(await again.plan(composePull, {})).toMatchObject([{ verb: 'keep' }]);
    });
  });

  test('a tag that the registry does not have is a no-go of class not-found', async () => {
    await withPulled('unknown', async (stack, registry) => {
      expect(await readdir(registry.folder)).toContain('config.yml');
      const run = await bench(stack.folder, { project: stack.project });
      const refusal = await run.plan(composePull, {}).catch((error: unknown) => error);
      expect(refusal).toMatchObject({ reason: 'no-go', message: expect.stringMatching(/^The registry has no image/) });
    });
  });
});
