import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { printPlan } from '../../src/plan/print.ts';
import type { Plan } from '../../src/plan/types.ts';
import { columnsOf } from '../../src/report/layout.ts';
import { printPlanMarkdown } from '../../src/report/markdown.ts';
import { colourStyle, plainStyle } from '../../src/report/style.ts';

const folder = join(import.meta.dirname, '../../fixtures/plans');
const update = process.env['UPDATE'] === '1';

describe.each(readdirSync(folder).filter((name) => !name.endsWith('.md')))('plan %s', (name) => {
  const plan = JSON.parse(readFileSync(join(folder, name, 'plan.json'), 'utf8')) as Plan;

  it.each([
    ['plan.txt', () => printPlan(plan, plainStyle(100))],
    ['plan.md', () => printPlanMarkdown(plan)],
  ] as const)('must read as %s', (file, print) => {
    const path = join(folder, name, file);
    if (update) writeFileSync(path, print());
    expect(print()).toBe(readFileSync(path, 'utf8'));
  });

  it.each([60, 80, 100, 160])('must fit a terminal of %i columns', (width) => {
    const long = printPlan(plan, colourStyle(width))
      .split('\n')
      .filter((line) => columnsOf(line) > width);
    expect(long).toEqual([]);
  });

  it('must say the same with and without colour', () => {
    const coloured = printPlan(plan, colourStyle(100));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what is taken out.
    expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(printPlan(plan, plainStyle(100)));
  });
});
