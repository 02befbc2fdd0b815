import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { takePictures } from '../../scripts/pictures/take.ts';
import { engineState } from '../support/engine-state.ts';
import { root } from '../support/images.ts';
import { freePort } from '../support/ports.ts';
import { readXml } from '../support/xml.ts';

test('the pictures must be of what the script types today, and taking them must leave nothing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'playbook-pictures-test-'));
  const project = `pt-pictures-${process.pid.toString(36)}`;
  try {
    const names = await takePictures({ project, port: await freePort(), folder });
    for (const name of names) {
      const [taken, kept] = await Promise.all(
        [folder, join(root, 'docs/pictures')].map((place) => typedIn(place, name)),
      );
      expect(taken).toMatch(/ playbook /);
      expect(kept, 'node scripts/pictures.ts takes them anew').toBe(taken);
    }
    expect(await engineState(project)).toEqual({ containers: {}, tags: {}, keepTags: {}, networks: {}, volumes: [] });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/** The port is one that was free. */
async function typedIn(folder: string, name: string): Promise<string> {
  const texts = readXml(await readFile(join(folder, name), 'utf8')).filter((element) => element.name === 'text');
  const prompt = texts.findIndex(({ text }) => text === '$');
  return (texts[prompt + 1]?.text ?? '').replace(/:\d+\//, ':PORT/');
}
