import { buildImages } from './images.ts';

/** Before the first test of the project `docker`: the images that its stacks run. */
export async function setup(): Promise<void> {
  await buildImages();
}
