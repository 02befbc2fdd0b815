import { Problems } from '../../src/errors.ts';
import type { Judgement, Look } from '../../src/runner/contract.ts';
import { composeFiles, readComposeFiles, type SourceFile } from '../clients/compose-files.ts';
import { type ComposePlaces, composePlaces } from '../clients/compose-places.ts';
import { dockerReader } from '../clients/docker.ts';
import { desiredStack } from '../stack/desired.ts';
import { serviceHealthcheck } from '../stack/healthcheck.ts';
import type { DesiredService } from '../stack/model.ts';
import { decidePractices, type PracticesParams } from './decide-practices.ts';
import { type Located, subjectsOf } from './find-practices.ts';

/** Looks at the resolved files, at what their images bring, and at where it all stands. */
export async function judge(params: PracticesParams, look: Look): Promise<Judgement> {
  const [docker, desired, sources] = await Promise.all([dockerReader(look), desiredStack(look), sourcesOf(look)]);
  const services = Object.values(desired.services).filter(({ replicas }) => replicas > 0);
  const [info, images] = await Promise.all([
    docker.info(),
    Promise.all(services.map(async (service) => imageOf(service, await docker.image(service.image)))),
  ]);
  const places: ComposePlaces = composePlaces(sources);
  const driver = info['LoggingDriver'];
  const located: Located = { places, log_driver: typeof driver === 'string' ? driver : 'json-file' };
  const known = services.map((service, index) => ({
    ...service,
    edge: service.marks.edge !== undefined,
    brings: images[index],
  }));
  return decidePractices(subjectsOf(known, located), places, params);
}

type Inspect = Awaited<ReturnType<Awaited<ReturnType<typeof dockerReader>>['image']>>;

function imageOf({ config }: DesiredService, image: Inspect): { healthcheck: boolean; volumes: string[] } | undefined {
  if (image === undefined) return undefined;
  const healthcheck = serviceHealthcheck(config.healthcheck, image.Config?.Healthcheck) !== undefined;
  return { healthcheck, volumes: Object.keys(image.Config?.Volumes ?? {}) };
}

/** A release that is put back has no files of the user's; then nothing has a place. */
async function sourcesOf(look: Look): Promise<SourceFile[]> {
  try {
    return await readComposeFiles(await composeFiles(look));
  } catch (error) {
    if (error instanceof Problems) return [];
    throw error;
  }
}
