import { join } from 'node:path';
import { docker, program } from './docker.ts';

/** The repository's folder. */
export const root = join(import.meta.dirname, '../..');

/**
 * What `playbook-fixture/app` can be (fixtures/images): versions that answer, and the ways of going wrong.
 * Every one is also reachable by the environment variable MODE of a service.
 */
export type AppVersion =
  | '1'
  | '2'
  | '3'
  | 'never-healthy'
  | 'exits'
  | 'crash-loops'
  | 'dies'
  | 'ignores-term'
  | 'slow'
  | 'broken'
  | 'fails';

/** Builds the sample images; nothing to do when they are here. */
export async function buildImages(env: Record<string, string> = {}): Promise<void> {
  const ended = await program(join(root, 'scripts/build-images.sh'), [], { env });
  if (ended.code !== 0) throw new Error(`scripts/build-images.sh: ${ended.stderr}`);
}

/** Gives a version of the app a name of the test's own (`NAME:TAG`), so that no other test moves it. */
export async function nameApp(name: string, version: AppVersion, env: Record<string, string> = {}): Promise<void> {
  await docker(['tag', `playbook-fixture/app:${version}`, name], { env });
}

export async function imageId(name: string): Promise<string> {
  return docker(['image', 'inspect', '--format', '{{.Id}}', name]);
}
