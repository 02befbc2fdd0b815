import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, isAbsolute, join, resolve } from 'node:path';
import { Refusal } from '../errors.ts';
import { shippedPlaybooks } from '../package-root.ts';
import { nearest } from '../playbook/nearest.ts';

export type PlaybookSource = { file: string; text: string };

/** What `playbook init` writes where nobody names another file. */
export const STARTER = 'deploy.yml';

/** Finds a playbook: a path, else a name in `./playbooks`, else one that comes with the package. */
export function findPlaybook(name: string | undefined, cwd: string): PlaybookSource {
  if (name === undefined) throw new Refusal('usage', 'Say which playbook.', { hint: available(cwd) });
  const file = candidates(name, cwd).find((path) => existsSync(path) && statSync(path).isFile());
  if (file === undefined) throw notFound(name, cwd);
  return { file, text: readText(file) };
}

/** Where a name may stand, most specific first; the ending may be left out. */
function candidates(name: string, cwd: string): string[] {
  const path = resolve(cwd, name);
  if (isAbsolute(name) || name.includes('/')) return [path];
  const folders = [join(cwd, 'playbooks'), shippedPlaybooks()];
  return [path, ...folders.flatMap((folder) => ['', '.yml', '.yaml'].map((ending) => join(folder, name + ending)))];
}

function notFound(name: string, cwd: string): Refusal {
  if (existsSync(resolve(cwd, name))) return new Refusal('usage', `${name} is no file, so it is no playbook.`);
  const names = [...namesIn(join(cwd, 'playbooks')), ...namesIn(shippedPlaybooks())];
  const guess = nearest(bare(basename(name)), names.map(bare));
  const missing = name === STARTER ? `\`playbook init\` writes one for the stack in this folder. ` : '';
  const hint = guess ? `Did you mean ${guess}?` : missing + available(cwd);
  return new Refusal('usage', `There is no playbook ${name}.`, { hint });
}

function bare(name: string): string {
  return name.replace(/\.ya?ml$/, '');
}

function available(cwd: string): string {
  const own = namesIn(join(cwd, 'playbooks'));
  const here = own.length > 0 ? `In ./playbooks: ${own.join(', ')}. ` : '';
  return `${here}Shipped: ${namesIn(shippedPlaybooks()).join(', ')}.`;
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => /\.ya?ml$/.test(name)) : [];
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/,.*$/s, '') : String(error);
    throw new Refusal('usage', `The playbook ${file} cannot be read: ${reason}.`, { cause: error });
  }
}
