import { readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Defect, Refusal } from '../errors.ts';
import type { ReadReleases, Release, Releases } from '../runner/contract.ts';
import { crypto } from './crypto.ts';
import { discard, makePrivateFolder, safeFileName, syncFolder, writePrivateFile } from './private-file.ts';
import type { Store } from './store.ts';
import { storageTrouble } from './trouble.ts';

/** The releases of one stack: records in the store, files (0600) in a folder each. Paths are absolute for whoever asks. */
export function storeReleases(store: Store, dir: string, stack: { engine_id: string; project: string }): Releases {
  const { engine_id, project } = stack;
  // A run about the whole engine has no project, and makes no releases.
  const home = ['releases', safeFileName(engine_id), project === '' ? '@engine' : safeFileName(project)].join('/');
  const list = () => store.releases(engine_id, project);

  return {
    list: async () => list().map((release) => outward(release, dir)),
    read: readReleaseFile,
    async write(release, files) {
      if (list().some((known) => known.id === release.id)) throw new Defect(`release ${release.id} is there already`);
      const place = `${home}/${safeFileName(release.id)}`;
      await writeFolder(join(dir, place), files);
      const paths = Object.keys(files).map((name) => [name, `${place}/${safeFileName(name)}`]);
      const record: Release = { ...release, files: Object.fromEntries(paths) };
      store.saveRelease(record);
      return outward(record, dir);
    },
    async remove(id) {
      // The record goes first: a folder without a record is litter, a record without its files is a broken promise.
      store.removeRelease(engine_id, project, id);
      await removeFolder(join(dir, home, safeFileName(id)));
    },
    async markRestored(id, restored) {
      const found = list().find((release) => release.id === id);
      if (!found) throw new Refusal('unavailable', `Release ${id} is no longer in the history.`);
      const { restored: _before, ...release } = found;
      store.saveRelease({ ...release, ...(restored && { restored }) });
    },
    async nextId() {
      const recorded = store.runs({ engine_id, project }).map((row) => row.release);
      return `r${1 + Math.max(0, ...[...list().map((release) => release.id), ...recorded].map(releaseNumber))}`;
    },
  };
}

/** Where there is no history yet. */
export const noReleases: ReadReleases = { list: async () => [], read: readReleaseFile };

async function readReleaseFile(release: Release, name: string): Promise<Uint8Array> {
  const path = release.files[name];
  if (path === undefined) throw new Defect(`release ${release.id} keeps no file ${name}`);
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw storageTrouble(error, path);
    throw new Refusal('unavailable', `Release ${release.id} cannot be used: its file ${path} is gone.`, {
      hint: 'Choose another one from `playbook releases`, or put the file back from a backup.',
      cause: error,
    });
  }
}

/** In the store paths count from the state folder, so that the folder can be moved. */
function outward(release: Release, dir: string): Release {
  const files = Object.entries(release.files).map(([name, path]) => [name, join(dir, path)]);
  return { ...release, files: Object.fromEntries(files) };
}

/** The folder appears whole; one that a killed run left without a record gives way. */
async function writeFolder(folder: string, files: Record<string, Uint8Array>): Promise<void> {
  const aside = `${folder}.${crypto().randomBytes(6).toString('hex')}.tmp`;
  try {
    await makePrivateFolder(aside);
    for (const [name, bytes] of Object.entries(files)) await writePrivateFile(join(aside, safeFileName(name)), bytes);
    await rm(folder, { recursive: true, force: true });
    await rename(aside, folder);
    await syncFolder(dirname(folder));
  } catch (error) {
    await discard(aside);
    throw storageTrouble(error, folder);
  }
}

async function removeFolder(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch (error) {
    throw storageTrouble(error, folder);
  }
}

/** Of `r12`; 0 for names that are no number. Numbers of removed releases are not given again: tags and journals name them. */
export function releaseNumber(id: string | undefined): number {
  return Number(/^r([0-9]+)$/.exec(id ?? '')?.[1] ?? 0);
}
