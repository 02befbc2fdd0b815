import { type Path, valueAt } from '../../path.ts';
import type { Reading } from '../../reading.ts';
import { referencesOf } from '../../references.ts';
import { textsIn } from '../../texts.ts';
import { defineRule, type Finding } from '../rule.ts';

/** A version that says nothing about what runs. */
export const latestTag = defineRule({
  id: 'latest-tag',
  title: 'The version to deploy is `latest`',
  level: 'warning',
  why: 'What `latest` means changes without a trace, so nobody can say which version runs or which one was good.',
  fix: 'Name a version, or make it an input without a default.',
  find: (reading) => tagsThat((tag) => tag === 'latest', 'whatever was pushed last', reading),
});

/** A version that moves. */
export const mutableTag = defineRule({
  id: 'mutable-tag',
  title: 'The version to deploy is a tag that moves',
  level: 'notice',
  why: 'A tag such as `stable` means another image tomorrow; the same playbook then deploys something else.',
  fix: 'Name a version.',
  find: (reading) => tagsThat((tag) => MOVING.has(tag), 'another image from time to time', reading),
});

const MOVING: ReadonlySet<string> = new Set(
  'alpha beta canary current dev develop development edge head main master next nightly prod production rc release snapshot stable staging testing unstable'.split(
    ' ',
  ),
);

/** Values for the Compose file's variables, there or as defaults of the inputs that they are taken from. */
function tagsThat(isMeant: (tag: string) => boolean, means: string, reading: Reading): Finding[] {
  return textsIn(valueAt(reading.value, ['target', 'env']), ['target', 'env']).flatMap(({ path, text }): Finding[] => {
    const { text: written, path: at } = sourceOf(text, path, reading);
    const tag = tagOf(written, String(path.at(-1)));
    if (tag === undefined || !isMeant(tag)) return [];
    const message = `\`${path.at(-1)}\` is \`${written}\`, which means ${means}`;
    return [{ message, hint: 'name a version', place: reading.locate.value(at) }];
  });
}

/** A template that is one input stands for its default. */
function sourceOf(text: string, path: Path, { outline }: Reading): { text: string; path: Path } {
  const [root, name = ''] = /^\{\{[^{}]*\}\}$/.test(text) ? (referencesOf(text)[0] ?? []) : [];
  const preset = root === 'inputs' ? outline.inputs[name]?.['default'] : undefined;
  return typeof preset === 'string' ? { text: preset, path: ['inputs', name, 'default'] } : { text, path };
}

/** `shop/web:latest` names a tag, and so does `latest` where the variable is called after one. */
function tagOf(text: string, variable: string): string | undefined {
  const named = /^[\w./-]+(?::\d+\/[\w./-]+)?:([\w.-]+)$/.exec(text)?.[1];
  return named ?? (/(^|_)(tag|version|image)(_|$)/i.test(variable) ? text : undefined);
}
