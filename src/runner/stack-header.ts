/** Which stack on which engine, as plans and `status` name it. */
export type StackHeader = {
  project: string;
  directory: string;
  files: string[];
  services: number;
  profiles: string[];
  engine_id: string;
  engine_name: string;
  engine_version: string;
  compose_version: string;
  commit?: string;
  /** HMAC of the rendered Compose file. */
  rendered?: string;
};
