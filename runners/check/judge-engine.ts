import type { Judgement, Look } from '../../src/runner/contract.ts';
import { composeReader } from '../clients/compose.ts';
import { dockerReader } from '../clients/docker.ts';
import { isAtLeast } from './versions.ts';

export type OldestVersions = { engine: string; compose: string };

/** An engine that does not answer is no verdict: what the client throws says where it was looked for. */
export async function judge(params: OldestVersions, look: Look): Promise<Judgement> {
  const [docker, compose] = await Promise.all([dockerReader(look), composeReader(look)]);
  const [engine, composeVersion] = await Promise.all([docker.version(), compose.version()]);
  const evidence = { engine: engine.version, api: engine.api, compose: composeVersion, engine_id: engine.id };
  return { ...decideEngine({ engine: engine.version, compose: composeVersion }, params), evidence };
}

type Versions = { engine: string; compose: string };

/** Pure. */
export function decideEngine(found: Versions, least: Versions): Judgement {
  const old = [
    ...(isAtLeast(found.engine, least.engine) === false
      ? [`engine ${found.engine} is older than ${least.engine}`]
      : []),
    ...(isAtLeast(found.compose, least.compose) === false
      ? [`compose ${found.compose} is older than ${least.compose}`]
      : []),
  ];
  if (old.length > 0)
    return { verdict: 'no-go', say: `${old.join(', and ')}.`, hint: 'Update it, then run this again.' };
  const unknown = Object.entries(found).filter(([, version]) => isAtLeast(version, '0') === undefined);
  if (unknown.length > 0) {
    const names = unknown.map(([name, version]) => `${name} ("${version}")`).join(' and ');
    return { verdict: 'warn', say: `unknown: the version of ${names} cannot be read.` };
  }
  return { verdict: 'go', say: `engine ${found.engine}, compose ${found.compose}.` };
}
