import { StepFailure } from '../../src/errors.ts';
import type { Look } from '../../src/runner/contract.ts';
import type { DockerReader } from '../clients/docker-types.ts';

/** What the registry says of a name: its digest now, or why it says nothing. */
export type RegistryAnswer = { digest: string } | { failure: StepFailure };

/**
 * Asks the registry once per process, whoever asks: the run pulls the digest that its plan showed, also where the tag was
 * pushed anew in between (F06).
 */
export async function registryAnswer(name: string, docker: DockerReader, look: Look): Promise<RegistryAnswer> {
  const answers = look.resources.once('registry answers', () => new Map<string, RegistryAnswer>());
  const answer = answers.get(name) ?? (await ask(name, docker));
  answers.set(name, answer);
  return answer;
}

async function ask(name: string, docker: DockerReader): Promise<RegistryAnswer> {
  try {
    return { digest: await docker.registryDigest(name) };
  } catch (failure) {
    if (failure instanceof StepFailure && failure.class !== 'unavailable') return { failure };
    throw failure;
  }
}
