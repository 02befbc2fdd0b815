import type { GroupReceipt } from '../stack/receipt.ts';

/** What it takes to take back one change of `compose.up`. */
export type UpReceipt = GroupReceipt | NetworksReceipt | TagReceipt;

/** Networks that the project had: newer ones go again. */
export type NetworksReceipt = { kind: 'networks'; project: string; before: string[]; volumes: string[] };

/** Where an image name pointed; null: there was none of that name. */
export type TagReceipt = { kind: 'tag'; name: string; from: string | null; to: string };
