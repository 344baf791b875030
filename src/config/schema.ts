/**
 * What may be written in the configuration file: every key with its type, default, unit and a sentence of help.
 * The reference, the annotated example, the checks and the nearest valid names all come from here.
 *
 * Meta data of a key: `help` what it says; `unit` of numbers; `example` the value in the annotated example (the
 * default where there is none), below lists one per element; `sample` a value shown there commented out, for keys most
 * sites leave alone; `absent` what counts when the key is not there and there is no plain default.
 */
import { z } from 'zod';
import { path } from './fields.ts';
import { Camera, Retention, Site, Source } from './schema-footage.ts';
import { Clock, Drill, Holds, Http, Logging, Metrics } from './schema-service.ts';

const MAX_CAMERAS = 256;
const MAX_SOURCES = 64;

export const ConfigFile = z.strictObject({
  site: Site,
  retention: Retention,
  cameras: z
    .array(Camera)
    .min(1)
    .max(MAX_CAMERAS)
    .meta({ help: 'The cameras. A camera is retired, never dropped.' }),
  sources: z
    .array(Source)
    .min(1)
    .max(MAX_SOURCES)
    .meta({ help: 'The directories recorders write to. A source is retired, never dropped.' }),
  stateDir: path.default('/var/lib/fortnight').meta({
    help: 'Absolute path of the directory for index, hold journal, keys and control socket; on another disk than the footage.',
  }),
  http: Http,
  metrics: Metrics,
  clock: Clock,
  holds: Holds,
  drill: Drill,
  log: Logging,
});

export type ConfigFile = z.infer<typeof ConfigFile>;
export type SiteFile = z.infer<typeof Site>;
export type RetentionFile = z.infer<typeof Retention>;
export type CameraFile = z.infer<typeof Camera>;
export type SourceFile = z.infer<typeof Source>;
