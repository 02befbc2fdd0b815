import { Refusal } from '../../src/errors.ts';
import type { Change, Judgement, Look } from '../../src/runner/contract.ts';
import { edgeReader } from '../clients/edge/open.ts';
import type { EdgeAbilities, EdgePlace, EdgeReport } from '../clients/edge/types.ts';
import { desiredStack } from '../stack/desired.ts';
import { edgePlaces } from '../stack/edge-place.ts';
import type { DesiredService } from '../stack/model.ts';
import { listed } from '../stack/words.ts';

/** What is known of one service behind an edge; `away`: why the edge did not answer, `starts`: an earlier step starts it. */
export type EdgeFacts = {
  service: string;
  driver: string;
  can?: EdgeAbilities;
  report?: EdgeReport;
  away?: { say: string; hint?: string; starts: boolean };
  /** A host port that the service publishes itself, past the edge. */
  publishes?: string;
  /** New containers that are to be at the edge beside the old ones. */
  surge: number;
};

/** Asks each edge what it tells of itself. */
export async function judge(look: Look, earlier: readonly Change[]): Promise<Judgement> {
  const desired = await desiredStack(look);
  const places = edgePlaces(desired, look);
  const facts = await Promise.all(
    places.map(async (place) => ({
      ...published(desired.services[place.service]),
      ...(await ask(place, look, earlier)),
      surge: surgeOf(place.service, earlier),
    })),
  );
  return decideEdge(facts);
}

async function ask(
  place: EdgePlace,
  look: Look,
  earlier: readonly Change[],
): Promise<Omit<EdgeFacts, 'publishes' | 'surge'>> {
  const { service, driver } = place;
  try {
    const edge = await edgeReader(place, look);
    return { service, driver, can: edge.can, report: await edge.inspect() };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const starts =
      error.reason === 'unavailable' && earlier.some(({ target, verb }) => target === place.edge && verb !== 'keep');
    return {
      service,
      driver,
      away: { say: error.message, starts, ...(error.hint !== undefined && { hint: error.hint }) },
    };
  }
}

function published(service: DesiredService | undefined): Pick<EdgeFacts, 'publishes'> {
  const port = (service?.config.ports ?? []).find((each) => each.published && each.published !== '0')?.published;
  return port === undefined ? {} : { publishes: port };
}

/** As many as the largest batch of the plan makes beside the old ones; one where nothing is planned yet. */
function surgeOf(service: string, earlier: readonly Change[]): number {
  const batches = earlier
    .filter(({ target }) => target === service)
    .map(({ binds }) => binds?.['replaces']?.split(' ').length ?? 0);
  return Math.max(1, ...batches);
}

/** Pure. */
export function decideEdge(facts: readonly EdgeFacts[]): Judgement {
  if (facts.length === 0) return { verdict: 'go', say: 'No service is behind an edge.' };
  const evidence = facts.map(({ service, driver, can, report }) => ({
    service,
    driver,
    ...(can && { can: { ...can } }),
    ...(report?.places && { places: { ...report.places } }),
  }));
  const problems = facts.flatMap(problemsOf);
  const warnings = facts.flatMap(warningsOf);
  const [worst] = problems.length > 0 ? problems : warnings;
  if (worst === undefined)
    return { verdict: 'go', say: `${listed(facts.map(sayOne))} can be switched over.`, evidence };
  const all = problems.length > 0 ? problems : warnings;
  return {
    verdict: problems.length > 0 ? 'no-go' : 'warn',
    say: `${all.map(({ say }) => say).join('; ')}.`,
    ...(worst.hint !== undefined && { hint: worst.hint }),
    evidence,
  };
}

type Finding = { say: string; hint?: string };

function problemsOf({ service, away, report, publishes, surge }: EdgeFacts): Finding[] {
  const found = [...(away && !away.starts ? [bare(away)] : []), ...(report?.problems ?? [])];
  if (publishes !== undefined)
    found.push({
      say: `it publishes port ${publishes} itself, past the edge`,
      hint: `Take the port from \`ports\` of ${service} and let the edge publish it.`,
    });
  const places = report?.places;
  if (places && places.free < surge)
    found.push({
      say: `the edge has ${places.free} of ${places.all} places free, and ${surge} new are to come in`,
      hint: 'Raise the number of its places to twice the replicas, and load its configuration again.',
    });
  return found.map((each) => named(service, each));
}

function warningsOf({ service, away, report }: EdgeFacts): Finding[] {
  const unknown = away?.starts ? [{ say: 'unknown: its edge is only started by this plan' }] : [];
  return [...unknown, ...(report?.warnings ?? [])].map((each) => named(service, each));
}

function bare({ say, hint }: { say: string; hint?: string }): Finding {
  return { say: say.replace(/\.$/, ''), ...(hint !== undefined && { hint }) };
}

function named(service: string, { say, hint }: Finding): Finding {
  return { say: `${service}: ${say}`, ...(hint !== undefined && { hint }) };
}

function sayOne({ service, driver }: EdgeFacts): string {
  return `${service} (${driver})`;
}
