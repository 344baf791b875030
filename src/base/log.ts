/** The log the rooms write to; observe/log.ts implements it. Fields never hold a path, a secret or a picture. */
export interface Log {
  info(event: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(event: string, fields?: Readonly<Record<string, unknown>>): void;
  error(event: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** For tests and one-shot commands that print their own result. */
export const silentLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
