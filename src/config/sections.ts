/**
 * The parts of a file that are valid on their own, so that checks across keys speak although another part is wrong:
 * an operator hears of all problems at once.
 */
import type { z } from 'zod';
import { Camera, Retention, Site, Source } from './schema-footage.ts';
import { Holds, Http, Metrics } from './schema-service.ts';
import { ConfigFile } from './schema.ts';

export interface Element<T> {
  /** Position in the file's list. */
  readonly index: number;
  readonly value: T;
}

export interface Sections {
  readonly site: z.infer<typeof Site> | undefined;
  readonly retention: z.infer<typeof Retention> | undefined;
  readonly cameras: readonly Element<z.infer<typeof Camera>>[];
  /**
   * The ids of all cameras as they are written, valid or not; undefined when the list or an id of it cannot be read,
   * and nobody can say which camera is not there.
   */
  readonly writtenCameraIds: ReadonlySet<string> | undefined;
  readonly sources: readonly Element<z.infer<typeof Source>>[];
  readonly stateDir: string | undefined;
  readonly http: z.infer<typeof Http> | undefined;
  readonly metrics: z.infer<typeof Metrics> | undefined;
  readonly holds: z.infer<typeof Holds> | undefined;
}

export function validSections(raw: Readonly<Record<string, unknown>>): Sections {
  return {
    site: valid(Site, raw['site']),
    retention: valid(Retention, raw['retention']),
    cameras: validElements(Camera, raw['cameras']),
    writtenCameraIds: writtenIds(raw['cameras']),
    sources: validElements(Source, raw['sources']),
    stateDir: valid(ConfigFile.shape.stateDir, raw['stateDir']),
    http: valid(Http, raw['http']),
    metrics: valid(Metrics, raw['metrics']),
    holds: valid(Holds, raw['holds']),
  };
}

function valid<T>(schema: z.ZodType<T>, value: unknown): T | undefined {
  return schema.safeParse(value).data;
}

function validElements<T>(schema: z.ZodType<T>, value: unknown): Element<T>[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((element, index) => {
    const parsed = valid(schema, element);
    return parsed === undefined ? [] : [{ index, value: parsed }];
  });
}

function writtenIds(list: unknown): ReadonlySet<string> | undefined {
  if (!Array.isArray(list)) return undefined;
  const ids = list.map((element: unknown) =>
    typeof element === 'object' && element !== null && 'id' in element ? element.id : undefined,
  );
  return ids.every((id) => typeof id === 'string' && id !== '') ? new Set(ids as string[]) : undefined;
}
