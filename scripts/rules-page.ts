import { PRACTICES } from '../runners/check/practices/words.ts';
import type { RuleWords } from '../src/playbook/lint/rule.ts';
import { RULE_TABLE } from '../src/playbook/lint/table.ts';

/** The reference page of all rules, as Markdown: `docs/rules.md`. */
export function rulesPage(): string {
  const rules = Object.entries(RULE_TABLE);
  const practices = Object.entries<RuleWords>(PRACTICES);
  return [
    HEAD,
    ...rules.map(row),
    '',
    COMPOSE,
    ...practices.map(row),
    '',
    ...[...rules, ...practices].map(section),
  ].join('\n');
}

const HEAD = `<!-- Made of src/playbook/lint and runners/check/practices by \`node scripts/generate-schemas.ts\`; a test fails when it is stale. -->
# Rules and practices

## For playbooks: \`playbook check\`

\`playbook check\` says what is wrong in a playbook (errors, which \`playbook explain CODE\` explains one by one) and what is worth a
thought (these rules). Errors fail with exit 2; warnings do with \`--strict\`, notices with \`--level notice\`.
\`--fix\` mends in the file what needs no guess: quotes around a template or a version, ignores that ignore nothing. \`--github\`
prints annotations, which show up at the lines of a pull request.

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

const COMPOSE = `## For Compose files: the guard \`check.practices\`

Looks at the files as Compose resolves them, and at what the images bring. Errors are a no-go; with \`level: warning\` or \`level: notice\` the
others are too. A practice is set aside in the playbook, with the reason; one that is set aside and finds nothing is said.

\`\`\`
guards:
  - id: practices
    uses: check.practices
    with:
      level: warning
      ignore:
        - { practice: docker-socket-mounted, services: [proxy], because: It finds its services by it. }
\`\`\`

| practice | level | finds |
|---|---|---|`;

function row([id, { level, title }]: [string, RuleWords]): string {
  return `| [${id}](#${id}) | ${level} | ${title} |`;
}

function section([id, { why, fix }]: [string, RuleWords]): string {
  return `### ${id}\n\n${why}\n\n${fix}\n`;
}
