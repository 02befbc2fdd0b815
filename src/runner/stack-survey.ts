/** What `playbook init` finds of a stack: its files, the images that are here, and what runs of it. Data. */
export type StackSurvey = {
  project: string;
  /** Relative to the stack's folder. */
  files: string[];
  /** In the order in which they start. */
  services: SurveyedService[];
};

export type SurveyedService = {
  name: string;
  image: string;
  /** The files say how it is built. */
  built: boolean;
  replicas: number;
  job: boolean;
  /** Where its healthcheck comes from; `unknown`: the file has none, and its image is not here to be asked. */
  health: 'file' | 'image' | 'none' | 'unknown';
  /** A line for the Compose file, where it has none and its image is a well-known one. */
  healthcheck?: string;
  /** Names of the volumes that it writes to. */
  keeps: string[];
  /** The driver of the proxy in front of it. */
  edge?: string;
  /** A proxy as one knows them by their images. */
  proxy: boolean;
  /** TCP ports on this host. */
  published: { address: string; port: number; target: number }[];
  running: boolean;
  /** A container that has ended well although nothing says that it is a job. */
  ended: boolean;
};
