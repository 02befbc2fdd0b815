import { type FailureClass, StepFailure } from '../../src/errors.ts';
import type { Look } from '../../src/runner/contract.ts';
import { registryAuth } from './credentials.ts';
import { type Connection, change, EngineError } from './docker-call.ts';
import { imagePath } from './engine-query.ts';

/** The digest the registry has for a reference now, asked by the engine (so its proxies and mirrors count). */
export async function registryDigest(connection: Connection, reference: string, look: Look): Promise<string> {
  const auth = await registryAuth(reference, look);
  const path = `/distribution/${imagePath(reference)}/json`;
  try {
    const call = { method: 'GET', path, timeout: 20_000, ...(auth && { registryAuth: auth }) } as const;
    const answer = (await change(connection, call, look.signal)) as { Descriptor?: { digest?: string } };
    const digest = answer.Descriptor?.digest;
    if (digest) return digest;
    throw new EngineError(404, `the registry names no digest for ${reference}`);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw registryFailure(reference, error.message, error);
  }
}

/** What the registry, or the way to it, said: as a failure with the class that decides whether trying again helps. */
export function registryFailure(reference: string, said: string, cause: unknown): StepFailure {
  const failureClass = registryClass(said);
  const message = {
    'not-found': `The registry has no image ${reference}.`,
    auth: `The registry does not let us read ${reference}.`,
    transient: `The registry of ${reference} cannot be reached.`,
  }[failureClass];
  const hint = {
    'not-found': 'Check the name and the tag; a private image also looks like this without a login.',
    auth: 'Log in with `docker login` as the user who runs this.',
    transient: 'Try again later, or bring the image here by hand: docker pull, or docker load.',
  }[failureClass];
  return new StepFailure(message, { class: failureClass, hint, lines: [said], cause });
}

function registryClass(said: string): FailureClass & ('not-found' | 'auth' | 'transient') {
  if (/unauthorized|denied|forbidden|authentication required|no basic auth|\b40[13]\b/i.test(said)) return 'auth';
  if (/manifest unknown|not found|name unknown|no such image|\b404\b|unknown blob/i.test(said)) return 'not-found';
  return 'transient';
}
