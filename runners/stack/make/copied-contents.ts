import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, posix, relative } from 'node:path';
import { StepFailure } from '../../../src/errors.ts';
import { composeChanger } from '../../clients/compose.ts';
import type { ComposeSource } from '../../clients/compose-types.ts';
import { unescaped } from '../../clients/unescaped.ts';
import { sourceVariables } from '../source-variables.ts';
import type { Up } from './create.ts';

/** A config or secret that is no file of the host: Compose copies it into the container, so no inspect knows it. */
type Copied = { path: string; name: string; source: ComposeSource };

/** What a service has of these, and where. */
export function copiedInto(service: string, { desired }: Pick<Up, 'desired'>): Copied[] {
  const { model } = desired;
  const config = model.services[service];
  const of = (
    uses: readonly { source: string; target?: string }[],
    sources: Record<string, ComposeSource>,
    folder: string,
  ) =>
    uses.flatMap(({ source, target = source }): Copied[] => {
      const definition = sources[source] ?? {};
      // With a `..` in it, it would lead out of the folder from which it is copied.
      const path = posix.normalize(target.startsWith('/') ? target : `${folder}/${target}`);
      return definition.file || definition.external ? [] : [{ path, name: source, source: definition }];
    });
  return [
    ...of(config?.configs ?? [], model.configs ?? {}, ''),
    ...of(config?.secrets ?? [], model.secrets ?? {}, '/run/secrets'),
  ];
}

/** Takes them over from the container that Compose made to its copy. */
export async function copyContents(service: string, ids: { from: string; to: string }, up: Up): Promise<void> {
  const copied = copiedInto(service, up);
  if (copied.length === 0) return;
  await inFolder(up, async (file) => {
    const { docker } = await composeChanger(up.context);
    for (const { path } of copied) {
      await docker(['cp', '--archive', `${ids.from}:${path}`, file]);
      await docker(['cp', '--archive', file, `${ids.to}:${path}`]);
    }
  });
}

/** Compose 2.26 copies them when it makes a container, newer ones not before they start it, which is ours to do: then this is, too. */
export async function addMissingContents(service: string, id: string, up: Up): Promise<void> {
  const copied = copiedInto(service, up);
  if (copied.length === 0) return;
  await inFolder(up, async (file) => {
    const { docker } = await composeChanger(up.context);
    for (const one of copied) {
      const there = await docker(['cp', `${id}:${one.path}`, file]).then(
        () => true,
        () => false,
      );
      if (there) continue;
      await putFile(
        { content: await contentOf(one, up), path: one.path, folder: up.context.folder },
        async (from, to) => void (await docker(['cp', from, `${id}:${to}`])),
      );
    }
  });
}

/** Whether Compose has copied them by the time it has made a container. */
export function copiesAtCreate(version: string): boolean {
  return /^2\.26\./.test(version);
}

async function contentOf({ name, source }: Copied, { context, desired }: Up): Promise<string> {
  if (source.content !== undefined) return unescaped(source.content);
  const variable = source.environment ?? '';
  const value = (await sourceVariables(desired.model, context.look))[variable];
  if (value !== undefined) return value;
  throw new StepFailure(`${name} comes from the variable ${variable}, which is not set.`, {
    class: 'not-found',
    hint: `Set ${variable} in the shell that starts the run, or in .env.`,
  });
}

/** `docker cp` makes no folders on its way: those that are missing are copied along, from the innermost outwards. */
async function putFile(
  { content, path, folder }: { content: string; path: string; folder: string },
  copy: (from: string, to: string) => Promise<void>,
): Promise<void> {
  const base = await mkdtemp(join(folder, 'content-'));
  try {
    for (let to = path; ; to = dirname(to)) {
      const local = join(base, relative(dirname(to), path));
      await mkdir(dirname(local), { recursive: true });
      await writeFile(local, content, { mode: 0o444 });
      try {
        return await copy(join(base, basename(to)), to);
      } catch (error) {
        if (dirname(to) === '/') throw error;
      }
      await rm(join(base, basename(to)), { recursive: true });
    }
  } finally {
    await rm(base, { recursive: true, force: true });
  }
}

async function inFolder(up: Up, body: (file: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(up.context.folder, 'contents-'));
  try {
    await body(join(folder, 'content'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
