import type { Difference } from '../../src/runner/contract.ts';
import { limitsDiff, mountDiff, networkDiff, plainDiff, portDiff } from './differences-host.ts';
import { commandDiffers, environmentDiff, healthcheckDiffers, labelDiff } from './differences-process.ts';
import { settingsDiff } from './differences-settings.ts';
import type { Compared, Found } from './model.ts';

/**
 * Names what differs between a service of the rendered file and a container. The hash decides whether it must be
 * replaced; this tells why. Values of the environment, of labels and of commands never appear, they may be secrets.
 */
export function differences(compared: Compared): Found[] {
  return [
    found('the environment differs', environmentDiff(compared)),
    found('the published ports differ', portDiff(compared)),
    found('the mounts differ', mountDiff(compared)),
    found('the networks differ', networkDiff(compared)),
    found('the labels differ', labelDiff(compared)),
    found('the limits differ', limitsDiff(compared)),
    ...commandDiffers(compared).map((what) => ({ because: what, diff: [] })),
    ...(healthcheckDiffers(compared) ? [{ because: 'the healthcheck differs', diff: [] }] : []),
    ...plainDiff(compared),
    ...settingsDiff(compared),
  ].filter((entry) => entry !== undefined);
}

function found(because: string, diff: Difference[]): Found | undefined {
  return diff.length > 0 ? { because, diff } : undefined;
}
