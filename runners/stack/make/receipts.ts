import type { GroupReceipt } from '../receipt.ts';

/** What it takes to take back one change that came with making containers. */
export type MakeReceipt = GroupReceipt | NetworksReceipt | TagReceipt;

/** Names of the networks that the project had, and of all named volumes: newer networks go again, newer volumes stay. */
export type NetworksReceipt = { kind: 'networks'; project: string; before: string[]; volumes: string[] };

/** Where an image name pointed; null: there was none of that name. */
export type TagReceipt = { kind: 'tag'; name: string; from: string | null; to: string };
