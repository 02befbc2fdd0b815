import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { planMove } from '../../../runners/clients/git-folder.ts';
import { makeMove, undoMove } from '../../../runners/clients/git-move.ts';
import { commitFiles, git, withRepository } from '../../support/git.ts';
import { treeOf } from '../../support/tree-of.ts';

const env = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent' };

/** Odd names on purpose: a template, a quote, a line break, a leading dash. */
const OLD = { 'compose.yml': 'old\n', 'web/{{x}}.conf': 'old\n', 'gone/"a"\n.txt': 'old\n', same: 'same\n' };
const NEW = { 'compose.yml': 'new\n', 'web/{{x}}.conf': 'new\n', '-new/ü $(touch x)': 'new\n', same: 'same\n' };

type Place = { folder: string; git_dir: string; old: string; next: string; umask: number };

async function withFolder(body: (place: Place) => Promise<void>): Promise<void> {
  await withRepository(async (work, base) => {
    const old = await commitFiles(work, OLD);
    await rm(join(work, 'gone'), { recursive: true });
    const next = await commitFiles(work, NEW);
    const git_dir = join(base, 'shop.git');
    await git(base, 'clone', '--quiet', '--bare', work, git_dir);
    await body({ folder: join(base, 'srv/shop'), git_dir, old, next, umask: 0o022 });
  });
}

const at = (place: Place, to: string) => ({ folder: place.folder, git_dir: place.git_dir, to, umask: place.umask });

async function put(place: Place, commit: string): ReturnType<typeof planMove> {
  const move = await planMove(at(place, commit), env);
  await makeMove(move, env);
  return move;
}

describe('a folder that is put on a commit and back', () => {
  test('must hold exactly the commit, keep what git does not track, and be what it was', () =>
    withFolder(async (place) => {
      await put(place, place.old);
      await writeFile(join(place.folder, '.env'), 'PASSWORD=x\n');
      await writeFile(join(place.folder, 'gone/data'), 'data\n');
      const own = { '.env': 'PASSWORD=x\n', 'gone/data': 'data\n' };
      expect(await treeOf(place.folder)).toEqual({ ...OLD, ...own });
      const move = await put(place, place.next);
      expect(await treeOf(place.folder)).toEqual({ ...NEW, ...own });
      expect(await git(place.folder, 'rev-parse', 'HEAD')).toBe(place.next);
      await undoMove(move, env);
      await undoMove(move, env);
      expect(await treeOf(place.folder)).toEqual({ ...OLD, ...own });
      expect(await git(place.folder, 'status', '--porcelain', '--untracked-files=no')).toBe('');
    }));

  test('must let others read its files, whatever this process keeps to itself', () =>
    withFolder(async (place) => {
      const own = process.umask(0o077);
      try {
        await put(place, place.old);
        expect((await stat(join(place.folder, 'web/{{x}}.conf'))).mode & 0o777).toBe(0o644);
        expect(process.umask()).toBe(0o077);
      } finally {
        process.umask(own);
      }
    }));

  test('must be taken over with the files that are in it, and left with them', () =>
    withFolder(async (place) => {
      await mkdir(join(place.folder, 'web'), { recursive: true });
      await writeFile(join(place.folder, 'compose.yml'), OLD['compose.yml']);
      await writeFile(join(place.folder, 'web/own'), 'own\n');
      const move = await put(place, place.old);
      expect(await treeOf(place.folder)).toEqual({ ...OLD, 'web/own': 'own\n' });
      await undoMove(move, env);
      expect(await treeOf(place.folder)).toEqual({ 'compose.yml': 'old\n', 'web/own': 'own\n' });
      expect(existsSync(join(place.folder, '.git'))).toBe(false);
      expect(await git(place.git_dir, 'worktree', 'list')).toMatch(/^[^\n]* \(bare\)$/);
      await expect(planMove(at(place, place.next), env)).rejects.toThrow('compose.yml would be overwritten');
      expect(await readFile(join(place.folder, 'compose.yml'), 'utf8')).toBe('old\n');
    }));

  test('must be mended where it was cut between the files and the note of git', () =>
    withFolder(async (place) => {
      await put(place, place.old);
      const move = await planMove(at(place, place.next), env);
      // As git leaves it when the machine dies: some files are new, its index and HEAD are not; `same` is a person's.
      await writeFile(join(place.folder, 'compose.yml'), NEW['compose.yml']);
      await rm(join(place.folder, 'gone'), { recursive: true });
      await mkdir(join(place.folder, '-new'));
      await writeFile(join(place.folder, '-new/ü $(touch x)'), 'new\n');
      await writeFile(join(place.folder, 'same'), 'by hand\n');
      await undoMove(move, env);
      expect(await treeOf(place.folder)).toEqual({ ...OLD, same: 'by hand\n' });
    }));
});

describe('what would be lost must be named, and nothing changed', () => {
  const cases: [what: string, change: (folder: string) => Promise<void>, says: string][] = [
    [
      'a tracked file that was changed',
      (folder) => writeFile(join(folder, 'same'), 'by hand\n'),
      'same was changed by hand',
    ],
    ['a tracked file that is gone', (folder) => rm(join(folder, 'gone/"a"\n.txt')), '"a"\n.txt was changed by hand'],
    [
      'a file that git does not know',
      async (folder) => {
        await mkdir(join(folder, '-new'));
        await writeFile(join(folder, '-new/ü $(touch x)'), 'mine\n');
      },
      '-new/ü $(touch x) would be overwritten',
    ],
  ];
  test.each(cases)('%s', (_what, change, says) =>
    withFolder(async (place) => {
      await put(place, place.old);
      await change(place.folder);
      const before = await treeOf(place.folder);
      await expect(planMove(at(place, place.next), env)).rejects.toThrow(says);
      expect(await treeOf(place.folder)).toEqual(before);
    }),
  );

  test('a checkout of another repository', () =>
    withFolder(async (place) => {
      await mkdir(place.folder, { recursive: true });
      await git(place.folder, 'init', '--quiet');
      await expect(planMove(at(place, place.next), env)).rejects.toThrow('a checkout of another repository');
    }));

  test('a folder that somebody has moved on', () =>
    withFolder(async (place) => {
      const move = await put(place, place.old);
      await git(place.folder, 'checkout', '--quiet', '--detach', place.next);
      await expect(undoMove(move, env)).rejects.toThrow('is on');
      expect(await treeOf(place.folder)).toEqual(NEW);
    }));
});
