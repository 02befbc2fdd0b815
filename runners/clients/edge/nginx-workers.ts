import { StepFailure } from '../../../src/errors.ts';
import type { Context } from '../../../src/runner/contract.ts';
import type { ComposeChanger } from '../compose-types.ts';

/** The worker processes of nginx by their pids on the host: those that take requests, and those that only end what they have. */
export type Workers = { taking: string[]; ending: string[] };

/** Tests the configuration and gives it as nginx reads it, all files in one; a StepFailure with what nginx says against it. */
export async function testedConfiguration(compose: ComposeChanger, container: string): Promise<string> {
  return compose.docker(['exec', container, 'nginx', '-T']);
}

/** Makes nginx read its files anew; resolves once the workers of before take no new requests. */
export async function reload(
  compose: ComposeChanger,
  container: string,
  { look: { clock }, signal }: Context,
): Promise<void> {
  const { taking: before } = await workersOf(compose, container);
  await compose.docker(['exec', container, 'nginx', '-s', 'reload']);
  const end = clock.now() + 10_000;
  for (;;) {
    const { taking } = await workersOf(compose, container);
    if (taking.length > 0 && !taking.some((pid) => before.includes(pid))) return;
    if (clock.now() > end) break;
    await clock.sleep(20, signal);
  }
  const say = 'nginx was told to read its configuration again, but its workers are the old ones after 10 s';
  throw new StepFailure(say, { class: 'timeout', hint: `What nginx says: docker logs ${container.slice(0, 12)}` });
}

export async function workersOf(compose: ComposeChanger, container: string): Promise<Workers> {
  const lines = (await compose.docker(['top', container, '-eo', 'pid,args'])).split('\n').map((line) => line.trim());
  const workers = lines.filter((line) => line.includes('nginx: worker process'));
  const pid = (line: string): string => line.split(/\s+/)[0] ?? '';
  const ends = (line: string): boolean => line.includes('is shutting down');
  return { taking: workers.filter((line) => !ends(line)).map(pid), ending: workers.filter(ends).map(pid) };
}
