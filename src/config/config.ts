/**
 * The configuration as the rooms see it: validated, defaults filled in, durations in milliseconds.
 * `schema.ts` says what may be written in the file; `load.ts` turns the one into the other.
 */
export type Language = 'nl' | 'en' | 'fr';
export const LANGUAGES: readonly Language[] = ['nl', 'en', 'fr'];
export type Texts = Readonly<Record<Language, string>>;

/** Camera of the clips the deletion drill plants; no configured camera may have this id, so that no hold can name it. */
export const DRILL_CAMERA = 'drill';

/** Id of the vault's root: what is kept apart from the recorders. No source may have it. */
export const VAULT = 'vault';

/** Name of the control socket in the state directory. */
export const CONTROL_SOCKET = 'control.sock';

export interface Config {
  readonly site: SiteConfig;
  readonly retention: RetentionConfig;
  readonly cameras: readonly CameraConfig[];
  readonly sources: readonly SourceConfig[];
  /** Absolute path of the state directory: index, journal, keys, control socket. Owned by the service, mode 0700. */
  readonly stateDir: string;
  readonly http: HttpConfig;
  readonly metrics: MetricsConfig;
  readonly clock: { readonly trust: 'synchronised' | 'rtc' };
  readonly holds: HoldsConfig;
  readonly drill: { readonly everyMs: number };
  readonly log: { readonly level: 'debug' | 'info' | 'warn' | 'error' };
}

export interface SiteConfig {
  readonly name: string;
  readonly city: string;
  /** Who decides about the footage (GDPR article 4(7)). */
  readonly controller: string;
  readonly contact: string;
  /** IANA zone in which people read times. */
  readonly timeZone: string;
  /** ISO 3166-1 alpha-2; decides the ceiling of the retention. */
  readonly country: string;
  readonly language: Language;
}

export interface RetentionConfig {
  readonly retentionMs: number;
  readonly days: number;
  /** Owed when footage is kept longer than 72 h (EDPB Guidelines 3/2019). */
  readonly justification: string | undefined;
}

export interface CameraConfig {
  /** Stable id; never reused for another camera. */
  readonly id: string;
  readonly name: Texts;
  readonly purpose: Texts;
  /** The site's controller unless the camera belongs to another. */
  readonly controller: string;
  /** No longer recorded; still swept, holdable and shown until empty. */
  readonly retired: boolean;
}

export interface SourceConfig {
  /** Stable id; also the id of its root. */
  readonly id: string;
  /** Absolute path of the directory the recorder writes to; no link. */
  readonly root: string;
  /** Name of a layout, or `custom` with `pattern`. */
  readonly layout: string;
  readonly pattern: string | undefined;
  /** Recorder's camera name in the path -> camera id. */
  readonly cameras: Readonly<Record<string, string>>;
  /** IANA zone of the recorder's local names. */
  readonly timeZone: string;
  readonly retired: boolean;
  /** How this source's clips are at most long; the layout's own figure unless given. */
  readonly maxClipMs: number | undefined;
  /** Whether the file system tells of changes (inotify); `no` lists directories every 30 s instead. */
  readonly events: 'auto' | 'yes' | 'no';
  /** Files nobody owns are deleted when they are older than this by every evidence; undefined: never. */
  readonly unownedDeleteAfterMs?: number | undefined;
}

export interface HttpConfig {
  readonly address: string;
  readonly port: number;
  /** Names under which the service is reached; requests for another Host are refused. */
  readonly hosts: readonly string[];
  /** PEM files; when undefined a self-signed certificate is made in the state directory. */
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined;
  /** Peers whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
}

export interface MetricsConfig {
  readonly enabled: boolean;
  readonly address: string;
  readonly port: number;
  /** Bearer token a scraper must show; owed when the address is not loopback. Read from a file. */
  readonly tokenFile: string | undefined;
}

export interface HoldsConfig {
  /** Time between a release and the destruction of footage past its time; 0 to 72 h. */
  readonly coolingOffMs: number;
  /** A request takes effect without a second person after this; undefined: never. */
  readonly aloneAfterMs: number | undefined;
  /** Absolute path of the vault, where copies of held clips lie; no link. Undefined: they lie below their roots. */
  readonly vault?: string | undefined;
}
