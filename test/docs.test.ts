import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FAMILIES } from '../runners/index.ts';
import { marksOf } from '../runners/stack/marks.ts';
import { rulesPage } from '../scripts/rules-page.ts';
import { lintPlaybook } from '../src/playbook/lint/lint.ts';
import { printProblems } from '../src/report/problem.ts';
import { plainStyle } from '../src/report/style.ts';
import { createRegistry } from '../src/runner/registry.ts';

const root = join(import.meta.dirname, '..');
const docs = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
const pages = ['README.md', ...docs.map((name) => `docs/${name}`)];

/** A fenced block as it stands in a page, with the line it begins on. */
type Block = { page: string; line: number; text: string };

const blocks = pages.flatMap((page): Block[] => {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(({ index, 1: block = '' }) => ({
    page,
    line: text.slice(0, index).split('\n').length + 1,
    text: block,
  }));
});

describe('the YAML in the documentation', () => {
  it.each(blocks)('must be right: $page:$line', async ({ page, line, text }) => {
    if (/^services:/m.test(text) && !/^playbook:/m.test(text)) {
      expect(() => marksOf(text)).not.toThrow();
      return;
    }
    // Whatever is no Compose file is meant to be copied whole: a playbook. It is as short as it can be, so notices may stand.
    const file = `${page}:${line}`;
    const found = await lintPlaybook({ file, text }, createRegistry(FAMILIES));
    const problems = found.filter(({ level }) => level !== 'notice');
    expect(printProblems(problems, new Map([[file, text]]), plainStyle())).toBe('');
  });
});

describe('the documentation', () => {
  it('must hold the rules as they are: node scripts/generate-schemas.ts', () => {
    expect(readFileSync(join(root, 'docs/rules.md'), 'utf8')).toBe(rulesPage());
  });

  it.each(pages)('must not point to files that are not there: %s', (page) => {
    const text = readFileSync(join(root, page), 'utf8');
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map(([, to = '']) => to);
    expect(links.filter((to) => !existsSync(join(root, page, '..', to)))).toEqual([]);
  });

  it('must name every playbook that is shipped', () => {
    const text = readFileSync(join(root, 'README.md'), 'utf8');
    const shipped = readdirSync(join(root, 'playbooks')).filter((name) => name.endsWith('.yml'));
    expect(shipped.filter((name) => !text.includes(name.replace('.yml', '')))).toEqual([]);
  });
});
