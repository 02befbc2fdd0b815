import { lstatSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, realpath, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type GitMove, isThere, names, planMove, type WantedMove } from './git-folder.ts';
import { anotherFolder, type GitPlace, succeed } from './git-repository.ts';

type Env = GitPlace['env'];

/** A private folder for shadows, and for nobody else. */
export async function makeShadowRoot(): Promise<string> {
  return realpath(await mkdtemp(join(tmpdir(), 'playbook-push-')));
}

/**
 * Puts a folder as a move would make it under the root, at its own path: the commit's files, and links to what git does
 * not track there and to all that lies beside it and above. So a relative path leads where it would lead in the folder.
 * Refuses where the move would be refused.
 */
export async function castShadow(root: string, wanted: WantedMove, given: Env): Promise<void> {
  const env = anotherFolder(given);
  const move = await planMove(wanted, env);
  const shadow = join(root, move.folder);
  await mkdir(shadow, { recursive: true });
  await linkAround(root, move.folder);
  await checkOut(shadow, move, env);
  await linkUntracked(shadow, move, env);
}

async function linkAround(root: string, folder: string): Promise<void> {
  for (let inner = folder; inner !== dirname(inner); inner = dirname(inner)) await linkMissing(root, dirname(inner));
}

/** What is there already is on the way to the folder. */
async function linkMissing(root: string, folder: string): Promise<void> {
  for (const name of await entries(folder)) {
    const path = join(folder, name);
    if (!isThere(join(root, path))) await symlink(path, join(root, path));
  }
}

/** As a checkout on no branch, so that what asks git in there gets the answer that the folder would give. */
async function checkOut(shadow: string, { git_dir, to }: GitMove, env: Env): Promise<void> {
  const format = to.length === 64 ? 'sha256' : 'sha1';
  const own = Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('GIT_')));
  await succeed(['init', '--quiet', '--template=', `--object-format=${format}`], { cwd: shadow, env: own });
  // Until a push is accepted, its objects lie beside those of the repository.
  const incoming = env['GIT_OBJECT_DIRECTORY'];
  const objects = [...(incoming === undefined ? [] : [incoming]), join(git_dir, 'objects')];
  await writeFile(join(shadow, '.git/objects/info/alternates'), objects.map((path) => `${path}\n`).join(''));
  const into = { GIT_DIR: git_dir, GIT_WORK_TREE: shadow, GIT_INDEX_FILE: join(shadow, '.git/index') };
  const place = { cwd: shadow, env: { ...env, ...into } };
  await succeed(['read-tree', to], place);
  await succeed(['checkout-index', '--all', '--quiet'], place);
  await succeed(['update-index', '-q', '--refresh'], place);
  await writeFile(join(shadow, '.git/HEAD'), `${to}\n`);
}

/** What of the folder the commit neither has nor takes away. */
async function linkUntracked(shadow: string, { folder, git_dir, from }: GitMove, env: Env): Promise<void> {
  const list = ['ls-tree', '-r', '-z', '--name-only', '--full-tree'];
  const former = from === null ? [] : await names([...list, from], git_dir, env);
  const files = new Set(former);
  const folders = new Set(former.flatMap(foldersOf));
  const linkIn = async (at: string): Promise<void> => {
    for (const name of await entries(join(folder, at))) {
      const path = join(at, name);
      if (path === '.git' || files.has(path)) continue;
      const [real, cast] = [join(folder, path), join(shadow, path)];
      // Never through a link that the commit has: it may lead anywhere.
      const open = isFolder(cast) || (folders.has(path) && !isThere(cast));
      if (open && isFolder(real)) await linkIn(path);
      else if (!isThere(cast)) await link(real, cast);
    }
  };
  await linkIn('');
}

async function link(path: string, at: string): Promise<void> {
  await mkdir(dirname(at), { recursive: true });
  await symlink(path, at);
}

/** Those of a folder that may not be read, or is not there, are unknown. */
function entries(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** All that a path lies in. */
function foldersOf(path: string): string[] {
  const above = dirname(path);
  return above === '.' ? [] : [above, ...foldersOf(above)];
}
