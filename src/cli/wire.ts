import { FAMILIES } from '../../runners/index.ts';
import { createRegistry, type Registry } from '../runner/registry.ts';

/** The runners by name; a family is loaded when one of its names is asked for. */
export function openRegistry(): Registry {
  return createRegistry(FAMILIES);
}
