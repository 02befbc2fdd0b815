import type { GitStart } from '../../playbook/types.ts';

/** What has come; `changed` are the files that differ from what is deployed, or from before; left out where nothing was. */
export type Arrived = { hook: GitStart['hook']; ref: string; message: string; changed?: readonly string[] };

/** Why a playbook does not start by what has come, as a clause; undefined: it does. */
export function whyNot(start: readonly GitStart[] | undefined, arrived: Arrived): string | undefined {
  const entries = (start ?? []).filter(({ hook }) => hook === arrived.hook);
  if (entries.length === 0) return `it has no \`start\` for ${arrived.hook}`;
  const meant = entries.filter(({ refs }) => refs.some((pattern) => matches(wholeRef(pattern), arrived.ref)));
  const refs = entries.flatMap((entry) => entry.refs).join(', ');
  if (meant.length === 0) return `it starts by ${refs}, not by ${arrived.ref}`;
  const reasons = meant.map((entry) => skippedBy(entry, arrived) ?? untouched(entry, arrived));
  return reasons.includes(undefined) ? undefined : reasons[0];
}

function skippedBy({ skip_words }: GitStart, { message }: Arrived): string | undefined {
  const word = skip_words.find((each) => message.includes(each));
  return word === undefined ? undefined : `the commit says ${word}`;
}

function untouched({ paths }: GitStart, { hook, changed }: Arrived): string | undefined {
  if (paths === undefined || changed === undefined) return undefined;
  if (changed.some((path) => paths.some((pattern) => matches(pattern, path)))) return undefined;
  return `${NOTHING[hook]} ${paths.join(', ')}`;
}

const NOTHING: Readonly<Record<Arrived['hook'], string>> = {
  'post-receive': 'nothing differs from what is deployed in',
  'post-merge': 'the merge changes nothing in',
};

/** A name alone is that of a branch. */
function wholeRef(pattern: string): string {
  return pattern.startsWith('refs/') ? pattern : `refs/heads/${pattern}`;
}

/** `*` and `?` stand for anything but a slash, `**` for anything. */
export function matches(pattern: string, text: string): boolean {
  const parts = pattern.split(/(\*\*\/|\*\*|\*|\?)/).map((part) => WILD[part] ?? escaped(part));
  return new RegExp(`^${parts.join('')}$`, 's').test(text);
}

const WILD: Readonly<Record<string, string>> = { '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]' };

function escaped(text: string): string {
  return text.replace(/[\\^$.|+()[\]{}]/g, '\\$&');
}
