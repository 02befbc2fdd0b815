import type { Level } from '../../src/errors.ts';
import type { Judgement } from '../../src/runner/contract.ts';
import type { ComposePlaces } from '../clients/compose-places.ts';
import { counted, listed } from '../stack/words.ts';
import { type Finding, findPractices, LEVELS } from './find-practices.ts';
import type { Subject } from './practices/subject.ts';
import { PRACTICES } from './practices/words.ts';
import type { PracticeId } from './practices.ts';

export type Ignored = { practice: PracticeId; services?: string[]; because: string };

export type PracticesParams = { level: Level; services: string[]; ignore: Ignored[] };

/** What is found, but for what is set aside; a no-go from the level on that is asked for. Pure. */
export function decidePractices(
  all: readonly Subject[],
  places: ComposePlaces,
  { level, services, ignore }: PracticesParams,
): Judgement {
  const missing = services.filter((name) => !all.some((subject) => subject.name === name));
  if (missing.length > 0) {
    const names = listed(all.map(({ name }) => name));
    return { verdict: 'no-go', say: `there is no active service ${listed(missing)}.`, hint: `Services are ${names}.` };
  }
  const subjects = services.length === 0 ? all : all.filter(({ name }) => services.includes(name));
  const found = findPractices(subjects, places);
  const findings = found.filter((finding) => !ignore.some((each) => isAbout(each, finding)));
  const idle = ignore.filter((each) => !found.some((finding) => isAbout(each, finding)));
  const evidence = { findings: findings.map(asEvidence), ignored: ignore.map((each) => ({ ...each })) };
  const [worst] = findings;
  const aside = idle.map(({ practice }) => `the ignore of ${practice} finds nothing`);
  const say = sentence([...findingsSaid(findings, subjects.length), ...aside]);
  if (worst === undefined) return { verdict: idle.length > 0 ? 'warn' : 'go', say, evidence };
  const failing = LEVELS.indexOf(worst.level) <= LEVELS.indexOf(level);
  const hint = `${PRACTICES[worst.practice].fix} \`playbook explain ${worst.practice}\` says why.`;
  const verdict = failing ? 'no-go' : worst.level === 'notice' && idle.length === 0 ? 'go' : 'warn';
  return { verdict, say, ...(verdict !== 'go' && { hint }), evidence };
}

function isAbout({ practice, services }: Ignored, finding: Finding): boolean {
  return practice === finding.practice && (services?.includes(finding.service) ?? true);
}

/** So many are said; the rest is counted, and stands in the evidence. */
const SAID = 5;

function findingsSaid(findings: readonly Finding[], services: number): string[] {
  if (findings.length === 0) return [`${counted(services, 'service')} as ${services === 1 ? 'it' : 'they'} should be`];
  const counts = LEVELS.map((level) => [level, findings.filter((each) => each.level === level).length] as const);
  const total = listed(counts.filter(([, count]) => count > 0).map(([level, count]) => counted(count, level)));
  const groups = [...Map.groupBy(findings, ({ practice, say }) => `${practice} ${say}`).values()];
  const clauses = groups.slice(0, SAID).map(clause);
  const more = groups.length - SAID;
  return [`${total}: ${clauses[0]}`, ...clauses.slice(1), ...(more > 0 ? [`and ${more} more`] : [])];
}

/** `each of web and api keeps every line it logs (log-unbounded)`. */
function clause(group: readonly Finding[]): string {
  const [first] = group;
  const names = [...new Set(group.map(({ service }) => service))];
  return names.length === 1
    ? `${names[0]} ${first?.say} (${first?.practice})`
    : `each of ${listed(names)} ${first?.say} (${first?.practice})`;
}

function sentence(parts: readonly string[]): string {
  return `${parts.join('; ')}.`;
}

function asEvidence({
  place,
  ...finding
}: Finding): Record<string, string | { file: string; line: number; column: number }> {
  const { file, line, column } = place ?? {};
  return file === undefined || line === undefined || column === undefined
    ? finding
    : { ...finding, place: { file, line, column } };
}
