import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Plan } from '../../src/plan/types.ts';
import { printPlanMarkdown } from '../../src/report/markdown.ts';

const file = join(import.meta.dirname, '../../fixtures/plans/image-and-environment/plan.json');
const plan = JSON.parse(readFileSync(file, 'utf8')) as Plan;

/** The plan with this text wherever names and sentences from outside stand. */
function withText(text: string): Plan {
  const { guards, changes, stack } = plan;
  return {
    ...plan,
    stack: { ...stack, project: text },
    guards: guards.map((guard) => ({ ...guard, say: text, hint: text })),
    changes: changes.map((change) => ({ ...change, target: text, because: [text] })),
    warnings: [text],
  };
}

/** Markdown without its code, paired as CommonMark does: a run of backticks ends at the next run of the same length. */
function withoutCode(line: string): string {
  const opening = /^((?:\\.|[^`\\])*)(`+)/s.exec(line);
  if (!opening) return line;
  const [all, before = '', ticks = ''] = opening;
  const rest = line.slice(all.length);
  const closing = [...rest.matchAll(/`+/g)].find((match) => match[0] === ticks);
  if (!closing) return before + ticks + withoutCode(rest);
  return before + withoutCode(rest.slice(closing.index + ticks.length));
}

test.each([
  ['https://evil.example/x', 'https\\://evil.example/x'],
  ['see WWW.evil.example', 'see WWW\\.evil.example'],
  ['@ops and me@evil.example', '@\u200bops and me@evil.example'],
  ['me/web@sha256:1 at `https://ours.example/@x`', 'me/web@sha256:1 at `https://ours.example/@x`'],
])('%j from outside must make no link of itself, and call nobody', (text, shown) => {
  expect(printPlanMarkdown(withText(text))).toContain(`- **Warning**: ${shown}\n`);
});

test.each([
  '<img src=x onerror=alert(1)>',
  '[click](https://evil.example) ![x](https://evil.example/p.png)',
  '| a | b |',
  'a\n\n# heading\n\n- item\n\n```\nfence',
  '```a` `<b>`',
  'a ` lonely <b>x</b> `` and `more` <i>',
  '\\` `<b>',
  '**bold** _it_ ~~gone~~',
])('%j from outside must be text in Markdown, on the line where it belongs', (text) => {
  const lines = printPlanMarkdown(withText(text)).split('\n');
  const usual = printPlanMarkdown(withText('x')).split('\n');
  expect(lines).toHaveLength(usual.length);
  const shape = (line: string): unknown => [
    line.startsWith('|') && line.match(/(?<!\\)\|/g)?.length,
    /^[-#*|]*/.exec(line)?.[0],
  ];
  expect(lines.map(shape)).toEqual(usual.map(shape));
  const own = /^\*\*|\*\*$|^(- )?\*\*[A-Z][a-z ]+\*\*: |^#+ /g;
  for (const line of lines) expect(withoutCode(line.replace(own, ''))).not.toMatch(/(?<!\\)(\\\\)*[<>[\]*_#]/);
});
