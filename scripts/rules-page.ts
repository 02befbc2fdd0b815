import type { RuleWords } from '../src/playbook/lint/rule.ts';
import { RULE_TABLE } from '../src/playbook/lint/table.ts';

/** The reference page of all rules, as Markdown: `docs/rules.md`. */
export function rulesPage(): string {
  const rules = Object.entries(RULE_TABLE);
  return [HEAD, ...rules.map(row), '', ...rules.map(section)].join('\n');
}

const HEAD = `<!-- Made of src/playbook/lint by \`node scripts/generate-schemas.ts\`; a test fails when it is stale. -->
# Rules of the linter

\`playbook check\` says what is wrong in a playbook (errors, which \`playbook explain CODE\` explains one by one) and what is worth a
thought (these rules). Errors fail with exit 2; warnings do with \`--strict\`, notices with \`--level notice\`.

A rule is set aside by a comment that says why, right above what it is about (a key or an item, with all that stands below it) or behind it on
the same line:

\`\`\`
steps:
  # playbook-ignore opaque-without-probe: it may be done twice
  - { id: warm, uses: shell.run, with: { argv: [./warm.sh] }, timeout: 1m, undo: none, because: It only reads. }
\`\`\`

Without a reason nothing is ignored. \`plan\` and \`run\` show only those warnings that mean that a run goes otherwise than it looks.

| rule | level | finds |
|---|---|---|`;

function row([id, { level, title }]: [string, RuleWords]): string {
  return `| [${id}](#${id}) | ${level} | ${title} |`;
}

function section([id, { why, fix }]: [string, RuleWords]): string {
  return `## ${id}\n\n${why}\n\n${fix}\n`;
}
