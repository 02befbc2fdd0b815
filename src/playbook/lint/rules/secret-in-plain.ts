import { isSecretName } from '../../../runner/secret-words.ts';
import { isSecretRef } from '../../kinds.ts';
import { usesOf } from '../../outline.ts';
import { type Path, valueAt } from '../../path.ts';
import { textsIn } from '../../texts.ts';
import { defineRule } from '../rule.ts';

/** A password that everybody with the file has. */
export const secretInPlain = defineRule({
  id: 'secret-in-plain',
  title: 'A secret is written into the playbook',
  level: 'warning',
  why: 'Whoever reads the file, its history or a backup of it has the secret, and plans and logs may show it.',
  fix: 'Declare it under `secrets`, refer to it as `{ secret: NAME }`, and change it where it is used, for it is known by now.',
  find: ({ value, outline, locate }) => {
    const places: Path[] = [
      ['target', 'env'],
      ...Object.keys(outline.inputs).map((name) => ['inputs', name, 'default']),
      ...usesOf(outline).map(({ path }) => [...path, 'with']),
    ];
    const found = places.flatMap((path) => textsIn(valueAt(value, path), path));
    return found
      .filter(({ path, text }) => isSecret(nameAt(path), text) && !isSecretRef(valueAt(value, path.slice(0, -1))))
      .map(({ path }) => ({
        message: `\`${nameAt(path)}\` looks like a secret, and it stands here for everybody to read`,
        hint: 'declare it under `secrets`, and write `{ secret: NAME }`',
        place: locate.value(path),
      }));
  },
});

/** What a value is called: the last name on the way to it, of a default that of its input. */
function nameAt(path: Path): string {
  const names = path.filter((key) => typeof key === 'string');
  return names[0] === 'inputs' ? (names[1] ?? '') : (names.at(-1) ?? '');
}

const FORMS = [
  /\bgh[pousr]_\w{20,}/,
  /\bgithub_pat_\w{20,}/,
  /\bglpat-[\w-]{15,}/,
  /\bAKIA[0-9A-Z]{16}\b/,
  /\bxox[abprs]-[\w-]{10,}/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /^(Bearer|Basic) \S{8,}$/i,
  /:\/\/[^/\s:@{]+:[^/\s@{]+@/,
];

function isSecret(name: string, text: string): boolean {
  if (text.trim() === '' || text.includes('{{')) return false;
  return isSecretName(name) || FORMS.some((form) => form.test(text));
}
