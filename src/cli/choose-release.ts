import { Refusal } from '../errors.ts';
import { nearest } from '../playbook/nearest.ts';
import { sayAgo } from '../report/amounts.ts';
import type { Release } from '../runner/contract.ts';
import { releaseThatRuns, type ServiceNow } from './drift.ts';

/** What is known of a stack when a release is chosen: its releases, newest first, and what runs of it. */
export type Choice = { project: string; releases: readonly Release[]; services: readonly ServiceNow[]; now: number };

/**
 * The release that a playbook means: by its id, or `previous` for the newest one that is older than what runs; where what
 * runs is no release, the newest one. A Refusal says what there is (F53).
 */
export function chooseRelease(wanted: string, choice: Choice): Release {
  const { project, releases } = choice;
  if (releases.length === 0)
    throw new Refusal('no-go', `There is no release of ${project} to go back to.`, {
      hint: 'The first run that ends well records one: playbook run deploy-stack.yml. Before its first change it keeps what runs as `found`.',
    });
  return wanted === 'previous' ? previous(choice) : byId(wanted, choice);
}

function previous({ project, releases, services, now }: Choice): Release {
  const current = releaseThatRuns(releases, services);
  const chosen = current ? releases[releases.indexOf(current) + 1] : releases[0];
  if (chosen) return chosen;
  throw new Refusal('no-go', `There is no older release of ${project}: what runs is ${current?.id}, the oldest one.`, {
    hint: listOf(releases, now),
  });
}

function byId(wanted: string, { project, releases, now }: Choice): Release {
  const found = releases.find(({ id }) => id === wanted);
  if (found) return found;
  const near = nearest(
    wanted,
    releases.map(({ id }) => id),
  );
  throw new Refusal('no-go', `There is no release ${wanted} of ${project}${near ? `; did you mean ${near}?` : '.'}`, {
    hint: listOf(releases, now),
  });
}

function listOf(releases: readonly Release[], now: number): string {
  const each = releases.map(({ id, created_at, commit }) => {
    const from = commit === undefined ? '' : `, ${commit.slice(0, 7)}`;
    return `${id} (${sayAgo(created_at, now)}${from})`;
  });
  return `There ${releases.length === 1 ? 'is' : 'are'} ${each.join(', ')}; \`playbook releases\` says more.`;
}
