import { relative } from 'node:path';
import { Problems } from '../../src/errors.ts';
import type { Judgement, Look } from '../../src/runner/contract.ts';
import { composeReader } from '../clients/compose.ts';
import { desiredStack } from '../stack/desired.ts';
import { counted, listed } from '../stack/words.ts';

/** Asks Compose for the files as a run would get them. */
export async function judge(look: Look): Promise<Judgement> {
  const compose = await composeReader(look);
  try {
    const desired = await desiredStack(look);
    const [files, unset] = await Promise.all([compose.files(), compose.unset()]);
    const jobs = Object.values(desired.services).filter((service) => service.job).length;
    const services = Object.keys(desired.services).length;
    return decideConfig({
      files: files.map((file) => relative(look.target.directory, file)),
      services: services - jobs,
      jobs,
      inactive: desired.known.filter((name) => !desired.services[name]),
      unset,
    });
  } catch (thrown) {
    if (thrown instanceof Problems) return invalid(thrown);
    throw thrown;
  }
}

export type ConfigFacts = { files: string[]; services: number; jobs: number; inactive: string[]; unset: string[] };

/** Pure. */
export function decideConfig(facts: ConfigFacts): Judgement {
  const { files, services, jobs, inactive, unset } = facts;
  const counts = [counted(services, 'service'), ...(jobs > 0 ? [counted(jobs, 'job')] : [])].join(', ');
  const names = files.length > 0 ? listed(files) : 'the Compose file';
  const aside = inactive.length > 0 ? `; not active: ${listed(inactive)}` : '';
  const say = `${names} ${files.length > 1 ? 'are' : 'is'} valid: ${counts}${aside}`;
  const evidence = { ...facts };
  if (services + jobs === 0) {
    return { verdict: 'no-go', say: `${names} has no active service.`, hint: 'Is a profile missing?', evidence };
  }
  if (unset.length === 0) return { verdict: 'go', say: `${say}.`, evidence };
  const are = unset.length === 1 ? 'is not set, so it is' : 'are not set, so they are';
  const hint = 'Set it in .env or under target.env, or write a default behind it (NAME:-value).';
  return { verdict: 'warn', say: `${say}. But ${listed(unset)} ${are} empty.`, hint, evidence };
}

/** The same problem ends the command when the stack is read; here it is a verdict with its place. */
function invalid({ problems }: Problems): Judgement {
  const [first] = problems;
  const where = first?.place ? `${first.place.file}:${first.place.line}:${first.place.column}: ` : '';
  return {
    verdict: 'no-go',
    say: `${where}${first?.message ?? 'the Compose file is not valid'}.`,
    hint: first?.hint ?? 'See `docker compose config`.',
    evidence: { problems: problems.map(({ code, message, place }) => ({ code, message, ...(place && { place }) })) },
  };
}
