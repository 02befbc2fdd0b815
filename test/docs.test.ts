import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { FAMILIES } from '../runners/index.ts';
import { marksOf } from '../runners/stack/marks.ts';
import { actionsPage } from '../scripts/actions-page.ts';
import { languagePage } from '../scripts/language-page.ts';
import { rulesPage } from '../scripts/rules-page.ts';
import { COMMANDS } from '../src/cli/commands.ts';
import { lintPlaybook } from '../src/playbook/lint/lint.ts';
import { printProblems } from '../src/report/problem.ts';
import { plainStyle } from '../src/report/style.ts';
import { createRegistry } from '../src/runner/registry.ts';
import { readXml } from './support/xml.ts';

const root = join(import.meta.dirname, '..');
const docs = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
const pages = ['README.md', ...docs.map((name) => `docs/${name}`)];
const pictures = readdirSync(join(root, 'docs/pictures')).map((name) => `docs/pictures/${name}`);

/** A fenced block as it stands in a page, with the line it begins on. */
type Block = { page: string; line: number; text: string };

const blocks = blocksOf('yaml');

function blocksOf(language: string): Block[] {
  const fence = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm');
  return pages.flatMap((page): Block[] => {
    const text = readFileSync(join(root, page), 'utf8');
    return [...text.matchAll(fence)].map(({ index, 1: block = '' }) => ({
      page,
      line: text.slice(0, index).split('\n').length + 1,
      text: block,
    }));
  });
}

/** `playbook …` in a fenced block or in a span of code, up to what ends a command. */
const commands = pages.flatMap((page): Block[] => {
  const lines = readFileSync(join(root, page), 'utf8').split('\n');
  let fenced = false;
  return lines.flatMap((line, index): Block[] => {
    if (line.startsWith('```')) fenced = !fenced;
    const code = fenced ? [line.replace(/ # .*/, '')] : [...line.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span);
    return code.flatMap(commandsIn).map((text) => ({ page, line: index + 1, text }));
  });
});

/** What is typed in a picture, and what it says is to be typed next. */
const pictured = pictures.flatMap((page) => {
  const texts = readXml(readFileSync(join(root, page), 'utf8')).map(({ text }) => text);
  return texts.flatMap(commandsIn).map((text) => ({ page, text }));
});

function commandsIn(code: string): string[] {
  const said = [...code.matchAll(/(?:^|[ (])playbook ([a-z]+(?: [^|;·<>()]*)?)/g)];
  return said.map(([, text = '']) => text.trim());
}

/** The command, where there is none of this name, and options that it does not have. */
function unknownWords(text: string): string[] {
  const [name = '', ...words] = text.split(/\s+/);
  const command = COMMANDS.find((each) => each.name === name);
  if (!command) return [name];
  const known = new Set(command.options.flatMap(({ flags }) => flags.match(/(?<![\w-])--?[a-z][a-z-]*/g) ?? []));
  const options = words.filter((word) => /^--?[a-z]/.test(word)).map((word) => word.replace(/[=,.:].*$/, ''));
  return options.filter((option) => !known.has(option) && option !== '--help');
}

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

const fragments = blocksOf('yml');

describe('the documentation', () => {
  it.each(fragments)('must hold no YAML that cannot be read: $page:$line', ({ text }) => {
    expect(() => parse(text)).not.toThrow();
  });

  it.each([
    ['docs/rules.md', rulesPage],
    ['docs/actions.md', () => actionsPage(createRegistry(FAMILIES))],
    ['docs/language.md', () => languagePage(createRegistry(FAMILIES))],
  ])('must hold what the code says of itself: node scripts/generate-schemas.ts writes %s', async (page, text) => {
    expect(readFileSync(join(root, page), 'utf8')).toBe(await text());
  });

  it.each(commands)('must show commands as they are: $page:$line $text', ({ text }) => {
    expect(unknownWords(text)).toEqual([]);
  });

  it.each(pictures)(
    'must show a picture that is small, and that says what it shows where it cannot be seen: %s',
    (picture) => {
      const shown = pages.flatMap((page) => {
        const text = readFileSync(join(root, page), 'utf8');
        const images = [...text.matchAll(/!\[([^\]]+)\]\(([^)]+)\)/g)];
        return images.filter(([, , to = '']) => join(page, '..', to) === picture).map(([, about]) => about);
      });
      expect(shown).toEqual([expect.stringMatching(/\w+ \w+ \w+/)]);
      expect(statSync(join(root, picture)).size).toBeLessThan(60_000);
    },
  );

  it.each(pictured)('must show commands in pictures as they are: $page $text', ({ text }) => {
    expect(unknownWords(text)).toEqual([]);
  });

  it('must have a command in every picture', () => {
    expect(pictures.filter((picture) => !pictured.some(({ page }) => page === picture))).toEqual([]);
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
