import type { Clock } from '../../src/runner/contract.ts';
import type { DockerReader } from '../clients/docker-types.ts';

/** Less than this is the time that the question took, not a clock that is wrong. */
const noise = 1_000;

/** How many milliseconds the engine's clock is ahead of ours: logs and events bear its times. */
export async function clockAhead(docker: Pick<DockerReader, 'info'>, clock: Clock): Promise<number> {
  const info = await docker.info();
  const theirs = Date.parse(String(info['SystemTime']));
  const ahead = theirs - clock.now();
  return Number.isFinite(ahead) && Math.abs(ahead) > noise ? ahead : 0;
}
