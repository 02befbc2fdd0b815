import type { Difference } from '../../src/runner/contract.ts';
import type { ComposeModel } from '../clients/compose-types.ts';
import type { ContainerInspect, ImageInspect } from '../clients/docker-types.ts';
import { limitsDiff, mountDiff, networkDiff, plainDiff, portDiff } from './differences-host.ts';
import { commandDiffers, environmentDiff, healthcheckDiffers, labelDiff } from './differences-process.ts';
import type { DesiredService } from './model.ts';

/** One thing that is not as the files want it: the clause for people, and its details. */
export type Found = { because: string; diff: Difference[] };

export type Compared = {
  service: DesiredService;
  model: ComposeModel;
  inspect: ContainerInspect;
  /** The image the container runs: what it brings along is no difference. */
  image: ImageInspect | undefined;
};

/**
 * Names what differs between a service of the rendered file and a container. The hash decides whether it must be
 * replaced; this tells why. Values of the environment, of labels and of commands never appear, they may be secrets.
 */
export function differences(compared: Compared): Found[] {
  return [
    found('the environment', environmentDiff(compared)),
    found('the published ports', portDiff(compared)),
    found('the mounts', mountDiff(compared)),
    found('the networks', networkDiff(compared)),
    found('the labels', labelDiff(compared)),
    found('the limits', limitsDiff(compared)),
    ...commandDiffers(compared).map((what) => ({ because: what, diff: [] })),
    ...(healthcheckDiffers(compared) ? [{ because: 'the healthcheck', diff: [] }] : []),
    ...plainDiff(compared),
  ].filter((entry) => entry !== undefined);
}

function found(because: string, diff: Difference[]): Found | undefined {
  return diff.length > 0 ? { because, diff } : undefined;
}
