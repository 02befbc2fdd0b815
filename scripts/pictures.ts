import { join } from 'node:path';
import { root } from '../test/support/images.ts';
import { takePictures } from './pictures/take.ts';

/** Takes the pictures of the documentation from real runs of the sample stack; needs an engine, and half a minute. */
const folder = join(root, 'docs/pictures');
for (const name of await takePictures({ project: 'shop', port: 8080, folder })) console.log(join(folder, name));
