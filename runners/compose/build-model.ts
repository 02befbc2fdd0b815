import type { ComposeModel, ComposeService } from '../clients/compose-types.ts';
import { buildTag } from '../stack/keep-tag.ts';
import type { DesiredStack } from '../stack/model.ts';

/** One service that is built: the name of the build itself, and the names that shall mean it. */
export type Build = { service: string; image: string; names: string[]; private_name: string };

/** The services of the stack that are built, in the order of dependency. */
export function buildsOf(desired: DesiredStack): Build[] {
  return desired.order.flatMap((service) => {
    const { config, image } = desired.services[service] ?? {};
    if (!config?.build || image === undefined) return [];
    const tags = config.build['tags'];
    const more = Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [];
    const names = [...new Set([image, ...more])];
    return [{ service, image, names, private_name: buildTag(desired.project, service) }];
  });
}

/** The model with private names for what is built, so that no name in use moves before every build is there. */
export function privateModel(model: ComposeModel, builds: readonly Build[]): ComposeModel {
  const services: Record<string, ComposeService> = { ...model.services };
  for (const { service, private_name } of builds) {
    const { build: { tags: _tags, ...build } = {}, ...rest } = services[service] ?? {};
    services[service] = { ...rest, build, image: private_name };
  }
  return { ...model, services };
}
