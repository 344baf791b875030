/** From the file as written to the configuration as the rooms see it: defaults that depend on other keys, units. */
import { hostname } from 'node:os';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../base/clock.ts';
import { LANGUAGES } from './config.ts';
import type {
  CameraConfig,
  Config,
  HttpConfig,
  Language,
  SiteConfig,
  SourceConfig,
  Texts,
} from './config.ts';
import type { TextsFile } from './fields.ts';
import type { CameraFile, ConfigFile, SourceFile } from './schema.ts';

/** Under these names the machine always finds itself. */
const OWN_HOSTS = ['localhost', '127.0.0.1', '[::1]'];

export function toConfig(file: ConfigFile): Config {
  const { days, justification } = file.retention;
  return {
    site: file.site,
    retention: { retentionMs: Math.round(days * DAY_MS), days, justification },
    cameras: file.cameras.map((camera) => toCamera(camera, file.site)),
    sources: file.sources.map((source) => toSource(source, file.site.timeZone)),
    stateDir: file.stateDir,
    http: { ...file.http, tls: file.http.tls, hosts: hostsOf(file.http) },
    metrics: { ...file.metrics, tokenFile: file.metrics.tokenFile },
    clock: file.clock,
    holds: {
      coolingOffMs: Math.round(file.holds.coolingOffHours * HOUR_MS),
      aloneAfterMs: file.holds.release === 'one_person_24h' ? DAY_MS : undefined,
      vault: file.holds.vault,
    },
    drill: { everyMs: Math.round(file.drill.everyDays * DAY_MS) },
    log: file.log,
  };
}

/** A source as its layout gets it; `siteZone` counts where it names no zone of its own. */
export function toSource(file: SourceFile, siteZone: string): SourceConfig {
  const { id, root, layout, retired, events } = file;
  // No prototype: a recorder may name its camera `constructor`.
  const cameras = Object.assign(Object.create(null) as Record<string, string>, file.cameras);
  return {
    id,
    root,
    layout,
    retired,
    events,
    cameras,
    pattern: file.pattern,
    timeZone: file.timeZone ?? siteZone,
    maxClipMs: file.maxClipMinutes === undefined ? undefined : Math.round(file.maxClipMinutes * MINUTE_MS),
    unownedDeleteAfterMs:
      file.unowned === undefined ? undefined : Math.round(file.unowned.deleteAfterDays * DAY_MS),
  };
}

function toCamera(file: CameraFile, site: SiteConfig): CameraConfig {
  const { id, retired } = file;
  const name = toTexts(file.name, site.language);
  const purpose = toTexts(file.purpose, site.language);
  return { id, name, purpose, controller: file.controller ?? site.controller, retired };
}

/** A language that is not there gets the text of the site's language, else of the first that is. */
function toTexts(file: TextsFile, siteLanguage: Language): Texts {
  if (typeof file === 'string') return { nl: file, en: file, fr: file };
  const other = [siteLanguage, ...LANGUAGES].map((l) => file[l]).find((text) => text !== undefined) ?? '';
  return { nl: file.nl ?? other, en: file.en ?? other, fr: file.fr ?? other };
}

function hostsOf(file: ConfigFile['http']): HttpConfig['hosts'] {
  const named = file.hosts ?? [hostname().toLowerCase()];
  const wildcard = file.address === '0.0.0.0' || file.address === '::';
  const bound = wildcard ? [] : [file.address.includes(':') ? `[${file.address}]` : file.address];
  return [...new Set([...OWN_HOSTS, ...bound, ...named])];
}
