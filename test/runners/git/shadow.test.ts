import { existsSync } from 'node:fs';
import { mkdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { planMove } from '../../../runners/clients/git-folder.ts';
import { makeMove } from '../../../runners/clients/git-move.ts';
import { castShadow, makeShadowRoot } from '../../../runners/clients/git-shadow.ts';
import { commitFiles, git, withRepository } from '../../support/git.ts';
import { treeOf } from '../../support/tree-of.ts';

const env = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent' };

const OLD = { 'compose.yml': 'old\n', 'web/{{x}}.conf': 'old\n', 'gone/"a"\n.txt': 'old\n', 'gone/b': 'old\n' };
const NEW = { 'compose.yml': 'new\n', 'web/{{x}}.conf': 'new\n', '-new/ü $(touch x)': 'new\n' };

type Place = { base: string; folder: string; git_dir: string; old: string; next: string };

async function withFolder(body: (place: Place, root: string) => Promise<void>): Promise<void> {
  await withRepository(async (work, given) => {
    const base = await realpath(given);
    const old = await commitFiles(work, OLD);
    await rm(join(work, 'gone'), { recursive: true });
    const next = await commitFiles(work, NEW);
    const git_dir = join(base, 'shop.git');
    await git(base, 'clone', '--quiet', '--bare', work, git_dir);
    const root = await makeShadowRoot();
    try {
      await body({ base, folder: join(base, 'srv/shop'), git_dir, old, next }, root);
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  });
}

const to = ({ folder, git_dir }: Place, commit: string) => ({ folder, git_dir, to: commit, umask: 0o022 });

async function put(place: Place, commit: string): Promise<void> {
  await makeMove(await planMove(to(place, commit), env), env);
}

/** What git does not track: beside the files, among them, and where the commit takes everything away. */
async function writeUntracked({ base, folder }: Place): Promise<void> {
  const files = { '.env': 'TAG=1', 'data/db': 'rows', 'web/own': 'own', 'gone/mine': 'mine' };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await writeFile(join(base, 'srv/beside'), 'beside');
}

describe('the shadow of a folder', () => {
  test('must hold what the folder would hold on the commit, and change nothing of it', () =>
    withFolder(async (place, root) => {
      await put(place, place.old);
      await writeUntracked(place);
      const before = await treeOf(place.folder);
      await castShadow(root, to(place, place.next), env);
      expect(await treeOf(place.folder)).toEqual(before);
      expect(await git(place.folder, 'rev-parse', 'HEAD')).toBe(place.old);
      const shadow = join(root, place.folder);
      await put(place, place.next);
      for (const [path, text] of Object.entries(await treeOf(place.folder)))
        expect([path, await readFile(join(shadow, path), 'utf8')]).toEqual([path, text]);
      for (const path of ['gone/b', 'gone/"a"\n.txt']) expect(existsSync(join(shadow, path))).toBe(false);
      expect(await readFile(join(shadow, '../beside'), 'utf8')).toBe('beside');
      expect(existsSync(join(shadow, '../../shop.git/HEAD'))).toBe(true);
    }));

  test('must be a clean checkout of the commit for whoever asks git in it', () =>
    withFolder(async (place, root) => {
      await castShadow(root, to(place, place.next), { ...env, GIT_DIR: '.' });
      const shadow = join(root, place.folder);
      expect(await git(shadow, 'rev-parse', 'HEAD')).toBe(place.next);
      expect(await git(shadow, 'status', '--porcelain')).toBe('');
      expect(existsSync(place.folder)).toBe(false);
    }));

  test('must not be cast where the move itself would be refused', () =>
    withFolder(async (place, root) => {
      await put(place, place.old);
      await writeFile(join(place.folder, 'compose.yml'), 'by hand\n');
      await expect(castShadow(root, to(place, place.next), env)).rejects.toThrow('compose.yml was changed by hand');
    }));
});
