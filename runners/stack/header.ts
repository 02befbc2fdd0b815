import type { Look } from '../../src/runner/contract.ts';
import type { StackHeader } from '../../src/runner/stack-header.ts';
import { composeReader } from '../clients/compose.ts';
import { dockerReader } from '../clients/docker.ts';
import { gitState } from '../clients/git.ts';
import { desiredStack } from './desired.ts';

/** Which stack on which engine: the head of a plan. */
export async function stackHeader(look: Look): Promise<StackHeader> {
  const { directory, profiles, files } = look.target;
  const [compose, docker] = await Promise.all([composeReader(look), dockerReader(look)]);
  const [desired, engine, git, found] = await Promise.all([
    desiredStack(look),
    docker.version(),
    gitState(directory, look),
    compose.files().catch(() => files),
  ]);
  return {
    project: desired.project,
    directory,
    files: found,
    services: desired.order.length,
    profiles,
    engine_id: engine.id,
    engine_name: engine.name,
    engine_version: engine.version,
    compose_version: desired.compose_version,
    ...(git && { commit: git.commit }),
    rendered: look.hmac(desired.frozen),
  };
}
