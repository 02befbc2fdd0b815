import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StepFailure } from '../../src/errors.ts';
import type { Change, Look, RunContext } from '../../src/runner/contract.ts';
import { composeChanger } from '../clients/compose.ts';
import { dockerChanger, dockerReader } from '../clients/docker.ts';
import { desiredStack } from '../stack/desired.ts';
import { dropTag, formerTag } from '../stack/keep-tag.ts';
import type { DesiredStack } from '../stack/model.ts';
import { type MovedName, moveName } from '../stack/moved-name.ts';
import { listed } from '../stack/words.ts';
import { type Build, buildsOf, privateModel } from './build-model.ts';
import { buildProgress } from './build-progress.ts';

export type BuildOutputs = { built: string[]; say: string };

/** Every image that a service builds: whether it comes out different, only the build can tell. */
export async function planBuild(look: Look): Promise<Change[]> {
  const [desired, docker] = await Promise.all([desiredStack(look), dockerReader(look)]);
  return Promise.all(
    buildsOf(desired).map(async ({ image }): Promise<Change> => {
      const here = await docker.image(image);
      const because = here ? 'its files may give another image; only the build can tell' : 'it is not here yet';
      return { verb: 'build', target: `image ${image}`, because: [because], certainty: here ? 'unknown' : 'certain' };
    }),
  );
}

export async function runBuild(context: RunContext<MovedName>): Promise<BuildOutputs> {
  const desired = await desiredStack(context.look);
  const builds = buildsOf(desired);
  if (builds.length === 0) return { built: [], say: 'no service has a build section' };
  const docker = await dockerChanger(context);
  try {
    await buildAll(desired, builds, context);
    const built: string[] = [];
    for (const { service, names, private_name } of builds) {
      const image = await docker.image(private_name);
      if (!image) throw new StepFailure(`${service} was built, but its image is not here.`, { class: 'not-found' });
      for (const [n, name] of names.entries()) {
        const keep = formerTag(desired.project, service, n === 0 ? context.run : `${context.run}-${n}`);
        if (await moveName({ name, to: image.Id, keep }, context)) built.push(name);
      }
    }
    return { built, say: built.length === 0 ? sayUnchanged(builds) : `${listed(built)} built` };
  } finally {
    await dropPrivateNames(builds, context);
  }
}

function sayUnchanged(builds: readonly Build[]): string {
  const names = builds.flatMap((build) => build.names);
  return `${listed(names)} came out the same`;
}

/** Also when the run was cancelled; what is left is in nobody's way, and the next build takes the name over. */
async function dropPrivateNames(builds: readonly Build[], context: RunContext): Promise<void> {
  const docker = await dockerChanger({ ...context, signal: AbortSignal.timeout(10_000) });
  for (const { private_name } of builds) {
    await dropTag(docker, private_name).catch((error: unknown) =>
      context.log(`${private_name} stays: ${String(error)}`),
    );
  }
}

async function buildAll(desired: DesiredStack, builds: readonly Build[], context: RunContext): Promise<void> {
  const compose = await composeChanger(context);
  const file = join(context.folder, 'build.json');
  await writeFile(file, JSON.stringify(privateModel(desired.model, builds)), { mode: 0o600 });
  const services = builds.map(({ service }) => service);
  const said = buildProgress();
  const lines: string[] = [];
  try {
    await compose.build(file, services, (line) => {
      lines.push(line);
      const { log, progress } = said(line);
      if (log !== undefined) context.log(log);
      if (progress) context.progress(progress);
    });
  } catch (error) {
    await context.evidence('build.log', lines.slice(-mostLines).join('\n'));
    throw error;
  }
}

/** What a failed build keeps of what it printed: the reason is at its end. */
const mostLines = 5000;
