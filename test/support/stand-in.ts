import { join } from 'node:path';
import { docker } from './docker.ts';
import { root } from './images.ts';
import type { TestStack } from './stack.ts';

/** Gives the stack every image that it does not build itself: under each name the one that plays well-known images. */
export async function nameStandIns(stack: TestStack): Promise<void> {
  const tags = (await ownImages(stack)).flatMap((name) => ['-t', name]);
  const folder = join(root, 'fixtures/images/stand-in');
  await docker(['build', '-q', '--label', 'playbook.fixture=1', ...tags, folder], { env: stack.env });
}

/** The same with the sample app, which brings a healthcheck. */
export async function nameSamples(stack: TestStack): Promise<void> {
  for (const name of await ownImages(stack)) await stack.image(name.slice(stack.project.length + 1), '1');
}

type Model = { services: Record<string, { image?: string; build?: unknown }> };

async function ownImages(stack: TestStack): Promise<string[]> {
  const model = JSON.parse(await stack.compose(['--profile', '*', 'config', '--format', 'json'])) as Model;
  const names = Object.values(model.services).flatMap(({ image, build }) => (image && !build ? [image] : []));
  return [...new Set(names)].filter((name) => name.startsWith(`${stack.project}/`));
}
