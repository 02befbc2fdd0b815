import type { DockerReader } from '../clients/docker-types.ts';
import { type Sample, sampleOf } from './sample.ts';

/** Looks at every container of the services, running or not, by inspect: events only say when to look. */
export async function lookAtContainers(
  docker: Pick<DockerReader, 'containers' | 'container'>,
  project: string,
  services: ReadonlySet<string>,
): Promise<Sample[]> {
  const listed = await docker.containers({ project });
  const wanted = listed.filter((container) => {
    const labels = container.Labels ?? {};
    const oneoff = labels['com.docker.compose.oneoff'] === 'True';
    return !oneoff && services.has(labels['com.docker.compose.service'] ?? '');
  });
  const inspects = await Promise.all(wanted.map((container) => docker.container(container.Id)));
  return inspects.filter((inspect) => inspect !== undefined).map(sampleOf);
}
